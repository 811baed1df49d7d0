import { expect, it } from "vitest";
import { timesTable } from "../../runner/times.ts";

const parts = [
  { part: "lint", seconds: 11.6 },
  { part: "unit", seconds: 8 },
];

it("lists files and checks slowest first, and sums up the short ones", () => {
  const times = [
    { part: "lint", name: "types", seconds: 4 },
    { part: "unit", name: "a.test.ts", seconds: 0.25, loading: 0.2, hooks: 0 },
    { part: "unit", name: "b.test.ts", seconds: 7.25, loading: 6.04, hooks: 1 },
    { part: "unit", name: "c.test.ts", seconds: 0.5, loading: 0.2, hooks: 0 },
  ];
  expect(timesTable(parts, times).split("\n")).toEqual([
    "Time: lint 12 s, unit 8 s; together 20 s",
    " seconds   loading     hooks",
    "     7.3       6.0       1.0  unit b.test.ts",
    "     4.0                      lint types",
    "     0.8                      2 more, each under 1 s",
  ]);
});

it("says how long the parts took when nothing ran in them", () => {
  expect(timesTable(parts, [])).toBe("Time: lint 12 s, unit 8 s; together 20 s");
});
