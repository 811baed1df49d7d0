import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DesiredUpdates, JobPlan, PlacementMetric } from "../../../../components/clients/nomad/types.ts";
import { effectOf, readersOfChangedVariables } from "../../../../cli/report/jobs/changes.ts";
import { failureReason, jobPicture } from "../../../../cli/report/jobs/picture.ts";
import { jobText, maxParallel, withoutRolling } from "../../../../cli/report/jobs/texts.ts";
import { resourceChanges } from "../../../../cli/report/resource-changes.ts";
import { recordedEvents } from "./events.ts";

const none = {
  ...{ Ignore: 0, Place: 0, Migrate: 0, Stop: 0, InPlaceUpdate: 0 },
  DestructiveUpdate: 0,
  Canary: 0,
};
const metric: PlacementMetric = { NodesEvaluated: 1, NodesAvailable: null, CoalescedFailures: 0 };
const plan = (desired: Partial<DesiredUpdates>, failures?: number): JobPlan => ({
  Annotations: { DesiredTGUpdates: { web: { ...none, ...desired } } },
  FailedTGAllocs: failures ? { web: { ...metric, CoalescedFailures: failures - 1 } } : null,
  ...{ Diff: null, Warnings: "" },
});
const service = (step: JobPlan, whole: JobPlan) =>
  jobPicture({ step, whole, isSystem: false, maxParallel: () => 1 })[0]!;

describe("a picture", () => {
  test("of a rolling update has all that is replaced, not its first step", () => {
    const picture = service(plan({ DestructiveUpdate: 1, Ignore: 2 }), plan({ DestructiveUpdate: 3 }));
    expect(picture).toMatchObject({ create: 3, destroy: 3, keep: 0, notPlaceable: null });
  });

  test("of a system job on three nodes, one of which joins, has one that is new", () => {
    const step = plan({ Place: 3, InPlaceUpdate: 2 });
    const registered = plan({ Place: 2, InPlaceUpdate: 2 });
    const [picture] = jobPicture({ step, registered, isSystem: true, maxParallel: () => 1 });
    expect(picture).toMatchObject({ create: 1, updateInPlace: 2, destroy: 0 });
  });

  test("of a system job, from a Nomad that counts only new places", () => {
    const step = plan({ Place: 1, InPlaceUpdate: 2 });
    const [picture] = jobPicture({
      ...{ step, registered: plan({ InPlaceUpdate: 2 }), isSystem: true, maxParallel: () => 1 },
    });
    expect(picture).toMatchObject({ create: 1, updateInPlace: 2 });
  });

  const few = fc.nat(6);
  test("of a service job loses none: what ran is replaced, stopped, updated or kept", () => {
    fc.assert(
      fc.property(few, few, few, few, few, fc.nat(12), (keep, replace, stop, inPlace, place, failures) => {
        const failed = Math.min(failures, replace + place);
        const all = plan(
          { Ignore: keep, DestructiveUpdate: replace, Stop: stop, InPlaceUpdate: inPlace, Place: place },
          failed,
        );
        const picture = service(all, all);
        expect(picture.destroy + picture.updateInPlace + picture.keep).toBe(keep + replace + stop + inPlace);
        expect((picture.create ?? 0) + (picture.notPlaceable?.count ?? 0)).toBe(replace + place);
        expect(picture.keep).toBeGreaterThanOrEqual(keep);
      }),
    );
  });
});

test.each<[string, Partial<PlacementMetric>]>([
  ["memory exhausted on 3 nodes", { DimensionExhausted: { memory: 3 } }],
  [
    "missing compatible host volumes leaves out 1 node",
    { ConstraintFiltered: { "missing compatible host volumes": 1 } },
  ],
  ["no node is in the job's datacenters and node pool", { NodesEvaluated: 0 }],
  ["quota team exhausted", { QuotaExhausted: ["team"] }],
])("a placement fails because %s", (words, fields) => {
  expect(failureReason({ ...metric, ...fields })).toBe(words);
});

test("an update strategy is widened where one is, and stays off where it is off", () => {
  const job = { ID: "web", TaskGroups: [{ Name: "a", Update: { MaxParallel: 2 } }, { Name: "b" }] };
  expect([maxParallel(job, "a"), maxParallel(job, "b")]).toEqual([2, 1]);
  const wide = withoutRolling(job);
  expect(maxParallel(wide, "a")).toBeGreaterThan(1000);
  expect(wide.TaskGroups[1]).toEqual({ Name: "b" });
  expect(withoutRolling({ ID: "web", Update: { MaxParallel: 0 } }).Update).toEqual({ MaxParallel: 0 });
});

test("a job's text is read with and without its root, and what is no text says why", () => {
  const read = (jobspec: unknown, json = true) => jobText({ jobspec, json });
  expect(read('{"Job":{"ID":"web"}}')).toEqual({ ID: "web" });
  expect(read('{"ID":"web"}')).toEqual({ ID: "web" });
  expect(read("job web {}", false)).toEqual({ reason: expect.stringContaining("not JSON") as string });
  expect(read({ ciphertext: "[secret]" })).toEqual({ reason: expect.stringContaining("secret") as string });
  expect(read("04da6b54-80e4-46f7-96ec-b56ff0331ba9")).toEqual({
    reason: "its text is known only after the update",
  });
});

test("a changed Variable restarts the tasks whose templates read it", () => {
  expect(readersOfChangedVariables(resourceChanges(recordedEvents("mackerel-key")))).toMatchObject([
    { job: "mackerel", effect: "restarted", notes: [expect.stringContaining("nomad/jobs/mackerel")] },
  ]);
  expect(readersOfChangedVariables(resourceChanges(recordedEvents("ghost-memory")))).toEqual([]);
});

test("an update whose allocations nobody knows is not called harmless", () => {
  expect(effectOf("update", null)).toBe("unknown");
});
