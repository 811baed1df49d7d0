export const testProjects = ["unit", "contract", "cluster", "e2e"] as const;
export type TestProject = (typeof testProjects)[number];

export interface TestPlan {
  readonly lint: boolean;
  readonly projects: readonly TestProject[];
  /** Passed to vitest as they are: file filters, `-t NAME`. */
  readonly vitestArguments: readonly string[];
}

/** Leading words `lint`, `unit`, `contract`, `cluster`, `e2e` choose what runs; none of them means all. The rest goes to vitest. */
export function planTestRun(args: readonly string[]): TestPlan {
  const parts: readonly string[] = ["lint", ...testProjects];
  const firstOther = args.findIndex((argument) => !parts.includes(argument));
  const chosen = firstOther === -1 ? args : args.slice(0, firstOther);
  const all = chosen.length === 0;
  return {
    lint: all || chosen.includes("lint"),
    projects: testProjects.filter((project) => all || chosen.includes(project)),
    vitestArguments: args.slice(chosen.length),
  };
}
