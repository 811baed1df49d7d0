import { describe, expect, test } from "vitest";
import { restoration } from "../../../../components/jobs/spec/restoration.ts";
import type { FoundJob, RegisteredJob } from "../../../../components/jobs/spec/restoration.ts";

const registered: RegisteredJob = {
  id: "web",
  namespace: "default",
  modifyIndex: "20",
  counts: new Map([["web", 2]]),
  marks: {},
};
const found: FoundJob = { JobModifyIndex: 20, Stop: false, TaskGroups: [{ Name: "web", Count: 2 }] };
const stopped = { ...found, JobModifyIndex: 31, Stop: true };

describe("a job is", () => {
  test("left alone when Nomad has it as it was registered, whatever was restored before", () => {
    const marks = { rerun_after_index: "7", registered_again_after_index: "9" };
    expect(restoration({ ...registered, marks }, found)).toEqual({ marks, rerun: "7" });
    expect(restoration(registered, found)).toEqual({ marks: {}, rerun: undefined });
  });

  test.each<[string, Partial<RegisteredJob>, FoundJob | undefined, string, string]>([
    ["stopped", {}, stopped, "31", "it was stopped"],
    ["stopped, and the state refreshed", { modifyIndex: "31" }, stopped, "31", "it was stopped"],
    ["stopped a second time", { marks: { rerun_after_index: "7" } }, stopped, "31", "it was stopped"],
    ["purged", {}, undefined, "20", "Nomad has no such job"],
  ])("run anew when it was %s", (_, state, job, index, change) => {
    expect(restoration({ ...registered, ...state }, job)).toEqual({
      marks: { rerun_after_index: index },
      rerun: index,
      change,
    });
  });

  test.each<[string, Partial<RegisteredJob>, Partial<FoundJob>, string]>([
    [
      "scaled",
      {},
      { JobModifyIndex: 31, TaskGroups: [{ Name: "web", Count: 5 }] },
      "group web was scaled from 2 to 5",
    ],
    [
      "scaled, and the state refreshed",
      { modifyIndex: "31" },
      { JobModifyIndex: 31, TaskGroups: [{ Name: "web", Count: 1 }] },
      "group web was scaled from 2 to 1",
    ],
    ["registered by others", {}, { JobModifyIndex: 31 }, "it was registered by somebody else"],
  ])("registered again in place when it was %s", (_, state, job, change) => {
    const marks = { rerun_after_index: "7" };
    expect(restoration({ ...registered, marks, ...state }, { ...found, ...job })).toEqual({
      marks: { rerun_after_index: "7", registered_again_after_index: "31" },
      rerun: "7",
      change,
    });
  });
});
