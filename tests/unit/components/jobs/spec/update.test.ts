import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { monitoringAgentJob } from "../../../../support/rendered-jobs.ts";
import { nodeExporterAgent } from "../../../../../components/index.ts";
import type { Update } from "../../../../../components/index.ts";
import { rolloutMinutes, updateChecks } from "../../../../../components/jobs/spec/update.ts";
import { issuesOf } from "../../../../../components/validation.ts";

const agent = nodeExporterAgent();
const minutes = (update: Update, nodes: number) =>
  rolloutMinutes(monitoringAgentJob({ agent, jobId: "exporter", datacenter: "sgp1", update }), nodes);

describe("the longest wait for an update", () => {
  test("is every step's deadline, and Nomad's own before it gives up", () => {
    expect(minutes({}, 3)).toBe(3 * 6 + 10);
    expect(minutes({ maxParallel: 5 }, 30)).toBe(6 * 6 + 10);
    expect(minutes({ maxParallel: 5, canary: 10 }, 30)).toBe(7 * 6 + 10);
    expect(minutes({ healthyDeadline: "30s", progressDeadline: "1m" }, 2)).toBe(2 * 1.5 + 1);
  });

  test("of a service job goes by the largest group", () => {
    const TaskGroups = [1, 4, 2].map((Count) => ({ Name: String(Count), Count, Tasks: [] }));
    expect(rolloutMinutes({ Type: "service", TaskGroups }, 30)).toBe(4 * 6 + 10);
  });

  test("never ends before Nomad has had every node's deadline, and is no longer with more at once", () => {
    const counts = fc.record({
      nodes: fc.integer({ min: 0, max: 500 }),
      maxParallel: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(counts, ({ nodes, maxParallel }) => {
        const longest = minutes({ maxParallel }, nodes);
        expect(longest).toBeGreaterThanOrEqual(Math.ceil(nodes / maxParallel) * 5 + 10);
        expect(minutes({ maxParallel: maxParallel + 1 }, nodes)).toBeLessThanOrEqual(longest);
      }),
    );
  });
});

describe("an update", () => {
  const words = (update: Update, type = "system") =>
    issuesOf(updateChecks("update", type, update)).map((issue) => `${issue.propertyPath}: ${issue.reason}`);

  test("is judged as a whole, with the value that is wrong and what it has to be", () => {
    expect(words({ maxParallel: 0, canary: 101, minHealthyTime: "soon" })).toEqual([
      "update.maxParallel: 0 is not a whole number from 1",
      "update.canary: 101 is not a whole number of per cent from 0 to 100",
      expect.stringMatching(/^update\.minHealthyTime: "soon" is not a duration/),
    ]);
  });

  test("names the deadline that was given where the other is Nomad's", () => {
    expect(words({ healthyDeadline: "20m" })).toEqual([
      "update.healthyDeadline: 20m is not shorter than progressDeadline, which is 10m",
    ]);
    expect(words({ progressDeadline: "5m" })).toEqual([
      "update.progressDeadline: 5m is not longer than healthyDeadline, which is 5m",
    ]);
  });

  test("may fail at the first failure, and does not then wait for progress", () => {
    expect(words({ progressDeadline: "0s" })).toEqual([]);
  });

  test("of a service job counts canaries", () => {
    expect(words({ canary: 101 }, "service")).toEqual([]);
  });
});
