import { milliseconds } from "../../duration.ts";
import { detectCluster } from "../observe/detect-cluster.ts";
import { probeAgents } from "../observe/read-cluster.ts";
import type { ServerAgent } from "../observe/server-agents.ts";
import { errorMessage } from "../../error-message.ts";
import { poll, NotYet } from "../poll.ts";
import type { PollOptions } from "../poll.ts";
import type { AgentApi } from "../failover.ts";
import { RolloutError } from "../context.ts";
import type { RolloutSettings } from "../context.ts";

/**
 * Whether the agents belong to a running cluster. Waits for one that does not answer or has no leader, since droplets
 * take a while to boot, and then refuses to go on.
 */
export async function findCluster(
  agents: readonly ServerAgent<AgentApi>[],
  { replaceUnreachableCluster, readyTimeout, settleTimeout }: RolloutSettings,
  options: Omit<PollOptions, "deadline">,
): Promise<"new" | "running"> {
  const look = async () => {
    const detected = detectCluster(await probeAgents(agents));
    return detected.state === "unknown" ? new NotYet(detected.reason) : detected.state;
  };
  const deadline = milliseconds(replaceUnreachableCluster ? settleTimeout : readyTimeout);
  try {
    return await poll("looking for the cluster", look, { ...options, deadline });
  } catch (error) {
    if (replaceUnreachableCluster) return "new";
    throw new RolloutError(
      "the cluster exists, but it does not answer or has no leader, so no droplet is touched: " +
        `${errorMessage(error)}. Check that this machine is in operatorCidrs, that the droplets are on, and that a ` +
        'majority of the servers run ("systemctl status nomad" on each). If a majority is lost for good, follow "Outage ' +
        'recovery" in the Nomad documentation. Only to give this cluster and its state up, set replaceUnreachableCluster ' +
        "to true and replace every droplet",
      { cause: error },
    );
  }
}
