import Table from "cli-table3";
import { spread } from "../statistics.ts";
import type { Run } from "../statistics.ts";
import type { PaceResult } from "./pace.ts";

/** What a preview or an update that changes nothing may take, as a multiple of what it takes with the flat program. */
const paceAim = 1.3;

/** Medians of one program's runs, and the program's as a multiple of the flat one's. */
export interface PaceRatio {
  readonly seconds: number;
  readonly userSeconds: number;
}

const median = (runs: readonly Run[], value: (run: Run) => number): number => spread(runs.map(value)).median;

export function paceRatio({ program, flat }: PaceResult): PaceRatio {
  const ratio = (value: (run: Run) => number) => median(program, value) / median(flat, value);
  return { seconds: ratio((run) => run.seconds), userSeconds: ratio((run) => run.userSeconds) };
}

/** The results with their ratios, for `--json`. */
export function paceJson(results: readonly PaceResult[]): object[] {
  return results.map((result) => {
    const ratio = paceRatio(result);
    return { ...result, ratio, aim: paceAim, aimMet: ratio.seconds <= paceAim };
  });
}

/** The results as a table. */
export function paceTable(results: readonly PaceResult[]): string {
  const table = new Table({
    head: ["no change", "runs", "median", "least", "most", "processor time", "of the program"],
    style: { head: [], border: [] },
  });
  for (const result of results) {
    const { command } = result;
    for (const [name, runs] of [
      [`${command}, this program`, result.program],
      [`${command}, flat program`, result.flat],
    ] as const) {
      const seconds = spread(runs.map((run) => run.seconds));
      const user = median(runs, (run) => run.userSeconds);
      const own = median(runs, (run) => run.programCpuSeconds);
      table.push([
        ...[name, runs.length],
        ...[seconds.median, seconds.least, seconds.most, user, own].map((value) => `${value.toFixed(1)} s`),
      ]);
    }
    const ratio = paceRatio(result);
    const missed = ratio.seconds <= paceAim ? "" : ", missed";
    table.push([
      ...[`${command}, ratio`, "", ratio.seconds.toFixed(2), "", `aim ${paceAim}${missed}`],
      ...[ratio.userSeconds.toFixed(2), ""],
    ]);
  }
  return [
    table.toString(),
    "flat program: the same resources with the same dependencies, providers and plugins, one by one, with no component and",
    "no check; runs by turns. processor time: of all processes of the Pulumi CLI, outside the kernel.",
  ].join("\n");
}
