import { nodeNameOf, parseDropletName, parseNodeName } from "../../nodes/names.ts";
import type { ClusterDroplet } from "../observe/account-droplets.ts";
import type { DesiredSlot, ServerState } from "../observe/cluster-state.ts";
import { describeProbe, seesLeader } from "../observe/detect-cluster.ts";
import type { AgentProbe } from "../observe/detect-cluster.ts";
import { refreshCommand } from "../recovery.ts";

/**
 * Why the servers are no safe quorum without the one on the node `nodeName`, or undefined if they are. Every other server
 * has to be healthy and to answer by itself, since gossip takes more than half a minute to notice a death (measured), and
 * they have to be a majority without it.
 */
export function quorumViolation(
  nodeName: string,
  servers: readonly ServerState[],
  otherProbes: readonly AgentProbe[] = [],
): string | undefined {
  const others = servers.filter((server) => server.name !== nodeName);
  const reasons = [
    ...others
      .filter((server) => !server.healthy)
      .map(({ name, id }) => `${name || `the server with Raft id ${id}`} is not healthy`),
    ...otherProbes.filter((probe) => !seesLeader(probe)).map(describeProbe),
  ];
  if (reasons.length > 0)
    return (
      `${reasons.join(", ")}, and the cluster cannot spare another server. Start the agent there again ("systemctl ` +
      'status nomad" and "journalctl -u nomad" on the node say why it is down), or delete that droplet in the account ' +
      `and run \`${refreshCommand}\`; then run \`pulumi up\` again`
    );
  const majority = Math.floor(servers.length / 2) + 1;
  if (servers.length === others.length || others.length >= majority) return undefined;
  return (
    `of ${servers.length} servers ${others.length} would be left, which is no majority: the cluster's state would be lost. ` +
    "Set serverCount to 3 and run `pulumi up`, which adds servers before it replaces this one"
  );
}

/** Peers on none of the droplets. One that answers for itself is not dead. */
export function serversWithoutDroplet(
  servers: readonly ServerState[],
  droplets: readonly ClusterDroplet[],
  desired: readonly DesiredSlot[],
): ServerState[] {
  const names = new Set(droplets.map(nodeNameOf));
  // Gossip may still take it for alive; without a name it is dead only if gossip says so.
  return servers.filter(({ name, alive }) =>
    name === "" ? !alive : !names.has(name) && isClusterNode(name, desired),
  );
}

/** Why nothing can be decided while servers answer whose droplets the account does not list. */
export function unlistedServers(names: readonly string[]): string {
  const droplets = names.map((name) => {
    const { dropletName = name, dropletId = "" } = parseNodeName(name) ?? {};
    return `${dropletName} with the id ${dropletId}`;
  });
  return (
    `${names.join(", ")} ${names.length > 1 ? "answer" : "answers"}, but the account lists no droplet ` +
    `${droplets.join(" or ")} of this cluster. Look for the id in the account: a droplet that was renamed has to get its ` +
    "name back (`doctl compute droplet-action rename ID --droplet-name NAME`), and one that is on its way out to be gone; " +
    "then run `pulumi up` again"
  );
}

/** True for names of nodes on droplets of the cluster, not for an agent that an operator runs elsewhere. */
export function isClusterNode(name: string, desired: readonly DesiredSlot[]): boolean {
  const clusterName = parseNodeName(name)?.clusterName;
  return (
    clusterName !== undefined &&
    desired.some(({ dropletName }) => parseDropletName(dropletName)?.clusterName === clusterName)
  );
}
