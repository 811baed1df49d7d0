export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const noTests: TestCounts = { passed: 0, failed: 0, skipped: 0 };

export function addCounts(one: TestCounts, other: TestCounts): TestCounts {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  };
}

/** The last line of every test run: `N passed, N failed`, with `, N skipped` if there are any. */
export function countsLine(counts: TestCounts): string {
  const line = `${counts.passed} passed, ${counts.failed} failed`;
  return counts.skipped > 0 ? `${line}, ${counts.skipped} skipped` : line;
}

/** The part of vitest's JSON report that is counted. */
export interface VitestReport {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/**
 * Counts a report. A file that failed with no failed test (it does not load, or a hook threw) counts as one failure,
 * and so does a run that ended badly with nothing failed in its report (an unhandled rejection).
 */
export function countReport(report: VitestReport, exitCode: number): TestCounts {
  let counts = noTests;
  for (const file of report.testResults) {
    const failed = file.assertionResults.filter((test) => test.status === "failed").length;
    const passed = file.assertionResults.filter((test) => test.status === "passed").length;
    const skipped = file.assertionResults.length - failed - passed;
    const fileFailure = file.status === "failed" && failed === 0 ? 1 : 0;
    counts = addCounts(counts, { passed, failed: failed + fileFailure, skipped });
  }
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}
