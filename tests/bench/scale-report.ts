import Table from "cli-table3";
import type { Machine } from "./load-report.ts";
import type { ScaleStep } from "./scale.ts";
import { programShare, spread } from "./statistics.ts";

const secondsOf = ({ runs }: ScaleStep) => spread(runs.map((run) => run.seconds));

/** Seconds that each further node adds to an update that changes nothing, from fewest to most; undefined for one step. */
export function secondsPerNode(steps: readonly ScaleStep[]): number | undefined {
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined || first.nodes === last.nodes) return undefined;
  return (secondsOf(last).median - secondsOf(first).median) / (last.nodes - first.nodes);
}

/** The steps with what follows from them, for `--json`. */
export function scaleJson(machine: Machine, steps: readonly ScaleStep[]): string {
  const scale = {
    steps: steps.map((step) => ({
      ...step,
      seconds: secondsOf(step),
      programShare: programShare(step.runs) ?? null,
    })),
    secondsPerNode: secondsPerNode(steps) ?? null,
  };
  return JSON.stringify({ machine, scale }, null, 2);
}

/** The steps as a table. */
export function scaleTable({ cores, memoryGiB, node }: Machine, steps: readonly ScaleStep[]): string {
  const table = new Table({
    head: ["clients", "nodes", "runs", "median", "least", "most", "computing", "growing to it"],
    style: { head: [], border: [] },
  });
  for (const step of steps) {
    const { median, least, most } = secondsOf(step);
    const computing = spread(step.runs.map((run) => run.programCpuSeconds)).median;
    table.push([
      ...[step.clients, step.nodes, step.runs.length],
      ...[median, least, most, computing, step.growSeconds].map((seconds) => `${seconds.toFixed(1)} s`),
    ]);
  }
  const perNode = secondsPerNode(steps);
  return [
    `${cores} cores, ${memoryGiB} GiB, Node ${node}; npm run pulumi -- up that changes nothing, its preview included`,
    table.toString(),
    "computing: processor time of the program's Node processes.",
    ...(perNode === undefined ? [] : [`Each further node adds ${perNode.toFixed(2)} s.`]),
  ].join("\n");
}
