import type { TestError } from "vitest";
import type { ModuleDiagnostic, TestCase, TestDiagnostic, TestModule, TestSuite } from "vitest/node";
import type { Failure, TestResults } from "./test-results.ts";
import type { Timing } from "./times.ts";

/** What is read of a test file after its run, as vitest reports it. */
export interface TestFile {
  readonly relativeModuleId: string;
  readonly errors: () => readonly TestError[];
  diagnostic(): Pick<ModuleDiagnostic, "prepareDuration" | "setupDuration" | "collectDuration" | "duration">;
  readonly suites: readonly Pick<TestSuite, "fullName" | "errors">[];
  readonly tests: readonly (Pick<TestCase, "fullName" | "result"> & {
    diagnostic(): Pick<TestDiagnostic, "duration"> | undefined;
  })[];
}

export function testFile(module: TestModule): TestFile {
  return {
    relativeModuleId: module.relativeModuleId,
    errors: () => module.errors(),
    diagnostic: () => module.diagnostic(),
    suites: [...module.children.allSuites()],
    tests: [...module.children.allTests()],
  };
}

/**
 * Counts what ran in a vitest project. A failure is a test that failed, and every error outside of tests: of a file that
 * does not load, or of a hook.
 */
export function resultsOf(project: string, files: readonly TestFile[]): TestResults {
  const states = files.flatMap(({ tests }) => tests.map((test) => test.result().state));
  const failures = files.flatMap(fileFailures);
  return {
    passed: states.filter((state) => state === "passed").length,
    skipped: states.filter((state) => state !== "passed" && state !== "failed").length,
    failures: failures.map(({ path, message }) => ({ path: [project, ...path], message })),
    times: files.map((file) => fileTime(project, file)),
  };
}

/** Errors outside of every file, such as a promise that was rejected after its test, as one failure. */
export function unhandledFailures(part: string, errors: readonly TestError[]): Failure[] {
  return errors.length > 0 ? [failure([part, "error outside of every test"], errors)] : [];
}

function fileFailures({ relativeModuleId, errors, suites, tests }: TestFile): Failure[] {
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

/** Vitest counts in milliseconds, and a file's `duration` is that of its tests and its hooks. */
function fileTime(part: string, file: TestFile): Timing {
  const { prepareDuration, setupDuration, collectDuration, duration } = file.diagnostic();
  const tests = file.tests.map((test) => ({
    name: test.fullName,
    duration: test.diagnostic()?.duration ?? 0,
  }));
  const loading = prepareDuration + setupDuration + collectDuration;
  const inTests = tests.reduce((sum, test) => sum + test.duration, 0);
  return {
    part,
    name: file.relativeModuleId,
    seconds: (loading + duration) / 1000,
    loading: loading / 1000,
    // Tests that run at the same time take more than their file.
    hooks: Math.max(0, duration - inTests) / 1000,
    tests: tests
      .filter((test) => test.duration >= 1000)
      .map((test) => ({ name: test.name, seconds: test.duration / 1000 })),
  };
}
