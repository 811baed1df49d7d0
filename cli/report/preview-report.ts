// The JSON file that `npm run preview:report` writes. It holds no secret: neither values of secrets nor of variables.

export interface PreviewReport {
  /** Version of this format, incremented on breaking changes. */
  readonly version: 1;
  readonly stack: string;
  /** `failed` if Pulumi ended the preview with an error: what follows is then not complete. */
  readonly outcome: "succeeded" | "failed";
  /** What Pulumi said when it failed, mandatory policies aside. */
  readonly errors: readonly string[];
  /** What the report could not find out, and why. */
  readonly remarks: readonly string[];
  readonly nodes: NodeSection;
  readonly jobs: readonly JobChange[];
  readonly secrets: readonly SecretChange[];
  /** All other resources that change; components, which are only groups of them, are left out. */
  readonly other: readonly ResourceSummary[];
  readonly cost: Cost;
  readonly policies: PolicySection;
}

export interface NodeSection {
  /** In the order of the rollout, if it is known, and those that are removed last. */
  readonly changes: readonly NodeChange[];
  /** Summary of the rollout's plan, of all clusters that change; null if there is none. */
  readonly rollout: string | null;
}

export interface NodeChange {
  /** Name of the droplet. */
  readonly node: string;
  /** `resize` powers the droplet off and on; `update` leaves it running. */
  readonly action: "create" | "replace" | "resize" | "update" | "remove";
  /** Properties of the droplet that change; empty for one that is created or removed. */
  readonly properties: readonly string[];
}

/**
 * What a change means to a job's tasks. `restarted`: allocations are replaced, or their templates restart the tasks.
 * `signalled`: only a template's signal, or script. `unknown`: Nomad could not be asked.
 */
export type JobEffect =
  "created" | "removed" | "replaced" | "restarted" | "signalled" | "in place" | "unknown";

export interface JobChange {
  /** Id of the job; the resource's name if its text is not known. */
  readonly job: string;
  readonly namespace: string;
  readonly effect: JobEffect;
  /** What the job's text changes to, field by field; values only where they are numbers, switches or images. */
  readonly fields: readonly FieldChange[];
  /** What Nomad would do, by task group; null if that is unknown, and a note says why. */
  readonly groups: readonly GroupPicture[] | null;
  /** Allocations of other jobs that have to go. */
  readonly preempted: readonly Preemption[];
  /** What is missing from the picture, what Nomad warns of, or which variable the tasks read anew. */
  readonly notes: readonly string[];
}

export interface FieldChange {
  /** For example `ghost/ghost/Resources.MemoryMB`: group, task, field. */
  readonly field: string;
  readonly old?: string;
  readonly new?: string;
}

/** Allocations of one task group, as they will be when the change is through, or as far as it gets. */
export interface GroupPicture {
  readonly group: string;
  /** New allocations, the successors of those that are destroyed or migrated among them; null if that is unknown. */
  readonly create: number | null;
  readonly updateInPlace: number;
  /** Allocations that stop. */
  readonly destroy: number;
  /** Allocations that stay as they are. */
  readonly keep: number;
  /** Of those created and destroyed: moved away from a node that drains. */
  readonly migrate: number;
  /** Of those created: canaries, beside which the old ones run until they are promoted. */
  readonly canary: number;
  readonly notPlaceable: NotPlaceable | null;
}

export interface NotPlaceable {
  readonly count: number;
  /** Nomad's reasons, for example `memory exhausted on 3 nodes`. */
  readonly reason: string;
}

export interface Preemption {
  readonly job: string;
  readonly group: string;
  readonly count: number;
}

export interface SecretChange {
  readonly resource: string;
  /** Pulumi type token. */
  readonly type: string;
  readonly action: Action;
  /** Path of a Nomad Variable. */
  readonly path?: string;
}

export type Action = "create" | "update" | "replace" | "delete";

export interface ResourceSummary {
  readonly resource: string;
  readonly type: string;
  readonly action: Action;
  readonly properties: readonly string[];
}

/** In US dollars a month, before tax. */
export interface Cost {
  /** Null if the prices could not be read, or one of them is missing. */
  readonly before: number | null;
  readonly after: number | null;
  readonly items: readonly CostItem[];
  /** Where the prices are from, and what has none here. */
  readonly notes: readonly string[];
}

export interface CostItem {
  readonly resource: string;
  /** For example `droplet s-2vcpu-4gb`; before and after if they differ. */
  readonly what: string;
  /** Null where there is no price; 0 where it does not exist. */
  readonly before: number | null;
  readonly after: number | null;
}

export interface PolicySection {
  /** Packs that took part, with their versions. */
  readonly packs: Readonly<Record<string, string>>;
  readonly findings: readonly PolicyFinding[];
}

export interface PolicyFinding {
  readonly policy: string;
  readonly pack: string;
  /** `mandatory` or `advisory`. */
  readonly level: string;
  /** Name of the resource; null for a finding about the whole stack. */
  readonly resource: string | null;
  readonly message: string;
}
