import type { TestError } from "vitest";
import { parseCLI, startVitest } from "vitest/node";
import type { TestProject } from "./test-plan.ts";
import { addResults, noResults } from "./test-results.ts";
import type { TestResults } from "./test-results.ts";
import { resultsOf, testFile, unhandledFailures } from "./vitest-results.ts";

/** Runs vitest projects side by side with their progress on the screen. A project with no test files passes. */
export async function runVitestProjects(
  root: string,
  projects: readonly TestProject[],
  extra: readonly string[],
): Promise<TestResults> {
  const { filter, options } = parseCLI(["vitest", "run", ...extra]);
  process.exitCode = 0;
  const { state } = await startVitest(filter, {
    // An end-to-end test takes minutes, so each is shown as it ends.
    reporters: [projects.includes("e2e") ? "verbose" : "default"],
    ...options,
    ...{ root, project: [...projects], watch: false, passWithNoTests: true },
  });
  const modules = state.getTestModules();
  const results = projects
    .map((project) =>
      resultsOf(project, modules.filter((module) => module.project.name === project).map(testFile)),
    )
    .reduce(addResults, noResults);
  const unhandled = unhandledFailures(projects.join(" and "), state.getUnhandledErrors() as TestError[]);
  const all = addResults(results, { ...noResults, failures: unhandled });
  if (Number(process.exitCode) === 0 || all.failures.length > 0) return all;
  const message = "vitest failed and named no test: its error is above";
  return { ...all, failures: [{ path: [projects.join(" and ")], message }] };
}
