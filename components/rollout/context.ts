import { milliseconds } from "../duration.ts";
import type { Duration } from "../duration.ts";
import { OperatorError } from "../operator-error.ts";
import type { AgentApi, WithFailover } from "./failover.ts";
import type { AccountDroplets, ClusterDroplet } from "./observe/account-droplets.ts";
import type { DesiredSlot } from "./observe/cluster-state.ts";
import type { ServerAgent } from "./observe/server-agents.ts";
import { errorMessage } from "../error-message.ts";
import type { PollOptions } from "./poll.ts";
import type { RolloutWatcher } from "./watchers.ts";

export interface RolloutSettings {
  /** Longest drain of one node. */
  readonly maxDrain: Duration;
  /** Longest wait for a new droplet to become active, for a node to join, and for the jobs to run again. */
  readonly joinTimeout: Duration;
  /** Longest wait for a cluster that does not answer. */
  readonly readyTimeout: Duration;
  /** Longest wait for another server to be healthy before a rollout stops. */
  readonly settleTimeout: Duration;
  /** Longest wait for a droplet to shut down before it is powered off. */
  readonly shutdownTimeout: Duration;
  /** How long a load balancer before the nodes takes to notice that one serves; `0s` if there is none. */
  readonly balancerNotice: Duration;
  /** Treats a cluster that does not answer as a new one. */
  readonly replaceUnreachableCluster: boolean;
  /** Nomad region. */
  readonly region: string;
}

/** Where a rollout reports what it does. */
export interface Logger {
  /** What is waited for just now, every few seconds. */
  readonly status: (message: string) => void;
  /** What stays on the screen. */
  readonly info: (message: string) => void;
}

export interface RolloutOptions extends RolloutSettings {
  readonly logger: Logger;
  /** Asked when the first node is changed. Default none. */
  readonly watchers?: () => readonly RolloutWatcher[];
}

/** The cluster that a rollout changes. */
export interface RolloutContext {
  /** All slots, in order. */
  readonly desired: readonly DesiredSlot[];
  /** The cluster's droplets as the account listed them before the update. */
  readonly droplets: readonly ClusterDroplet[];
  /** The account as it is now, with droplets that have appeared since. */
  readonly account: AccountDroplets;
  readonly withFailover: WithFailover;
  /** Server slots that are desired or have a droplet. */
  readonly agents: readonly ServerAgent<AgentApi>[];
  /** Key that encrypts the servers' gossip, in base64; new droplets know only this one. */
  readonly gossipKey: string;
  /** What the account lacks for new droplets; undefined if nothing. */
  readonly missing: string | undefined;
  /** Makes the stack's secret the management token, unless it is already. */
  readonly bootstrapAcl: () => Promise<"made" | "known">;
  /** Takes a snapshot and writes it; resolves to where it is. */
  readonly saveSnapshot: () => Promise<string>;
}

/** How long each kind of step may take, with the slot named in its progress; no slot stands for the whole cluster. */
export interface Timeouts {
  /** For a step with a deadline of its own. */
  readonly none: (slot?: string) => Pick<PollOptions, "onProgress">;
  /** For what should already be so. */
  readonly settle: (slot?: string) => PollOptions;
  /** For a node, its server and its jobs. */
  readonly join: (slot?: string) => PollOptions;
}

export function rolloutTimeouts({ settleTimeout, joinTimeout, logger }: RolloutOptions): Timeouts {
  const none = (slot?: string) => ({
    onProgress: (message: string) => logger.status(slot === undefined ? message : `${slot}: ${message}`),
  });
  return {
    none,
    settle: (slot) => ({ ...none(slot), deadline: milliseconds(settleTimeout) }),
    join: (slot) => ({ ...none(slot), deadline: milliseconds(joinTimeout) }),
  };
}

/** What stops a rollout: the reason and what to do. */
export class RolloutError extends OperatorError {}

/** Throws if the account lacks something for new droplets: an old one must not go before. */
export function checkMakeable({ missing }: Pick<RolloutContext, "missing">): void {
  if (missing !== undefined) throw new RolloutError(missing);
}

/** One error object for one failure, however many slots wait for it: Pulumi reports each object once. */
export function rolloutError(where: string, error: unknown): RolloutError {
  return error instanceof RolloutError
    ? error
    : new RolloutError(`the rollout stopped ${where}: ${errorMessage(error)}`, { cause: error });
}
