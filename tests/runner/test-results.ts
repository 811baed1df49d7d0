import { stripVTControlCharacters } from "node:util";
import type { Timing } from "./times.ts";

/** What failed, and why. */
export interface Failure {
  /** From the whole to the part: `lint`, `setup` or a project of vitest, then a check, or a file and a test's full name. */
  readonly path: readonly string[];
  readonly message: string;
}

export interface TestResults {
  readonly passed: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
  readonly times: readonly Timing[];
}

export const noResults: TestResults = { passed: 0, skipped: 0, failures: [], times: [] };

export function addResults(one: TestResults, other: TestResults): TestResults {
  return {
    passed: one.passed + other.passed,
    skipped: one.skipped + other.skipped,
    failures: [...one.failures, ...other.failures],
    times: [...one.times, ...other.times],
  };
}

/** The last line of every test run: `N passed, N failed`, with `, N skipped` if there are any. */
export function countsLine({ passed, failures, skipped }: Omit<TestResults, "times">): string {
  const line = `${passed} passed, ${failures.length} failed`;
  return skipped > 0 ? `${line}, ${skipped} skipped` : line;
}

/** Lines of a message that are shown: an assertion says at its start what is wrong, a command at its end. */
const firstLines = 8;
const lastLines = 22;

function shortened(lines: readonly string[]): readonly string[] {
  const left = lines.length - firstLines - lastLines;
  if (left <= 0) return lines;
  return [...lines.slice(0, firstLines), `... ${left} lines left out ...`, ...lines.slice(-lastLines)];
}

/**
 * Everything that failed, without colours and with the first and the last lines of each message, for the end of a log:
 * what keeps only the last lines of it still shows what failed first.
 */
export function failureList(failures: readonly Failure[]): string {
  return failures
    .map(({ path, message }) => {
      const lines = stripVTControlCharacters(message).trimEnd().split(/\r?\n/);
      return [`FAILED ${path.join(" > ")}`, ...shortened(lines).map((line) => `  ${line}`.trimEnd())].join(
        "\n",
      );
    })
    .join("\n\n");
}
