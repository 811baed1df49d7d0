import type { Role, Slot } from "../../nodes/names.ts";
import type { ClusterDroplet } from "./account-droplets.ts";

/** A slot as the program wants it. */
export interface DesiredSlot {
  readonly slot: Slot;
  readonly role: Role;
  readonly dropletName: string;
  /** Hash of everything that would replace the droplet. */
  readonly specHash: string;
  /** Droplet size slug. */
  readonly size: string;
  /** Ids of the volumes that its droplet gets, as far as they are known. */
  readonly volumeIds: readonly string[];
}

/** A node as Nomad knows it. */
export interface NodeState {
  readonly id: string;
  readonly name: string;
  /** As the node's `meta.slot` says. */
  readonly slot: string;
  /** As the node's `meta.spec` says. */
  readonly specHash: string;
  readonly ready: boolean;
  /** True if a rollout drained it or began to. */
  readonly drained: boolean;
}

/** A server in the Raft peer set. */
export interface ServerState {
  /** Raft id. */
  readonly id: string;
  /** Name of its node; empty if gossip knows no such server. */
  readonly name: string;
  /** Member of the gossip pool that answers. */
  readonly alive: boolean;
  /** Healthy and a voter. */
  readonly healthy: boolean;
  readonly leads: boolean;
}

/** The cluster as it is. */
export interface ClusterState {
  /** Its droplets, including those of slots that are no longer desired. */
  readonly droplets: readonly ClusterDroplet[];
  readonly nodes: readonly NodeState[];
  /** Nodes on none of the droplets. */
  readonly otherNodes: readonly { readonly id: string; readonly name: string }[];
  readonly servers: readonly ServerState[];
  /** Names of nodes whose servers answer for themselves; those on listed droplets may be missing. */
  readonly answering: ReadonlySet<string>;
}
