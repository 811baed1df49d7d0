import { expect } from "vitest";
import { eventually, status } from "./sandbox.ts";
import { nodeNames, runningNodes } from "./status.ts";
import type { Status } from "./status.ts";

/** Role of the hosts at Mackerel. */
const role = "lorentzca:nomad-cluster";

// The agent posts a minute's values one to two minutes after they were measured, at a second of its own (measured:
// the newest is up to 169 s old just before the next).
const freshSeconds = 180;
/** Longest wait for a report, in seconds. */
export const reportSeconds = 240;

/** Seconds since 1970; 0 for a host without a metric. */
export const secondsOf = (time: string | null) => Date.parse(time ?? new Date(0).toISOString()) / 1000;

/** Waits until each of so many nodes is ready, runs the agent and nginx, and has reported a metric lately. */
export async function everyAgentReports(nodes: number): Promise<Status> {
  return eventually(reportSeconds, async () => {
    const current = await status();
    expect(current.nodes.filter((node) => node.nomadStatus === "ready")).toHaveLength(nodes);
    for (const id of ["mackerel", "nginx"]) expect(runningNodes(current, id)).toEqual(nodeNames(current));
    expect(current.mackerel.hosts).toHaveLength(nodes);
    for (const host of current.mackerel.hosts) {
      expect(host).toMatchObject({ roles: [role], status: "working" });
      expect(Date.now() / 1000 - secondsOf(host.lastMetricAt)).toBeLessThan(freshSeconds);
    }
    return current;
  });
}
