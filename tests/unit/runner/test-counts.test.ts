import { describe, expect, it } from "vitest";
import { countReport, countsLine } from "../../support/test-counts.ts";

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
});

describe("countReport", () => {
  it("counts each test by its status", () => {
    const report = {
      testResults: [file("failed", "passed", "failed", "skipped"), file("passed", "passed", "todo")],
    };
    expect(countReport(report, 1)).toEqual({ passed: 2, failed: 1, skipped: 2 });
  });

  it("counts a file that does not load as a failure", () => {
    expect(countReport({ testResults: [file("failed"), file("passed", "passed")] }, 1).failed).toBe(1);
  });

  it("does not call a run green that ended with an error outside every test", () => {
    expect(countReport({ testResults: [file("passed", "passed")] }, 1)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    });
  });
});

describe("countsLine", () => {
  it.each([
    [{ passed: 3, failed: 0, skipped: 0 }, "3 passed, 0 failed"],
    [{ passed: 3, failed: 1, skipped: 2 }, "3 passed, 1 failed, 2 skipped"],
  ])("%j", (counts, line) => {
    expect(countsLine(counts)).toBe(line);
  });
});
