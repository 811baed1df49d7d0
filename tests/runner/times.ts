import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

/** Wall time of one part of the run: `setup`, `lint` or a project of vitest. */
export interface PartTime {
  readonly part: string;
  readonly seconds: number;
}

/** Time of one check, one tool that was prepared, or one test file. Files and checks may have run side by side. */
export interface Timing {
  readonly part: string;
  readonly name: string;
  readonly seconds: number;
  /** Of a test file: seconds until all that it imports was loaded. */
  readonly loading?: number;
  /** Of a test file: seconds in `beforeAll`, `afterEach` and the like. */
  readonly hooks?: number;
  /** Of a test file: its tests of a second and more. */
  readonly tests?: readonly { readonly name: string; readonly seconds: number }[];
}

/** Files below this are shown together. */
const shownSeconds = 1;

const slowestFirst = <Timed extends { readonly seconds: number }>(times: readonly Timed[]): Timed[] =>
  times.toSorted((one, other) => other.seconds - one.seconds);

/** Where the time went: the parts in the order in which they ran, then files and checks, slowest first. */
export function timesTable(parts: readonly PartTime[], times: readonly Timing[]): string {
  const long = slowestFirst(times).filter(({ seconds }) => seconds >= shownSeconds);
  const short = times.filter(({ seconds }) => seconds < shownSeconds);
  const rows = long.map((time) => [
    ...[time.seconds, time.loading, time.hooks].map((seconds) => seconds?.toFixed(1) ?? ""),
    `${time.part} ${time.name}`,
  ]);
  if (short.length > 0)
    rows.push([sum(short).toFixed(1), "", "", `${short.length} more, each under ${shownSeconds} s`]);
  return [
    `Time: ${parts.map(({ part, seconds }) => `${part} ${seconds.toFixed(0)} s`).join(", ")}; together ${sum(parts).toFixed(0)} s`,
    ...(rows.length > 0 ? aligned([["seconds", "loading", "hooks", ""], ...rows]) : []),
  ].join("\n");
}

const sum = (times: readonly { readonly seconds: number }[]) =>
  times.reduce((total, { seconds }) => total + seconds, 0);

function aligned(rows: readonly string[][]): string[] {
  return rows.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padStart(8)))
      .join("  ")
      .trimEnd(),
  );
}

/** Writes all times as JSON to `test-results/times.json`, a folder that git ignores and CI keeps. */
export async function writeTimes(
  root: string,
  parts: readonly PartTime[],
  times: readonly Timing[],
): Promise<void> {
  const directory = path.join(root, "test-results");
  await mkdir(directory, { recursive: true });
  const report = { parts, times: slowestFirst(times) };
  const rounded = (_key: string, value: unknown) =>
    typeof value === "number" ? Math.round(value * 100) / 100 : value;
  await writeFile(path.join(directory, "times.json"), `${JSON.stringify(report, rounded, 1)}\n`);
}
