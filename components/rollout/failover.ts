import type { NomadClient } from "../clients/nomad/client.ts";
import { ApiError } from "../clients/request.ts";
import { errorMessage } from "../error-message.ts";
import { PermanentError } from "./poll.ts";

/** The calls of {@link NomadClient} that a rollout makes. Each may be made twice. */
export type ServerApi = Pick<
  NomadClient,
  | "leader"
  | "nodes"
  | "nodeOffers"
  | "node"
  | "nodeAllocations"
  | "drain"
  | "endDrain"
  | "touch"
  | "purgeNode"
  | "autopilotHealth"
  | "raftPeers"
  | "transferLeadership"
  | "removePeer"
  | "forceLeave"
  | "gossipKeys"
  | "installGossipKey"
  | "useGossipKey"
  | "removeGossipKey"
  | "jobs"
  | "job"
  | "allocations"
  | "jobEvaluations"
>;

/** The calls that a rollout makes to one server, of which it wants to hear itself. */
export type AgentApi = Pick<NomadClient, "leader" | "staleView" | "serverName">;

/** Makes one call to a cluster, through the first server that answers. */
export type WithFailover<Server = ServerApi> = <Result>(
  call: (server: Server) => Promise<Result>,
) => Promise<Result>;

/**
 * Tries the servers in turn, the one that answered last first. If a server does not answer, or answers 5xx, the next one
 * is tried; any other failure would be the same on every server.
 */
export function failover<Server>(servers: readonly Server[]): WithFailover<Server> {
  let order = [...servers];
  return async (call) => {
    const failures: string[] = [];
    for (const server of order)
      try {
        const result = await call(server);
        order = [server, ...order.filter((other) => other !== server)];
        return result;
      } catch (error) {
        if (error instanceof PermanentError || (error instanceof ApiError && error.status < 500)) throw error;
        failures.push(errorMessage(error));
      }
    throw new Error(failures.join("; "));
  };
}
