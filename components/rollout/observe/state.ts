import type { Role, Slot } from "../../nodes/names.ts";

/** A slot as the program declares it. */
export interface DeclaredSlot {
  readonly slot: Slot;
  readonly role: Role;
  readonly dropletName: string;
  /** Hash over everything that would replace the droplet. */
  readonly spec: string;
  /** Droplet size slug. */
  readonly size: string;
}

/** A droplet of the cluster as DigitalOcean's API lists it. */
export interface ListedDroplet {
  readonly id: string;
  readonly name: string;
  readonly size: string;
  /** `new` until it has been created, then `active`, `off` or `archive`. */
  readonly status: string;
}

/** A node as Nomad knows it. */
export interface ObservedNode {
  readonly id: string;
  /** Droplet's name, a hyphen and the droplet's id. */
  readonly name: string;
  readonly slot: string;
  readonly spec: string;
  readonly ready: boolean;
  /** True if a rollout drained it or began to. */
  readonly drained: boolean;
}

/** A server in the Raft peer set. */
export interface ObservedServer {
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

export interface Observation {
  /** Droplets of the cluster, those of slots no longer declared among them. */
  readonly droplets: readonly ListedDroplet[];
  readonly nodes: readonly ObservedNode[];
  /** Nodes on none of the droplets. */
  readonly otherNodes: readonly { readonly id: string; readonly name: string }[];
  readonly servers: readonly ObservedServer[];
}
