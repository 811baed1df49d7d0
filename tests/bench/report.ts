import Table from "cli-table3";
import type { Machine } from "./load-report.ts";
import { paceJson, paceTable } from "./pace/pace-report.ts";
import type { PaceResult } from "./pace/pace.ts";
import { programShare, spread } from "./statistics.ts";
import type { Run } from "./statistics.ts";
import type { UserData } from "./user-data.ts";

export interface Measurement {
  readonly name: string;
  /** What was run. */
  readonly command: string;
  /** What the median should not exceed. */
  readonly aimSeconds?: number;
  readonly runs: readonly Run[];
}

export interface Results {
  readonly machine: Machine;
  readonly measurements: readonly Measurement[];
  readonly pace: readonly PaceResult[];
  readonly userData: readonly UserData[];
}

/** Largest user-data aimed at; DigitalOcean takes four times as much. */
const userDataAim = 16 * 1024;

/** The results with what follows from them, for `--json`. */
export function asJson(results: Results): string {
  const measurements = results.measurements.map((measurement) => {
    const seconds = spread(measurement.runs.map((run) => run.seconds));
    const { aimSeconds } = measurement;
    return {
      ...measurement,
      seconds,
      programShare: programShare(measurement.runs) ?? null,
      ...(aimSeconds === undefined ? {} : { aimMet: seconds.median <= aimSeconds }),
    };
  });
  const userData = results.userData.map((entry) => ({ ...entry, aimMet: entry.bytes < userDataAim }));
  const pace = paceJson(results.pace);
  return JSON.stringify({ ...results, measurements, pace, userData, userDataAimBytes: userDataAim }, null, 2);
}

/** The results as tables. */
export function asTable(results: Results): string {
  const { cores, memoryGiB, node } = results.machine;
  const times = new Table({
    head: ["", "runs", "median", "least", "most", "aim", "program", "share", "computing"],
    style: { head: [], border: [] },
  });
  for (const { name, runs, aimSeconds } of results.measurements) {
    const { median, least, most } = spread(runs.map((run) => run.seconds));
    const share = programShare(runs);
    const program =
      share === undefined
        ? ["not seen", "", ""]
        : [
            inSeconds(spread(runs.map((run) => run.programSeconds)).median),
            `${Math.round(share * 100)} %`,
            inSeconds(spread(runs.map((run) => run.programCpuSeconds)).median),
          ];
    const aim =
      aimSeconds === undefined ? "" : `${inSeconds(aimSeconds)}${median <= aimSeconds ? "" : ", missed"}`;
    times.push([name, runs.length, ...[median, least, most].map(inSeconds), aim, ...program]);
  }
  const sizes = new Table({ head: ["droplet", "user-data", "aim"], style: { head: [], border: [] } });
  for (const { droplet, bytes } of results.userData)
    sizes.push([droplet, `${bytes} bytes`, `under ${userDataAim}${bytes < userDataAim ? "" : ", missed"}`]);
  return [
    `${cores} cores, ${memoryGiB} GiB, Node ${node}`,
    times.toString(),
    "program: life of its Node process, waiting for Pulumi's engine included; computing: processor time of that process.",
    ...(results.pace.length === 0 ? [] : [paceTable(results.pace)]),
    sizes.toString(),
  ].join("\n");
}

const inSeconds = (seconds: number): string => `${seconds.toFixed(1)} s`;
