import { describe, expect, test } from "vitest";
import { taskMemoryProblems } from "../../../policies/rules/task-memory.ts";
import { jobWith } from "./job-with.ts";

describe("task-memory", () => {
  test.each([
    ["no resources", {}],
    ["resources with no memory", { Resources: { CPU: 100 } }],
    ["a memory of 0", { Resources: { MemoryMB: 0 } }],
  ])("refuses %s", (_, task) => {
    expect(taskMemoryProblems(jobWith({ Resources: undefined, ...task }))).toEqual([
      expect.stringMatching(/^task web\/server: has no memory/),
    ]);
  });

  test("takes a task with memory, whatever its driver", () => {
    expect(taskMemoryProblems(jobWith({}))).toEqual([]);
    expect(taskMemoryProblems(jobWith({ Driver: "exec" }))).toEqual([]);
  });
});
