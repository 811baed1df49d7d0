import Table from "cli-table3";
import type { Machine } from "./load-report.ts";
import type { ScaleStep } from "./scale.ts";
import { programShare, spread } from "./statistics.ts";
import type { Run } from "./statistics.ts";

const secondsOf = ({ runs }: ScaleStep) => spread(runs.map((run) => run.seconds));

/** What each further node may add to an update that changes nothing, in seconds. */
const perNodeAim = 0.05;

/** What each further node adds to an update that changes nothing, in seconds. */
export interface NodeCost {
  readonly seconds: number;
  readonly userSeconds: number;
}

/** From the medians with fewest and with most nodes; undefined for one step. */
export function costPerNode(steps: readonly ScaleStep[]): NodeCost | undefined {
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined || first.nodes === last.nodes) return undefined;
  const slope = (value: (run: Run) => number) =>
    (spread(last.runs.map(value)).median - spread(first.runs.map(value)).median) / (last.nodes - first.nodes);
  return { seconds: slope((run) => run.seconds), userSeconds: slope((run) => run.userSeconds) };
}

/** The steps with what follows from them, for `--json`. */
export function scaleJson(machine: Machine, steps: readonly ScaleStep[]): string {
  const scale = {
    steps: steps.map((step) => ({
      ...step,
      seconds: secondsOf(step),
      programShare: programShare(step.runs) ?? null,
    })),
    perNode: costPerNode(steps) ?? null,
    perNodeAim,
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
  const perNode = costPerNode(steps);
  const inMilliseconds = (seconds: number) => `${Math.round(seconds * 1000)} ms`;
  return [
    `${cores} cores, ${memoryGiB} GiB, Node ${node}; an up that changes nothing, its preview included`,
    table.toString(),
    "computing: processor time of the program's Node processes.",
    ...(perNode === undefined
      ? []
      : [
          `Each further node adds ${inMilliseconds(perNode.seconds)} (aim ${inMilliseconds(perNodeAim)}` +
            `${perNode.seconds <= perNodeAim ? "" : ", missed"}), and ${inMilliseconds(perNode.userSeconds)} of processor time.`,
        ]),
  ].join("\n");
}
