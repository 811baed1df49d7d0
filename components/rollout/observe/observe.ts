import type { NodeListEntry } from "../../clients/nomad/types.ts";
import type { AskCluster, NomadApi } from "../servers.ts";
import type { ServerAnswer } from "./standing.ts";
import { errorMessage } from "../poll.ts";
import { nodeNameOf, nodeNameOfServer } from "../../nodes/names.ts";
import type { ListedDroplet, Observation, ObservedServer } from "./state.ts";

/** What a rollout writes on a drain, to know its own from an operator's. */
export const drainMark = { "nomad-digitalocean": "rollout" } as const;
/** What it writes when it takes the node into service again. */
export const takenBackMark = { "nomad-digitalocean": "taken back" } as const;

/** The own view of the agent in one slot, from the first of its addresses that answers. */
async function serverAnswer(slot: string, addresses: readonly NomadApi[]): Promise<ServerAnswer> {
  try {
    return { slot, answer: await firstAnswer(addresses.map((agent) => agent.ownView())) };
  } catch (error) {
    return { slot, answer: { failure: errorMessage(error) } };
  }
}

/** The first answer of several addresses of one agent; if none of them answers the error has every reason. */
export async function firstAnswer<Answer>(answers: readonly Promise<Answer>[]): Promise<Answer> {
  try {
    return await Promise.any(answers);
  } catch (error) {
    const failures = error instanceof AggregateError ? error.errors : [error];
    throw new Error(failures.map(errorMessage).join(", "), { cause: error });
  }
}

export interface ServerAgent {
  readonly slot: string;
  /** True if the account listed a droplet for it that has been created: one that is `new` never ran an agent. */
  readonly hasDroplet: boolean;
  /** All ways to it. */
  readonly addresses: readonly NomadApi[];
}

/** The own view of each agent. */
export function answersOf(agents: readonly ServerAgent[]): Promise<ServerAnswer[]> {
  return Promise.all(agents.map(({ slot, addresses }) => serverAnswer(slot, addresses)));
}

/** What Nomad knows of the droplets and of its servers. */
export async function observeCluster(
  ask: AskCluster,
  droplets: readonly ListedDroplet[],
): Promise<Observation> {
  const names = new Set(droplets.map(nodeNameOf));
  const [listed, servers] = await Promise.all([ask((server) => server.nodes()), observeServers(ask)]);
  const nodes = await Promise.all(
    listed
      .filter(({ Name }) => names.has(Name))
      .map(async (node) => {
        const { Meta } = await ask((server) => server.node(node.ID));
        return {
          id: node.ID,
          name: node.Name,
          slot: Meta?.["slot"] ?? "",
          spec: Meta?.["spec"] ?? "",
          ready: node.Status === "ready",
          drained: drainedByRollout(node),
        };
      }),
  );
  const otherNodes = listed
    .filter(({ Name }) => !names.has(Name))
    .map(({ ID, Name }) => ({ id: ID, name: Name }));
  return { droplets, nodes, otherNodes, servers };
}

/** True if a rollout took the node out of service. */
export function drainedByRollout(node: Pick<NodeListEntry, "SchedulingEligibility" | "LastDrain">): boolean {
  const [mark, value] = Object.entries(drainMark)[0]!;
  return node.SchedulingEligibility === "ineligible" && node.LastDrain?.Meta?.[mark] === value;
}

/** Every Raft peer, with what autopilot makes of it. */
export async function observeServers(ask: AskCluster): Promise<ObservedServer[]> {
  const [peers, health] = await Promise.all([
    ask((server) => server.raftPeers()),
    ask((server) => server.autopilotHealth()),
  ]);
  return peers.map((peer) => {
    const state = (health.Servers ?? []).find(({ ID }) => ID === peer.ID);
    const name = state?.Name || (peer.Node === "(unknown)" ? "" : peer.Node);
    return {
      id: peer.ID,
      name: nodeNameOfServer(name),
      alive: state?.SerfStatus === "alive",
      healthy: (state?.Healthy ?? false) && peer.Voter,
      leads: peer.Leader,
    };
  });
}
