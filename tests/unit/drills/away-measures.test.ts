import { expect, test } from "vitest";
import { awayMeasures } from "../../drills/measures/away-measures.ts";

const request = (startedAt: number, answer: string, took = 10) => ({
  ...{ address: "http://192.0.2.1", startedAt, answer },
  endedAt: startedAt + took,
});
const away = { from: 1_000, to: 61_000 };

test("counts what failed of the pages seen before, over the whole time", () => {
  const seen = [
    request(0, "200"),
    request(500, "ECONNREFUSED"),
    request(2_000, "200"),
    request(70_000, "503"),
  ];
  expect(awayMeasures(seen, [], away)).toEqual({
    seconds: 60,
    seenRequests: 4,
    failedSeenRequests: 2,
    longestGapMs: 68_000,
    unseenRequests: 0,
    unseenWithoutHoldingPage: 0,
  });
});

test("counts pages never seen only while Ghost was away for sure", () => {
  const unseen = [
    request(990, "200"),
    request(1_000, "holding page"),
    request(30_000, "200"),
    request(31_000, "503"),
    request(60_995, "200"),
  ];
  expect(awayMeasures([request(0, "200")], unseen, away)).toMatchObject({
    unseenRequests: 3,
    unseenWithoutHoldingPage: 2,
  });
});
