import { setTimeout as delay } from "node:timers/promises";
import type { SandboxSettings } from "../settings.ts";
import { readStatus } from "./read-status.ts";
import type { StatusReport } from "./status-report.ts";

/** An agent posts its first metrics at the next full minute after it has registered its host. */
const waitSeconds = 150;

/** Waits until every node is ready and its agent has posted a metric of late; says so if that takes too long. */
export async function waitForAgents(
  settings: SandboxSettings,
  report: (text: string) => void,
): Promise<string> {
  for (const end = Date.now() + waitSeconds * 1000; ; await delay(2000)) {
    const status = await readStatus(settings);
    const reporting = reportingHosts(status, Date.now());
    const text = `${reporting} of ${status.nodes.length} nodes report`;
    if (reporting >= status.nodes.length || Date.now() > end) return text;
    report(text);
  }
}

/** Number of Mackerel hosts with a metric of the last two minutes. */
export function reportingHosts(status: StatusReport, now: number): number {
  return status.mackerel.hosts.filter(
    ({ lastMetricAt }) => lastMetricAt !== null && now - Date.parse(lastMetricAt) < 120_000,
  ).length;
}
