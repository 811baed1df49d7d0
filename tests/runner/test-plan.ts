export const testProjects = ["unit", "contract", "cluster", "e2e"] as const;
export type TestProject = (typeof testProjects)[number];

export interface TestPlan {
  readonly lint: boolean;
  readonly projects: readonly TestProject[];
  /** The commit since which files must have changed for their tests to run; undefined: all tests run. */
  readonly changedSince?: string;
  /** Passed to vitest as they are: file filters, `-t NAME`. */
  readonly vitestArguments: readonly string[];
}

/**
 * Leading words `lint`, `unit`, `contract`, `cluster`, `e2e` choose what runs; none of them means all.
 * `--changed` or `--changed=COMMIT` leaves out what no file that differs from the commit (HEAD by default) can break. The
 * rest goes to vitest.
 */
export function planTestRun(args: readonly string[]): TestPlan {
  const parts: readonly string[] = ["lint", ...testProjects];
  const firstOther = args.findIndex((argument) => !parts.includes(argument));
  const chosen = firstOther === -1 ? args : args.slice(0, firstOther);
  const all = chosen.length === 0;
  const rest = args.slice(chosen.length);
  const isChanged = (argument: string) => /^--changed(=|$)/.test(argument);
  const changed = rest.find(isChanged);
  const since = changed && (changed.split("=")[1] ?? "HEAD");
  return {
    lint: all || chosen.includes("lint"),
    projects: testProjects.filter((project) => all || chosen.includes(project)),
    ...(since !== undefined && { changedSince: since }),
    vitestArguments: rest.filter((argument) => !isChanged(argument)),
  };
}
