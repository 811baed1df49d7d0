import type { TestError } from "vitest";
import { parseCLI, startVitest } from "vitest/node";
import type { TestProject } from "./test-plan.ts";
import type { TestResults } from "./test-results.ts";
import { resultsOf, testFile } from "./vitest-results.ts";

/** Runs one vitest project with its progress on the screen. A project with no test files passes. */
export async function runVitestProject(
  root: string,
  project: TestProject,
  extra: readonly string[],
): Promise<TestResults> {
  const { filter, options } = parseCLI(["vitest", "run", ...extra]);
  process.exitCode = 0;
  const { state } = await startVitest(filter, {
    // An end-to-end test takes minutes, so each is shown as it ends.
    reporters: [project === "e2e" ? "verbose" : "default"],
    ...options,
    ...{ root, project: [project], watch: false, passWithNoTests: true },
  });
  const results = resultsOf(
    project,
    state.getTestModules().map(testFile),
    state.getUnhandledErrors() as TestError[],
  );
  if (Number(process.exitCode) === 0 || results.failures.length > 0) return results;
  const message = "vitest failed and named no test: its error is above";
  return { ...results, failures: [{ path: [project], message }] };
}
