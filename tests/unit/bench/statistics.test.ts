import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isProgram,
  parseProcessTimes,
  parseUserSeconds,
  programShare,
  spread,
  summarizeRun,
} from "../../bench/statistics.ts";
import type { ProcessTimes } from "../../bench/statistics.ts";

const runner = "/clone/node_modules/@pulumi/pulumi/cmd/run/index.js";
const life = (script: string, startedAt: number, endedAt: number): ProcessTimes => ({
  script,
  startedAt,
  endedAt,
  cpuSeconds: 0.5,
});

describe("the program among a command's processes", () => {
  it.each([
    [runner, true],
    ["/clone/node_modules/@pulumi/pulumi/cmd/run", true],
    ["/clone/node_modules/@pulumi/pulumi/cmd/run-policy-pack/index.js", false],
    ["/clone/node_modules/@pulumi/pulumi/cmd/run-plugin/index.js", false],
    ["/clone/sandbox/plugins/language-host/main.ts", false],
    ["", false],
  ])("%s: %s", (script, expected) => {
    expect(isProgram(life(script, 0, 1))).toBe(expected);
  });

  it("counts once for the preview and once for the update of an up", () => {
    const processes = [life("/usr/bin/npm", 0, 10), life(runner, 2, 4), life(runner, 5, 8)];
    const run = summarizeRun(10, 4, processes);
    expect(run).toEqual({
      seconds: 10,
      userSeconds: 4,
      programSeconds: 5,
      programCpuSeconds: 1,
      programRuns: 2,
    });
    expect(programShare([run])).toBe(0.5);
  });

  it("has no share, rather than none of the time, when a run did not show it", () => {
    const seen = summarizeRun(10, 4, [life(runner, 2, 4)]);
    expect(programShare([seen, summarizeRun(10, 4, [])])).toBeUndefined();
    expect(programShare([])).toBeUndefined();
  });

  it("is read from one JSON object a line", () => {
    const processes = [life(runner, 2, 4), life("/usr/bin/npm", 0, 10)];
    expect(parseProcessTimes(processes.map((one) => `${JSON.stringify(one)}\n`).join(""))).toEqual(processes);
    expect(parseProcessTimes("")).toEqual([]);
  });
});

describe("the processor time of a command", () => {
  it.each([
    ["0m0.000s 0m0.000s\n0m4.540s 0m1.090s\n", 4.54],
    ["0m0.010000s 0m0.000000s\n2m1.500000s 0m0.250000s\n", 121.5],
  ])("is the user time of the shell's children: %j", (times, seconds) => {
    expect(parseUserSeconds(times)).toBe(seconds);
  });

  it("is not taken for none when the shell printed nothing", () => {
    expect(() => parseUserSeconds("")).toThrow("printed no times");
  });
});

describe("spread", () => {
  it("takes the middle one, or what is between the two in the middle", () => {
    expect(spread([10, 2, 9])).toEqual({ median: 9, least: 2, most: 10 });
    expect(spread([4, 1, 3, 2])).toEqual({ median: 2.5, least: 1, most: 4 });
  });

  it("refuses no values", () => {
    expect(() => spread([])).toThrow("no values");
  });

  it("has as many values below its median as above", () => {
    fc.assert(
      fc.property(fc.array(fc.float({ noNaN: true, min: 0, max: 1e6 }), { minLength: 1 }), (values) => {
        const { median, least, most } = spread(values);
        const below = values.filter((value) => value < median).length;
        const above = values.filter((value) => value > median).length;
        return least <= median && median <= most && Math.max(below, above) <= values.length / 2;
      }),
    );
  });
});
