import { expect, it } from "vitest";
import { planTestRun } from "../../runner/test-plan.ts";

it.each([
  [[], { lint: true, projects: ["unit", "contract", "cluster", "e2e"], vitestArguments: [] }],
  [["unit"], { lint: false, projects: ["unit"], vitestArguments: [] }],
  [["lint"], { lint: true, projects: [], vitestArguments: [] }],
  [["e2e", "unit"], { lint: false, projects: ["unit", "e2e"], vitestArguments: [] }],
  [["unit", "-t", "unit"], { lint: false, projects: ["unit"], vitestArguments: ["-t", "unit"] }],
  [
    ["--changed"],
    {
      ...{ lint: true, projects: ["unit", "contract", "cluster", "e2e"] },
      ...{ changedSince: "HEAD", vitestArguments: [] },
    },
  ],
  [
    ["unit", "--changed=main", "-t", "name"],
    { lint: false, projects: ["unit"], changedSince: "main", vitestArguments: ["-t", "name"] },
  ],
])("%j", (args, plan) => {
  expect(planTestRun(args)).toEqual(plan);
});
