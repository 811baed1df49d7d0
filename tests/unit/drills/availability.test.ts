import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { failures, longestGap } from "../../drills/measures/availability.ts";
import type { NodeMove, ProbedRequest } from "../../drills/measures/availability.ts";

const one = "http://192.0.2.1";
const two = "http://192.0.2.2";

/** A request that took 10 ms. */
const request = (address: string, startedAt: number, answer: string): ProbedRequest => ({
  address,
  startedAt,
  endedAt: startedAt + 10,
  answer,
});
const move = (slot: string, address: string, from: number, more: Partial<NodeMove> = {}): NodeMove => ({
  slot,
  address,
  from,
  succeededAt: from + 500,
  isLast: false,
  hadGhost: false,
  ...more,
});
const causes = (requests: readonly ProbedRequest[], moves: readonly NodeMove[]) =>
  failures(requests, moves).map(({ startedAt, cause }) => [startedAt, cause]);

describe("a request that fails", () => {
  test("is put down to its node's move, from the drain to the successor's first answer", () => {
    const requests = [
      request(one, 800, "ECONNREFUSED"),
      request(one, 995, "ECONNREFUSED"),
      request(one, 1_400, "timeout"),
      request(one, 1_600, "200"),
      request(one, 1_700, "ECONNREFUSED"),
    ];
    expect(causes(requests, [move("server-1", one, 1_000)])).toEqual([
      [800, "neither"],
      [995, "moving node"],
      [1_400, "moving node"],
      [1_700, "neither"],
    ]);
  });

  test("is not put down to it at another address", () => {
    expect(causes([request(two, 1_100, "ECONNREFUSED")], [move("server-1", one, 1_000)])).toEqual([
      [1_100, "neither"],
    ]);
  });

  test("is put down to it to the end at the address of a slot that is taken away", () => {
    const moves = [move("server-4", one, 1_000, { isLast: true }), move("server-5", two, 2_000)];
    const requests = [request(one, 900, "timeout"), request(one, 9_000, "ECONNREFUSED")];
    expect(causes(requests, moves)).toEqual([
      [900, "neither"],
      [9_000, "moving node"],
    ]);
  });

  test("is not put down to it any more once the next node is drained", () => {
    const moves = [move("server-1", one, 1_000), move("server-2", two, 2_000)];
    const requests = [
      request(one, 1_900, "timeout"),
      request(one, 2_100, "timeout"),
      request(two, 2_100, "timeout"),
    ];
    expect(causes(requests, moves)).toEqual([
      [1_900, "moving node"],
      [2_100, "neither"],
      [2_100, "moving node"],
    ]);
  });

  test("is put down to ghost while each address gives its holding page, once ghost's node is drained", () => {
    const moves = [move("server-1", one, 1_000, { hadGhost: true })];
    const requests = [
      request(two, 900, "holding page"),
      request(two, 1_100, "200"),
      request(two, 1_200, "holding page"),
      request(two, 1_250, "502"),
      request(two, 1_260, "timeout"),
      request(one, 1_600, "holding page"),
      request(one, 1_700, "holding page"),
      request(two, 1_700, "200"),
      request(two, 1_800, "holding page"),
      request(one, 1_900, "200"),
    ];
    expect(causes(requests, moves)).toEqual([
      [900, "neither"],
      [1_200, "ghost moving"],
      [1_250, "neither"],
      [1_260, "ghost moving"],
      [1_600, "moving node"],
      [1_700, "ghost moving"],
      [1_800, "neither"],
    ]);
  });

  test("is never put down to ghost if ghost's node did not move", () => {
    expect(causes([request(two, 1_200, "holding page")], [move("server-1", one, 1_000)])).toEqual([
      [1_200, "neither"],
    ]);
  });

  test("is counted once, whatever moves", () => {
    const times = fc.integer({ min: 0, max: 10_000 });
    const requests = fc.array(
      fc
        .tuple(fc.constantFrom(one, two), times, fc.constantFrom("200", "holding page", "timeout"))
        .map((values) => request(...values)),
    );
    const moves = fc.array(
      fc.tuple(fc.constantFrom(one, two), times).map(([address, from]) => move(address, address, from)),
    );
    fc.assert(
      fc.property(requests, moves, (asked, moved) => {
        const failed = failures(asked, moved);
        expect(failed.map(({ startedAt }) => startedAt)).toEqual(
          asked.filter(({ answer }) => answer !== "200").map(({ startedAt }) => startedAt),
        );
      }),
    );
  });
});

describe("the longest gap", () => {
  test.each([
    { name: "is the whole time if nothing answered", answered: [], gap: 1_000 },
    { name: "counts from the start", answered: [700, 900], gap: 710 },
    { name: "counts to the end", answered: [100, 200], gap: 790 },
    { name: "is between two answers, whatever came between them", answered: [100, 600, 900], gap: 500 },
  ])("$name", ({ answered, gap }) => {
    const requests = [
      ...answered.map((time, index) => request(index % 2 ? one : two, time, "200")),
      request(one, 400, "holding page"),
    ];
    expect(longestGap(requests, 0, 1_000)).toBe(gap);
  });
});
