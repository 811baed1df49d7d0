import type { SandboxSettings } from "../../sandbox/settings.ts";
import { runningSandbox } from "./running-sandbox.ts";
import type { Report, RunningSandbox } from "./running-sandbox.ts";
import { underProbe } from "./measures/under-probe.ts";
import type { Measures, ProbedChange } from "./measures/under-probe.ts";

/** An update to another number of servers, and what it came to. */
export interface ServerCountChange extends ProbedChange {
  readonly serverCount: number;
}

/** What is printed. */
export interface ServersMeasures {
  readonly updates: readonly (Measures & { readonly serverCount: number })[];
}

const counts = [5, 3] as const;

/** Goes from three servers to five, and back. `between` is awaited after the first update. */
export async function changeServerCount(
  sandbox: RunningSandbox,
  report: Report,
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<ServerCountChange[]> {
  const before = Number((await sandbox.config("serverCount")) ?? 3);
  if (before !== 3) throw new Error(`serverCount is ${before}, and this drill begins with 3`);
  const changes: ServerCountChange[] = [];
  for (const serverCount of counts) {
    if (changes.length > 0) await between();
    report(`serverCount becomes ${serverCount}`);
    await sandbox.setConfig("serverCount", String(serverCount));
    changes.push({ ...(await underProbe(sandbox, report, () => sandbox.up())), serverCount });
  }
  return changes;
}

/** `npm run drill -- servers`. */
export async function servers(settings: SandboxSettings, report: Report): Promise<ServersMeasures> {
  const sandbox = await runningSandbox(settings, report);
  const changes = await changeServerCount(sandbox, report);
  return { updates: changes.map(({ serverCount, measures }) => ({ serverCount, ...measures })) };
}
