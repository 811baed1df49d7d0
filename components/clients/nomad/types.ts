// What Nomad's HTTP API answers, as far as this project reads it.

/** What is remembered of a node's newest drain. */
export interface DrainMetadata {
  readonly Status: "draining" | "complete" | "canceled";
  /** What the one who asked for the drain said about it. */
  readonly Meta: Readonly<Record<string, string>> | null;
}

/** A node as `GET /v1/nodes` lists it. */
export interface NodeListEntry {
  readonly ID: string;
  readonly Name: string;
  /** `initializing`, `ready`, `down` or `disconnected`. */
  readonly Status: string;
  readonly SchedulingEligibility: "eligible" | "ineligible";
  readonly Drain: boolean;
  readonly LastDrain: DrainMetadata | null;
}

/** What a node offers to jobs, as `GET /v1/nodes` lists it. */
export interface NodeOffer {
  readonly Name: string;
  readonly Status: string;
  readonly Datacenter: string;
  readonly NodePool: string;
  /** By name. */
  readonly Drivers: Readonly<Record<string, { readonly Healthy: boolean }>> | null;
  /** By name. */
  readonly HostVolumes: Readonly<Record<string, { readonly ReadOnly: boolean }>> | null;
}

/** A deployment as `GET /v1/job/ID/deployment` describes it. */
export interface JobDeployment {
  readonly JobVersion: number;
  readonly Status: string;
  readonly StatusDescription: string;
}

/** A job as `GET /v1/job/ID` describes it. */
export interface JobDetail {
  readonly Type: string;
  readonly Version: number;
  readonly JobModifyIndex: number;
  readonly Stop: boolean;
  readonly TaskGroups:
    | readonly {
        readonly Name: string;
        readonly Count: number;
        /** By the name that its tasks mount it by. `Source` is the node's name of a volume of type `host`. */
        readonly Volumes: Readonly<Record<string, { readonly Type: string; readonly Source: string }>> | null;
      }[]
    | null;
}

/** A node as `GET /v1/node/ID` describes it. */
export interface NodeDetail {
  readonly ID: string;
  readonly Name: string;
  readonly Datacenter: string;
  /** By name. */
  readonly HostVolumes: Readonly<Record<string, { readonly ReadOnly: boolean }>> | null;
  readonly Status: string;
  readonly SchedulingEligibility: "eligible" | "ineligible";
  readonly Meta: Readonly<Record<string, string>> | null;
  /** Present while the node drains. */
  readonly DrainStrategy: object | null;
  readonly LastDrain: DrainMetadata | null;
}

/** An allocation on a node. */
export interface NodeAllocation {
  readonly ID: string;
  readonly JobID: string;
  readonly Namespace: string;
  /** `pending`, `running`, `complete`, `failed`, `lost` or `unknown`. */
  readonly ClientStatus: string;
  /** `run`, `stop` or `evict`. */
  readonly DesiredStatus: string;
  readonly Job: { readonly Type: string } | null;
}

export interface ServerHealth {
  /** Raft id. */
  readonly ID: string;
  /** `NODE.REGION`. */
  readonly Name: string;
  /** `alive`, `leaving`, `left`, `failed` or `none`. */
  readonly SerfStatus: string;
  readonly Leader: boolean;
  readonly Healthy: boolean;
  readonly Voter: boolean;
}

export interface AutopilotHealth {
  readonly Healthy: boolean;
  readonly Servers: readonly ServerHealth[] | null;
}

export interface RaftPeer {
  readonly ID: string;
  /** `NODE.REGION`, or `(unknown)` when gossip knows no such server. */
  readonly Node: string;
  /** `ADDRESS:PORT` in the VPC. */
  readonly Address: string;
  readonly Leader: boolean;
  readonly Voter: boolean;
}

/** An allocation as `GET /v1/allocations` lists it. */
export interface AllocationListEntry {
  readonly ID: string;
  readonly JobID: string;
  readonly Namespace: string;
  readonly NodeID: string;
  readonly ClientStatus: string;
  readonly DesiredStatus: string;
}

/** A job as `GET /v1/jobs` lists it. */
export interface JobListEntry {
  readonly ID: string;
  readonly Namespace: string;
  readonly Type: string;
  /** `pending`, `running` or `dead`. */
  readonly Status: string;
  readonly Stop: boolean;
}

/** Why a group was not placed. */
export interface FailedPlacement {
  readonly NodesEvaluated: number;
  readonly NodesFiltered: number;
  readonly NodesExhausted: number;
}

export interface JobEvaluation {
  /** `blocked`, `pending`, `complete`, `failed` or `canceled`. */
  readonly Status: string;
  readonly FailedTGAllocs: Readonly<Record<string, FailedPlacement>> | null;
}

/** What a plan would do to the allocations of a task group. */
export interface DesiredUpdates {
  readonly Ignore: number;
  /**
   * Allocations to be created. Of a system job Nomad 1.11 counts here every node that can run it, those that do already
   * among them (measured with 1.11.3).
   */
  readonly Place: number;
  readonly Migrate: number;
  readonly Stop: number;
  readonly InPlaceUpdate: number;
  /** Allocations to be replaced; of a service job only as many as are replaced at once. */
  readonly DestructiveUpdate: number;
  readonly Canary: number;
}

/** Why a plan does not place a group. */
export interface PlacementMetric {
  readonly NodesEvaluated: number;
  readonly NodesAvailable: Readonly<Record<string, number>> | null;
  /** By constraint, how many nodes it leaves out. */
  readonly ConstraintFiltered?: Readonly<Record<string, number>> | null;
  /** By resource, how many nodes lack it. */
  readonly DimensionExhausted?: Readonly<Record<string, number>> | null;
  readonly QuotaExhausted?: readonly string[] | null;
  /** Further allocations that fail alike. */
  readonly CoalescedFailures: number;
}

export interface FieldDiff {
  /** `None`, `Added`, `Deleted` or `Edited`. */
  readonly Type: string;
  readonly Name: string;
  readonly Old: string;
  readonly New: string;
}

/** A difference with its parts; a task and an object have no task groups, an object no tasks. */
export interface ObjectDiff {
  readonly Type: string;
  readonly Name?: string;
  readonly Fields: readonly FieldDiff[] | null;
  readonly Objects: readonly ObjectDiff[] | null;
  readonly TaskGroups?: readonly ObjectDiff[] | null;
  readonly Tasks?: readonly ObjectDiff[] | null;
}

/** The servers' gossip keys, as `GET /v1/agent/keyring/list` answers. */
export interface GossipKeys {
  /** How many servers have each key, in base64. */
  readonly Keys: Readonly<Record<string, number>>;
  /** How many servers were asked: those that gossip does not hold for dead. */
  readonly NumNodes: number;
}

/** As `POST /v1/job/ID/plan` answers. */
export interface JobPlan {
  readonly Annotations: {
    readonly DesiredTGUpdates: Readonly<Record<string, DesiredUpdates>> | null;
    readonly PreemptedAllocs?: readonly { readonly JobID: string; readonly TaskGroup: string }[] | null;
  } | null;
  readonly FailedTGAllocs: Readonly<Record<string, PlacementMetric>> | null;
  readonly Diff: ObjectDiff | null;
  /** Empty if there are none. */
  readonly Warnings: string;
}

/** An allocation as `GET /v1/job/ID/allocations` lists it. */
export interface JobAllocation {
  readonly ID: string;
  readonly TaskGroup: string;
  readonly JobVersion: number;
  /** `run`, `stop` or `evict`. */
  readonly DesiredStatus: string;
  readonly ClientStatus: string;
}
