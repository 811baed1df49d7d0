import type { Duration } from "../duration.ts";
import { OperatorError } from "../operator-error.ts";
import type { AskCluster } from "./servers.ts";
import type { ServerAgent } from "./observe/observe.ts";
import { errorMessage } from "./poll.ts";
import type { Progress } from "./poll.ts";
import type { DeclaredSlot, ListedDroplet } from "./observe/state.ts";

export interface RolloutSettings {
  /** Longest drain of one node. */
  readonly maxDrain: Duration;
  /** Longest wait for a new droplet to become active, for a node to join, and for the jobs to run again. */
  readonly joinTimeout: Duration;
  /** Longest wait for a cluster that does not answer. */
  readonly readyTimeout: Duration;
  /** Longest wait for another server to be healthy before a rollout stops. */
  readonly settleTimeout: Duration;
  /** Treats a cluster that does not answer as a new one. */
  readonly replaceUnreachableCluster: boolean;
  /** Nomad region. */
  readonly region: string;
}

/** The account, as far as a rollout needs it past Pulumi. */
export interface RolloutAccount {
  /** The cluster's droplets that there are now. */
  list(): Promise<readonly ListedDroplet[]>;
  /** Begins to delete a droplet. */
  delete(id: string): Promise<void>;
}

/** The cluster that a rollout changes. */
export interface RolloutCluster {
  /** All slots, in order. */
  readonly declared: readonly DeclaredSlot[];
  /** The cluster's droplets as the account listed them before the update. */
  readonly droplets: readonly ListedDroplet[];
  /** The account itself, for what has come into it since. */
  readonly account: RolloutAccount;
  readonly ask: AskCluster;
  /** Server slots that are declared or have a droplet. */
  readonly agents: readonly ServerAgent[];
  /** What encrypts the servers' gossip, in base64; new droplets know only this one. */
  readonly gossipKey: string;
  /** Makes the stack's secret the management token, if the cluster has none yet. */
  readonly bootstrapAcl: () => Promise<true>;
  /** Takes a snapshot and keeps it; resolves to where it is. */
  readonly saveSnapshot: () => Promise<string>;
}

/** How a rollout tells what it does. */
export interface RolloutReport {
  /** What is waited for just now, every few seconds. */
  readonly progress: Progress;
  /** What is worth keeping on the screen. */
  readonly notice: Progress;
}

/** What stops a rollout: the reason and what to do. */
export class RolloutError extends OperatorError {}

/** One error object for one failure, however many slots wait for it: Pulumi reports each object once. */
export function rolloutError(where: string, error: unknown): RolloutError {
  return error instanceof RolloutError
    ? error
    : new RolloutError(`the rollout stopped ${where}: ${errorMessage(error)}`, { cause: error });
}
