import Table from "cli-table3";
import type { LoadResults, LoadRun } from "./load.ts";
import { spread } from "./statistics.ts";

export interface Machine {
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
}

/** Medians over the runs of one target. */
function medians(runs: readonly LoadRun[]) {
  const median = (value: (run: LoadRun) => number) => spread(runs.map(value)).median;
  return {
    requestsPerSecond: median((run) => run.requestsPerSecond),
    p50Milliseconds: median((run) => run.p50Milliseconds),
    p99Milliseconds: median((run) => run.p99Milliseconds),
  };
}

/** Requests a second of the second target as a part of the first's. */
export function loadRatio({ targets }: LoadResults): number | undefined {
  const [first, second] = targets.map(({ runs }) => medians(runs).requestsPerSecond);
  return first === undefined || second === undefined ? undefined : second / first;
}

/** The results with their medians, for `--json`. */
export function loadJson(machine: Machine, load: LoadResults): string {
  const targets = load.targets.map((target) => ({ ...target, medians: medians(target.runs) }));
  return JSON.stringify({ machine, load: { ...load, targets, ratio: loadRatio(load) ?? null } }, null, 2);
}

/** The results as a table. */
export function loadTable({ cores, memoryGiB, node }: Machine, load: LoadResults): string {
  const table = new Table({
    head: ["front page", "runs", "requests/s", "p50", "p99", "requests/s of each run"],
    style: { head: [], border: [] },
  });
  for (const { name, runs } of load.targets) {
    const { requestsPerSecond, p50Milliseconds, p99Milliseconds } = medians(runs);
    table.push([
      ...[name, runs.length, requestsPerSecond.toFixed(0)],
      ...[`${p50Milliseconds.toFixed(1)} ms`, `${p99Milliseconds.toFixed(1)} ms`],
      runs.map((run) => run.requestsPerSecond.toFixed(0)).join(", "),
    ]);
  }
  const ratio = loadRatio(load);
  return [
    `${cores} cores, ${memoryGiB} GiB, Node ${node}`,
    table.toString(),
    `medians of ${load.seconds} s runs by turns, ${load.connections} connections from the network of ${load.node}` +
      (ratio === undefined ? "" : `; nginx passes on ${Math.round(ratio * 100)} % of what ghost gives alone`),
  ].join("\n");
}
