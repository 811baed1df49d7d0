import { writeFileSync } from "node:fs";
import type { SerializedError, TestError } from "vitest";
import type { Reporter, TestCase, TestModule, TestSuite } from "vitest/node";
import type { Failure, TestResults } from "./test-results.ts";

/** Names the file that {@link ResultsReporter} writes. */
export const resultsFileVariable = "TEST_RESULTS_FILE";

/**
 * A vitest reporter that writes the run's {@link TestResults} as JSON. Vitest's own JSON report lacks errors outside of
 * tests, those of the hooks of a `describe` among them.
 */
export default class ResultsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]) {
    const file = process.env[resultsFileVariable];
    if (file === undefined) throw new Error(`${resultsFileVariable} is not set`);
    const results = resultsOf(
      modules.map((module) => ({
        relativeModuleId: module.relativeModuleId,
        errors: () => module.errors(),
        suites: [...module.children.allSuites()],
        tests: [...module.children.allTests()],
      })),
      unhandledErrors,
    );
    writeFileSync(file, JSON.stringify(results));
  }
}

/** A test file after its run. */
export interface ReportedModule extends Pick<TestModule, "relativeModuleId" | "errors"> {
  readonly suites: readonly Pick<TestSuite, "fullName" | "errors">[];
  readonly tests: readonly Pick<TestCase, "fullName" | "result">[];
}

/**
 * Counts what ran. A failure is a test that failed, and every error outside of tests: of a file that does not load, of a
 * hook, or unhandled.
 */
export function resultsOf(
  modules: readonly ReportedModule[],
  unhandledErrors: readonly SerializedError[],
): TestResults {
  const states = modules.flatMap(({ tests }) => tests.map((test) => test.result().state));
  return {
    passed: states.filter((state) => state === "passed").length,
    skipped: states.filter((state) => state !== "passed" && state !== "failed").length,
    failures: [
      ...modules.flatMap(moduleFailures),
      ...(unhandledErrors.length > 0 ? [failure(["error outside of every test"], unhandledErrors)] : []),
    ],
  };
}

function moduleFailures({ relativeModuleId, errors, suites, tests }: ReportedModule): Failure[] {
  const failed: { names: string[]; errors: readonly TestError[] }[] = [
    { names: [], errors: errors() },
    ...suites.map((suite) => ({ names: [suite.fullName], errors: suite.errors() })),
  ].filter(({ errors }) => errors.length > 0);
  for (const test of tests) {
    const result = test.result();
    if (result.state === "failed") failed.push({ names: [test.fullName], errors: result.errors });
  }
  return failed.map(({ names, errors }) => failure([relativeModuleId, ...names], errors));
}

function failure(path: readonly string[], errors: readonly TestError[]): Failure {
  return { path, message: errors.map(errorText).join("\n") };
}

/** The message, the first line of the stack that is this repository's, and the difference between values. */
function errorText({ name, message, stack, diff }: TestError): string {
  const place = stack
    ?.split("\n")
    .find((line) => /^ +at .*:\d+:\d+\)?$/.test(line) && !/node_modules|[( ]node:/.test(line));
  return [`${name ?? "Error"}: ${message}`, place, diff].filter((part) => part !== undefined).join("\n");
}
