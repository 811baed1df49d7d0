import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { RolloutError } from "../../../../components/rollout/context.ts";
import type { Slot } from "../../../../components/nodes/names.ts";
import { FakeNomad } from "../../../support/nomad/fake-nomad.ts";
import { hurried, slots, start, update } from "../../../support/nomad/rollout-run.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a rollout", () => {
  test("of a new cluster opens every gate at once and asks Nomad nothing", async () => {
    const run = start(new FakeNomad(), "a");
    await Promise.all(slots.map((slot) => run.rollout.gate(slot)));
    for (const slot of slots) {
      const name = run.nomad.addDuplicate(slot, "a");
      await run.rollout.joined(slot, name);
    }
    await run.rollout.finished();
    expect(run.nomad.calls).toBe(0);
  });

  test("of a running cluster opens a gate when the slot before has joined", async () => {
    const run = start(FakeNomad.of(slots, "a", "server-3"), "b");
    const opened: string[] = [];
    for (const slot of slots) void run.rollout.gate(slot).then(() => opened.push(slot));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(opened).toEqual(["server-1"]);
    expect(run.nomad.drained).toEqual(["server-1"]);
    await hurried(run.nomad.replace("server-1", "b"));
    await hurried(run.rollout.joined("server-1", run.nomad.nameOf("server-1")));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(opened).toEqual(["server-1", "server-2"]);
  });

  test("goes on when the server that joined serves requests by itself", async () => {
    const run = start(FakeNomad.of(slots, "a", "server-3"), "b");
    const opened: string[] = [];
    for (const slot of slots) void run.rollout.gate(slot).then(() => opened.push(slot));
    await vi.advanceTimersByTimeAsync(60_000);
    await hurried(run.nomad.replace("server-1", "b"));
    run.nomad.serves = false;
    const joined = run.rollout.joined("server-1", run.nomad.nameOf("server-1"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(opened).toEqual(["server-1"]);
    expect(run.logged.at(-1)).toMatch(
      /^server-1: waiting for its agent .*: .* answered 500: No cluster leader$/,
    );
    run.nomad.serves = true;
    await hurried(joined);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(opened).toEqual(["server-1", "server-2"]);
  });

  test("gives a load balancer the time to take the node that joined, before it drains the next", async () => {
    const run = start(FakeNomad.of(slots, "a", "server-3"), "b", { balancerNotice: "1h" });
    for (const slot of slots) void run.rollout.gate(slot);
    await vi.advanceTimersByTimeAsync(60_000);
    await hurried(run.nomad.replace("server-1", "b"));
    void run.rollout.joined("server-1", run.nomad.nameOf("server-1"));
    await vi.advanceTimersByTimeAsync(59 * 60_000);
    expect(run.nomad.drained).toEqual(["server-1"]);
    expect(run.logged.at(-1)).toMatch(/^server-1: waiting for the load balancer, \d+ s: .* within 1h$/);
    await vi.advanceTimersByTimeAsync(2 * 60_000);
    expect(run.nomad.drained).toEqual(["server-1", "server-2"]);
  });

  test("saves the state once, before the first drain", async () => {
    const run = start(FakeNomad.of(slots, "a", "server-1"), "b");
    await hurried(update(run, "b"));
    expect(run.snapshots).toEqual([""]);
    expect(run.nomad.drained).toEqual(["server-2", "server-3", "server-1"]);
  });

  test("shares a new gossip key before the first droplet goes, and leaves only it", async () => {
    const nomad = FakeNomad.of(slots, "a", "server-1");
    nomad.gossipKey = "new key";
    await hurried(update(start(nomad, "b"), "b"));
    expect(await nomad.gossipKeys()).toEqual({ Keys: { "new key": 3 }, NumNodes: 3 });
  });

  test("removes the old gossip key that an update which was cut off left", async () => {
    const nomad = FakeNomad.of(slots, "a", "server-1");
    await nomad.installGossipKey("new key");
    nomad.gossipKey = "new key";
    await hurried(update(start(nomad, "a"), "a"));
    expect(await nomad.gossipKeys()).toEqual({ Keys: { "new key": 3 }, NumNodes: 3 });
  });

  test("touches nothing if a droplet is to be made and the account lacks something for it", async () => {
    const lacking = (spec: string, has = slots) =>
      start(FakeNomad.of(has, "a", "server-2"), spec, { missing: "no such image" });
    for (const run of [lacking("b"), lacking("a", ["server-2", "server-3"])]) {
      await expect(hurried(update(run, run.nomad.specOf("server-2")!))).rejects.toThrow("no such image");
      expect(run.nomad.drained).toEqual([]);
    }
    const kept = lacking("a");
    await hurried(kept.rollout.gate("server-1"));
    await expect(hurried(kept.rollout.beforeDelete("server-1"))).rejects.toThrow("no such image");
    await expect(hurried(kept.rollout.beforeCreate("server-1"))).rejects.toThrow("no such image");
    expect(kept.nomad.drained).toEqual([]);
    await hurried(update(lacking("a"), "a"));
  });

  test("drains nothing if the state cannot be saved, and fails every slot with one error", async () => {
    const run = start(FakeNomad.of(slots, "a", "server-1"), "b", {
      saveSnapshot: () => Promise.reject(new Error("disk full")),
    });
    const results = await hurried(Promise.allSettled(slots.map((slot) => run.rollout.gate(slot))));
    const reasons = new Set(
      results.map((result) => (result.status === "rejected" ? (result.reason as unknown) : "")),
    );
    expect(reasons.size).toBe(1);
    const [reason] = reasons;
    expect(reason).toBeInstanceOf(RolloutError);
    expect((reason as Error).message).toBe(
      "the rollout stopped at server-2: saving Nomad's state timed out after 60 s: disk full",
    );
    expect(run.nomad.drained).toEqual([]);
  });

  test("stops when a node does not join in time, and touches no other", async () => {
    const run = start(FakeNomad.of(slots, "a", "server-1"), "b");
    await hurried(run.rollout.gate("server-2"));
    run.nomad.remove("server-2");
    run.nomad.addUnregistered("server-2", "99");
    await expect(hurried(run.rollout.joined("server-2", "blog-server-2-99"))).rejects.toThrow(
      /stopped at blog-server-2-99: waiting for blog-server-2-99 timed out after 600 s: it has not registered.*pulumi refresh/,
    );
    await expect(hurried(run.rollout.gate("server-3"))).rejects.toThrow("stopped at blog-server-2-99");
    expect(run.nomad.drained).toEqual(["server-2"]);
  });

  const other = (slot: Slot) => slots.filter((candidate) => candidate !== slot);
  const moves = slots.flatMap((from) =>
    other(from).flatMap((to) => slots.map((leader) => ({ from, to, leader }))),
  );
  test.each(moves)("moves a volume and its job from $from to $to while $leader leads", async (move) => {
    const { from, to, leader } = move;
    const nomad = FakeNomad.of(slots, "a", leader, from);
    nomad.volumeSlot = to;
    const run = start(nomad, "b");
    await hurried(update(run, "b"));
    expect(nomad.drained.indexOf(from)).toBeLessThan(nomad.drained.indexOf(to));
    expect(await nomad.allocations()).toHaveLength(1);
    expect(nomad.mostAway).toBe(1);
  });

  test("waits for the job of a volume after the turn of the volume's new node", async () => {
    const nomad = FakeNomad.of(slots, "a", "server-3", "server-1");
    nomad.volumeSlot = "server-2";
    const run = start(nomad, "b");
    const opened: Slot[] = [];
    for (const slot of slots) void run.rollout.gate(slot).then(() => opened.push(slot));
    await vi.advanceTimersByTimeAsync(60_000);
    await hurried(nomad.replace("server-1", "b"));
    await hurried(run.rollout.joined("server-1", nomad.nameOf("server-1")));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(opened).toEqual(["server-1", "server-2"]);
    await hurried(nomad.replace("server-2", "b"));
    // The job cannot be placed there yet.
    await nomad.drain(nomad.idOf("server-2"), 0, {});
    const joined = run.rollout.joined("server-2", nomad.nameOf("server-2"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(opened).toEqual(["server-1", "server-2"]);
    expect(run.logged.at(-1)).toMatch(/^server-2: waiting for the jobs.*ghost \(0 of 1 run\)/);
    await nomad.endDrain(nomad.idOf("server-2"));
    await hurried(joined);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(opened).toEqual(["server-1", "server-2", "server-3"]);
  });

  test("asks the account for no list when nothing changes", async () => {
    const run = start(FakeNomad.of(slots, "a", "server-1"), "a");
    await hurried(update(run, "a"));
    expect(run.lists).toBe(0);
  });

  test("of anything never has two servers away at once, and ends with what is declared", async () => {
    const clusters = fc.record({
      specs: fc.tuple(...slots.map(() => fc.constantFrom("a", "b"))),
      leader: fc.constantFrom(...slots),
      missing: fc.option(fc.constantFrom(...slots), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(clusters, async ({ specs, leader, missing }) => {
        const nomad = FakeNomad.of(slots, "a", leader);
        specs.forEach((spec, index) => nomad.setSpec(slots[index]!, spec));
        if (missing !== undefined) nomad.remove(missing);
        await hurried(update(start(nomad, "b"), "b"));
        expect(nomad.mostAway).toBeLessThanOrEqual(1);
        expect(nomad.leadersKilled).toBe(missing === leader ? 1 : 0);
        expect(slots.map((slot) => nomad.specOf(slot))).toEqual(["b", "b", "b"]);
        expect(nomad.peerNames().sort()).toEqual(slots.map((slot) => nomad.nameOf(slot)).sort());
        expect(nomad.allEligible()).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});
