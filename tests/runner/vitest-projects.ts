import type { TestError } from "vitest";
import { parseCLI, startVitest } from "vitest/node";
import type { EndToEndProject } from "../support/end-to-end.ts";
import { addResults, noResults } from "./test-results.ts";
import type { TestResults } from "./test-results.ts";
import { resultsOf, testFile, unhandledFailures } from "./vitest-results.ts";

/** A project of vitest.config.ts. */
type VitestProject = "unit" | "contract" | "cluster" | EndToEndProject;

/** Runs vitest projects side by side with their progress on the screen. A project with no test files passes. */
export async function runVitestProjects(
  root: string,
  projects: readonly VitestProject[],
  extra: readonly string[],
): Promise<TestResults> {
  process.exitCode = 0;
  // An end-to-end test takes minutes, so each is shown as it ends. Side by side, nothing may be written over.
  const reporter = projects.some((project) => project !== "unit") ? "verbose" : "default";
  const results = await Promise.all(projects.map((project) => runProject(root, project, reporter, extra)));
  const all = results.reduce(addResults, noResults);
  if (Number(process.exitCode) === 0 || all.failures.length > 0) return all;
  const message = "vitest failed and named no test: its error is above";
  return { ...all, failures: [{ path: [projects.join(" and ")], message }] };
}

async function runProject(
  root: string,
  project: VitestProject,
  reporter: string,
  extra: readonly string[],
): Promise<TestResults> {
  const { filter, options } = parseCLI(["vitest", "run", ...extra]);
  const { state } = await startVitest(filter, {
    reporters: [reporter],
    ...options,
    ...{ root, project: [project], watch: false, passWithNoTests: true },
  });
  const unhandled = unhandledFailures(project, state.getUnhandledErrors() as TestError[]);
  return addResults(resultsOf(project, state.getTestModules().map(testFile)), {
    ...noResults,
    failures: unhandled,
  });
}
