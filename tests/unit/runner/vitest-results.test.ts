import { expect, it } from "vitest";
import type { TestError } from "vitest";
import type { TestResult } from "vitest/node";
import { resultsOf, unhandledFailures } from "../../runner/vitest-results.ts";
import type { TestFile } from "../../runner/vitest-results.ts";

const error = (message: string): TestError => ({ name: "Error", message });
const test = (fullName: string, result: TestResult, duration = 0) => ({
  fullName,
  result: () => result,
  diagnostic: () => ({ duration }),
});
const passed = test("passes", { state: "passed", errors: undefined });
const skipped = test("skips", { state: "skipped", errors: undefined, note: undefined });
const failed = test("suite > fails", { state: "failed", errors: [error("one"), error("two")] });
const file = (
  tests: TestFile["tests"],
  { errors = [] as TestError[], hook = [] as TestError[] } = {},
): TestFile => ({
  relativeModuleId: "a.test.ts",
  errors: () => errors,
  diagnostic: () => ({ prepareDuration: 100, setupDuration: 200, collectDuration: 300, duration: 5400 }),
  suites: [{ fullName: "suite", errors: () => hook }],
  tests,
});

it.each<[string, TestFile[], object]>([
  ["each test by its state", [file([passed, skipped]), file([passed])], { passed: 2, skipped: 1 }],
  [
    "a test that failed",
    [file([passed, failed])],
    {
      passed: 1,
      failures: [{ path: ["unit", "a.test.ts", "suite > fails"], message: "Error: one\nError: two" }],
    },
  ],
  [
    "a file that does not load",
    [file([], { errors: [error("no such module")] }), file([passed])],
    { passed: 1, failures: [{ path: ["unit", "a.test.ts"], message: "Error: no such module" }] },
  ],
  [
    "a hook of a suite whose tests were then skipped",
    [file([skipped], { hook: [error("no port")] })],
    { skipped: 1, failures: [{ path: ["unit", "a.test.ts", "suite"], message: "Error: no port" }] },
  ],
])("counts %s", (_, modules, results) => {
  const counted = { passed: 0, skipped: 0, failures: [], ...results };
  expect(resultsOf("unit", modules)).toMatchObject(counted);
});

it("says where in the repository it failed, and how the values differ", () => {
  const stack = [
    "AssertionError: expected 1 to be 2",
    "    at file:///home/blog/node_modules/vitest/dist/run.js:1:2",
    "    at new Promise (<anonymous>)",
    "    at check (/home/blog/tests/unit/a.test.ts:4:50)",
    "    at process.processTicksAndRejections (node:internal/process/task_queues:104:5)",
  ].join("\n");
  const different = { name: "AssertionError", message: "expected 1 to be 2", stack, diff: "- 2\n+ 1" };
  const module = file([test("differs", { state: "failed", errors: [different] })]);
  expect(resultsOf("unit", [module]).failures[0]?.message).toBe(
    "AssertionError: expected 1 to be 2\n    at check (/home/blog/tests/unit/a.test.ts:4:50)\n- 2\n+ 1",
  );
});

it("says how long a file took: to load, in its hooks, and in its longest tests", () => {
  const result = { state: "passed", errors: undefined } as const;
  const module = file([test("waits", result, 3000), test("computes", result, 400)]);
  expect(resultsOf("e2e", [module]).times).toEqual([
    {
      ...{ part: "e2e", name: "a.test.ts", seconds: 6, loading: 0.6, hooks: 2 },
      tests: [{ name: "waits", seconds: 3 }],
    },
  ]);
});

it("counts errors that no test waited for as one failure", () => {
  expect(unhandledFailures("unit", [])).toEqual([]);
  expect(unhandledFailures("unit", [error("lost"), error("too")])).toEqual([
    { path: ["unit", "error outside of every test"], message: "Error: lost\nError: too" },
  ]);
});
