import { expect, it } from "vitest";
import { addResults, countsLine, failureList, noResults } from "../../runner/test-results.ts";
import type { Failure } from "../../runner/test-results.ts";

const failure: Failure = { path: ["lint", "eslint"], message: "no-undef" };

it.each([
  [{ passed: 3, failures: [], skipped: 0 }, "3 passed, 0 failed"],
  [{ passed: 3, failures: [failure], skipped: 2 }, "3 passed, 1 failed, 2 skipped"],
])("the last line of %j", (results, line) => {
  expect(countsLine(results)).toBe(line);
});

it("adds up, and keeps the failures and the times in their order", () => {
  const other = { path: ["unit", "a.test.ts"], message: "does not load" };
  const [one, two] = [1, 2].map((seconds) => ({ part: "lint", name: "eslint", seconds }));
  const sum = addResults(
    { ...noResults, passed: 1, failures: [failure], times: [one!] },
    { passed: 2, skipped: 3, failures: [other], times: [two!] },
  );
  expect(sum).toEqual({ passed: 3, skipped: 3, failures: [failure, other], times: [one, two] });
});

const lines = (count: number, first = 1) =>
  Array.from({ length: count }, (_, index) => `line ${index + first}`);
const indented = (count: number, first = 1) =>
  lines(count, first)
    .map((line) => `\n  ${line}`)
    .join("");

it.each<[string, Failure[], string]>([
  ["nothing", [], ""],
  ["one", [failure], "FAILED lint > eslint\n  no-undef"],
  [
    "two",
    [failure, { path: ["unit", "a.test.ts", "a > b"], message: "one\r\n\ntwo\n" }],
    "FAILED lint > eslint\n  no-undef\n\nFAILED unit > a.test.ts > a > b\n  one\n\n  two",
  ],
  ["colours", [{ path: ["lint"], message: "\u001b[31mred\u001b[39m" }], "FAILED lint\n  red"],
  ["a message that fits", [{ path: ["e2e"], message: lines(30).join("\n") }], `FAILED e2e${indented(30)}`],
  [
    "a message that does not",
    [{ path: ["e2e"], message: lines(32).join("\n") }],
    `FAILED e2e${indented(8)}\n  ... 2 lines left out ...${indented(22, 11)}`,
  ],
])("lists %s", (_, failures, list) => {
  expect(failureList(failures)).toBe(list);
});
