import type { NodeListEntry } from "../../clients/nomad/types.ts";
import { nodeNameOf, nodeNameOfServer } from "../../nodes/names.ts";
import type { AgentApi, ServerApi, WithFailover } from "../failover.ts";
import { errorMessage } from "../../error-message.ts";
import type { ClusterDroplet } from "./account-droplets.ts";
import type { ClusterState, ServerState } from "./cluster-state.ts";
import type { AgentProbe } from "./detect-cluster.ts";
import type { ServerAgent } from "./server-agents.ts";

/** Metadata of a drain that a rollout began, which an operator's drain does not have. */
export const drainMark = { "nomad-digitalocean": "rollout" } as const;
/** Metadata of the drain by which a rollout makes the node eligible again. */
export const takenBackMark = { "nomad-digitalocean": "taken back" } as const;

/** The first result of several addresses of one agent; if all of them fail, the error has every reason. */
export async function firstSuccess<Result>(results: readonly Promise<Result>[]): Promise<Result> {
  try {
    return await Promise.any(results);
  } catch (error) {
    const failures = error instanceof AggregateError ? error.errors : [error];
    throw new Error(failures.map(errorMessage).join(", "), { cause: error });
  }
}

/** Each agent's local (stale) view, from the first of its addresses that answers. */
export function probeAgents(
  agents: readonly ServerAgent<Pick<AgentApi, "staleView">>[],
): Promise<AgentProbe[]> {
  return Promise.all(
    agents.map(async ({ slot, hasDroplet, clients }) => {
      try {
        const answer = await firstSuccess(clients.map((client) => client.staleView()));
        return { slot, hasDroplet, answer };
      } catch (error) {
        return { slot, hasDroplet, answer: { failure: errorMessage(error) } };
      }
    }),
  );
}

/** Names of the nodes whose servers answer for themselves, at any of the agents' addresses. */
export async function answeringServers(
  agents: readonly ServerAgent<Pick<AgentApi, "serverName">>[],
): Promise<Set<string>> {
  const answers = await Promise.allSettled(
    agents.flatMap(({ clients }) => clients.map((client) => client.serverName())),
  );
  return new Set(
    answers.flatMap((answer) => (answer.status === "fulfilled" ? [nodeNameOfServer(answer.value)] : [])),
  );
}

/** What Nomad knows of the droplets and of its servers. */
export async function readCluster(
  withFailover: WithFailover,
  droplets: readonly ClusterDroplet[],
  agents: readonly ServerAgent<AgentApi>[],
): Promise<ClusterState> {
  const names = new Set(droplets.map(nodeNameOf));
  const [listed, servers] = await Promise.all([
    withFailover((server) => server.nodes()),
    readServers(withFailover),
  ]);
  const isListed = servers.every(({ name }) => names.has(name));
  const answering = isListed ? names : await answeringServers(agents);
  const nodes = await Promise.all(
    listed
      .filter(({ Name }) => names.has(Name))
      .map(async (node) => {
        const { Meta } = await withFailover((server) => server.node(node.ID));
        return {
          id: node.ID,
          name: node.Name,
          slot: Meta?.["slot"] ?? "",
          specHash: Meta?.["spec"] ?? "",
          ready: node.Status === "ready",
          drained: drainedByRollout(node),
        };
      }),
  );
  const otherNodes = listed
    .filter(({ Name }) => !names.has(Name))
    .map(({ ID, Name }) => ({ id: ID, name: Name }));
  return { droplets, nodes, otherNodes, servers, answering };
}

/** True if a rollout took the node out of service. */
export function drainedByRollout(node: Pick<NodeListEntry, "SchedulingEligibility" | "LastDrain">): boolean {
  const [mark, value] = Object.entries(drainMark)[0]!;
  return node.SchedulingEligibility === "ineligible" && node.LastDrain?.Meta?.[mark] === value;
}

/** Every Raft peer, with its health as autopilot reports it. */
export async function readServers(
  withFailover: WithFailover<Pick<ServerApi, "raftPeers" | "autopilotHealth">>,
): Promise<ServerState[]> {
  const [peers, health] = await Promise.all([
    withFailover((server) => server.raftPeers()),
    withFailover((server) => server.autopilotHealth()),
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
