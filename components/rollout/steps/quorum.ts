import type { PollOptions } from "../poll.ts";
import { NotYet, poll } from "../poll.ts";
import type { RolloutContext } from "../context.ts";
import { answeringServers, probeAgents, readServers } from "../observe/read-cluster.ts";
import { quorumViolation, serversWithoutDroplet } from "../plan/quorum.ts";
import { dropServers } from "./server.ts";

/**
 * Resolves when the cluster has a quorum without the server of the slot. Drops dead servers while it waits. `removed`
 * are the names of nodes, by slot, whose servers were taken out of the peers before.
 */
export async function waitForQuorumWithout(
  { slot, nodeName }: { readonly slot: string; readonly nodeName: string },
  { withFailover, agents, account, desired }: RolloutContext,
  removed: ReadonlyMap<string, string>,
  { region, ...dropping }: PollOptions & { readonly region: string },
  options: PollOptions,
): Promise<void> {
  const others = agents.filter((agent) => agent.slot !== slot && !removed.has(agent.slot));
  const check = async () => {
    const [servers, probes] = await Promise.all([readServers(withFailover), probeAgents(others)]);
    const gone = new Set(removed.values());
    const violation = quorumViolation(
      nodeName,
      servers.filter(({ name }) => !gone.has(name)),
      probes,
    );
    if (violation === undefined) return true;
    // While gossip still knows a server that was dropped, the leader may add it again (measured).
    const unlisted = serversWithoutDroplet(servers, await account.list(), desired);
    const answering = unlisted.length > 0 ? await answeringServers(agents) : new Set();
    const dead = unlisted.filter(({ name }) => !answering.has(name)).map(({ id }) => id);
    await dropServers(withFailover, ({ id }) => dead.includes(id), region, dropping);
    return new NotYet(violation);
  };
  await poll("checking the other servers", check, options);
}
