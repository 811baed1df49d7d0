import { answersOf, observeServers } from "../observe/observe.ts";
import { poll, Waiting } from "../poll.ts";
import type { PollOptions } from "../poll.ts";
import type { RolloutCluster } from "../context.ts";
import { departureRefusal, serversWithoutDroplet } from "../plan/plan.ts";
import { dropServers } from "./server.ts";

/**
 * Resolves when the server on the node `nodeName` may go. `removed` are the names of nodes, by slot, whose servers were
 * taken out of the peers before.
 */
export async function othersHealthy(
  { ask, agents, account, declared }: RolloutCluster,
  { slot, nodeName }: { readonly slot: string; readonly nodeName: string },
  removed: ReadonlyMap<string, string>,
  { region, ...dropping }: PollOptions & { readonly region: string },
  options: PollOptions,
): Promise<void> {
  const others = agents.filter((agent) => agent.slot !== slot && !removed.has(agent.slot));
  const look = async () => {
    const [servers, answers] = await Promise.all([observeServers(ask), answersOf(others)]);
    const gone = new Set(removed.values());
    const refusal = departureRefusal(
      nodeName,
      servers.filter(({ name }) => !gone.has(name)),
      answers,
    );
    if (refusal === undefined) return true;
    // While gossip still knows a server that was dropped, the leader may take it in again (measured).
    const dead = serversWithoutDroplet(servers, await account.list(), declared).map(({ id }) => id);
    await dropServers(ask, ({ id }) => dead.includes(id), region, dropping);
    return new Waiting(refusal);
  };
  await poll("checking the other servers", look, options);
}
