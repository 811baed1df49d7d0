import path from "node:path";
import type { SandboxSettings } from "../../../sandbox/settings.ts";
import { installTool } from "../../../sandbox/tools/install-tool.ts";
import { nomad, pulumi } from "../../../sandbox/tools/tool-table.ts";
import type { BenchTools } from "./bench.ts";
import type { FaultCase } from "./cases.ts";
import { faultMatrix } from "./matrix.ts";
import { creation, describeCase, runFaults } from "./run-faults.ts";
import type { CaseResult, FaultsResult } from "./run-faults.ts";

/** Pulumi and Nomad, found, downloaded or built as for the sandbox. */
export async function benchTools({ cacheDir }: SandboxSettings): Promise<BenchTools> {
  const [cli, agent] = [await installTool(pulumi, cacheDir), await installTool(nomad, cacheDir)];
  return { pulumi: cli.path, nomad: agent.path };
}

export interface FaultsDrillOptions {
  /** What is struck. Default a roll. */
  readonly of?: "roll" | "creation";
  /** Directory of provider plugins that are taken before the stand-ins. */
  readonly plugins?: string;
  /** What the description of a case has to match to be run. Default: all are. */
  readonly only?: RegExp;
  /** Name the cases, each on a line, and run none of them. Default false. */
  readonly list?: boolean;
  /** Clusters side by side. Default 2. */
  readonly benches?: number;
  /** Number of the first cluster, 0 to 99; no two on one machine may be the same. Default 0. */
  readonly firstBench?: number;
}

/**
 * `npm run drill -- faults`: every case, with clusters of its own on loopback addresses beside the sandbox. Reports the
 * matrix of docs/faults.md at the end.
 */
export async function faults(
  settings: SandboxSettings,
  report: (text: string) => void,
  { of = "roll", plugins, only = /./, list = false, benches = 2, firstBench = 0 }: FaultsDrillOptions = {},
): Promise<FaultsResult> {
  const interrupt = new AbortController();
  // Not `once`: execa ends the process at a signal that nobody else listens to any more.
  for (const signal of ["SIGINT", "SIGTERM"])
    process.on(signal, () => {
      report("interrupted: the cases under way end, and their clusters are taken down");
      interrupt.abort();
    });
  const results: CaseResult[] = [];
  const select = (faultCase: FaultCase): boolean => {
    const description = describeCase(faultCase);
    const chosen = only.test(description);
    if (chosen && list) report(description);
    return chosen && !list;
  };
  const found = await benchTools(settings);
  const result = await runFaults(
    {
      tools: { ...found, ...(plugins !== undefined && { plugins: [path.resolve(plugins)] }) },
      // One is enough to see the calls of an update that nothing disturbs.
      benches: list ? 1 : benches,
      firstBench,
      ...(of === "creation" && { of: creation }),
      select,
      signal: interrupt.signal,
      logs: path.join(settings.stateDir, "faults"),
      ended: (one) => results.push(one),
    },
    report,
  );
  if (!list) report(faultMatrix(results));
  return result;
}
