import type { Sandbox } from "../sandbox.ts";
import { waitFor } from "../wait-for.ts";
import { readHosts } from "./mackerel-hosts.ts";
import type { HostSummary } from "./mackerel-hosts.ts";
import { mackerelApiKey } from "./read-status.ts";
import { errorMessage } from "../error-message.ts";

/** An agent posts its first metrics at the next full minute after it has registered its host. */
const waitSeconds = 150;

/** Waits until every node has a Mackerel host with a recent metric; if that takes too long, returns how many have. */
export async function waitForAgents(
  { services, stack }: Sandbox,
  report: (text: string) => void,
): Promise<string> {
  const { nodes = [] } = await stack.outputs();
  const apiKey = await stack.config(mackerelApiKey);
  if (!services || !apiKey) return "not read: the stack has no API key, or the sandbox was stopped";
  let text = "";
  const allReport = async () => {
    try {
      const reporting = reportingHosts(await readHosts(services.mackerel, apiKey), Date.now());
      text = `${reporting} of ${nodes.length} nodes report`;
      if (reporting >= nodes.length) return true;
    } catch (error) {
      // The owner of the stack may have set another key; the cluster is there all the same.
      text = errorMessage(error);
    }
    report(text);
    return undefined;
  };
  await waitFor(allReport, { seconds: waitSeconds, every: 2000 });
  return text;
}

/** Number of hosts with a metric of the last two minutes. `now` in milliseconds. */
export function reportingHosts(hosts: readonly HostSummary[], now: number): number {
  return hosts.filter(({ lastMetricAt }) => lastMetricAt !== undefined && now - lastMetricAt * 1000 < 120_000)
    .length;
}
