import { npm, timed } from "./measure.ts";
import type { Run } from "./statistics.ts";

/** What updates take with one number of client nodes, beside three servers. */
export interface ScaleStep {
  readonly clients: number;
  /** Nodes altogether. */
  readonly nodes: number;
  /** Seconds of the update that made the missing nodes. */
  readonly growSeconds: number;
  /** Updates that change nothing. */
  readonly runs: readonly Run[];
}

/** Measures one command some times. */
export type Repeat = (name: string, once: () => Promise<Run>) => Promise<Run[]>;

const servers = 3;
/** A sandbox beside that of the clone, so that whatever runs there is left alone. */
const environment = { NOMAD_SANDBOX: "scale" };
const pulumi = (...args: string[]): string[] => ["run", "--silent", "pulumi", "--", ...args];

/** Lets a cluster of its own grow to each number of clients, in order, and measures updates that change nothing. */
export async function measureScale(clientCounts: readonly number[], repeat: Repeat): Promise<ScaleStep[]> {
  const steps: ScaleStep[] = [];
  try {
    await npm(["start"], environment);
    for (const clients of [...clientCounts].sort((one, other) => one - other)) {
      await npm(pulumi("config", "set", "clientCount", String(clients)), environment);
      const grown = await timed(pulumi("up", "--yes", "--skip-preview"), environment);
      const runs = await repeat(`up, no change, ${clients} clients`, () =>
        timed(pulumi("up", "--yes", "--expect-no-changes"), environment),
      );
      steps.push({ clients, nodes: servers + clients, growSeconds: grown.seconds, runs });
    }
  } finally {
    await npm(["run", "reset"], environment);
  }
  return steps;
}
