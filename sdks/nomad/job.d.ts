import type * as pulumi from "@pulumi/pulumi";

interface Constraint {
  ltarget?: string;
  operand?: string;
  rtarget?: string;
}

interface UpdateStrategy {
  autoRevert?: boolean;
  canary?: number;
  healthCheck?: string;
  healthyDeadline?: string;
  maxParallel?: number;
  minHealthyTime?: string;
  stagger?: string;
}

interface PeriodicConfig {
  enabled?: boolean;
  prohibitOverlap?: boolean;
  spec?: string;
  specType?: string;
  timezone?: string;
}

interface TaskGroup {
  count?: number;
  meta?: { [key: string]: string };
  name?: string;
  tasks?: {
    driver?: string;
    meta?: { [key: string]: string };
    name?: string;
    volumeMounts?: { destination?: string; readOnly?: boolean; volume?: string }[];
  }[];
  updateStrategies?: UpdateStrategy[];
  volumes?: { name?: string; readOnly?: boolean; source?: string; type?: string }[];
}

/**
 * A Nomad job. A change of the job's type is an update to the provider, and Nomad refuses it: replace the resource
 * instead, with `replacementTrigger`, `deleteBeforeReplace` and `purgeOnDestroy`.
 */
export declare class Job extends pulumi.CustomResource {
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: JobState,
    opts?: pulumi.CustomResourceOptions,
  ): Job;
  static isInstance(obj: unknown): obj is Job;
  readonly allAtOnce: pulumi.Output<boolean>;
  /** Empty unless `readAllocationIds`. */
  readonly allocationIds: pulumi.Output<string[]>;
  readonly constraints: pulumi.Output<Constraint[]>;
  readonly createIndex: pulumi.Output<number>;
  readonly datacenters: pulumi.Output<string[]>;
  /** Known when `detach` is false and the job has a deployment. */
  readonly deploymentId: pulumi.Output<string>;
  readonly deploymentStatus: pulumi.Output<string>;
  readonly deregisterOnDestroy: pulumi.Output<boolean | undefined>;
  readonly deregisterOnIdChange: pulumi.Output<boolean | undefined>;
  readonly detach: pulumi.Output<boolean | undefined>;
  readonly hcl2: pulumi.Output<{ allowFs?: boolean; vars?: { [key: string]: string } } | undefined>;
  readonly jobspec: pulumi.Output<string>;
  readonly json: pulumi.Output<boolean | undefined>;
  readonly modifyIndex: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly namespace: pulumi.Output<string>;
  readonly parentId: pulumi.Output<string>;
  readonly periodicConfigs: pulumi.Output<PeriodicConfig[]>;
  readonly policyOverride: pulumi.Output<boolean | undefined>;
  readonly preserveCounts: pulumi.Output<boolean | undefined>;
  readonly priority: pulumi.Output<number>;
  readonly purgeOnDestroy: pulumi.Output<boolean | undefined>;
  readonly readAllocationIds: pulumi.Output<boolean | undefined>;
  readonly region: pulumi.Output<string>;
  readonly rerunIfDead: pulumi.Output<boolean | undefined>;
  readonly stable: pulumi.Output<boolean>;
  readonly status: pulumi.Output<string>;
  readonly statusDescription: pulumi.Output<string>;
  readonly stop: pulumi.Output<boolean>;
  readonly submitTime: pulumi.Output<string>;
  readonly taskGroups: pulumi.Output<TaskGroup[]>;
  readonly type: pulumi.Output<string>;
  readonly updateStrategies: pulumi.Output<UpdateStrategy[]>;
  readonly version: pulumi.Output<number>;
  constructor(name: string, args: JobArgs, opts?: pulumi.CustomResourceOptions);
}

interface JobHcl2 {
  allowFs?: pulumi.Input<boolean | undefined>;
  vars?: pulumi.Input<{ [key: string]: pulumi.Input<string> } | undefined>;
}

export interface JobArgs {
  /** Deregisters the job when the resource is destroyed. Default: true. */
  deregisterOnDestroy?: pulumi.Input<boolean | undefined>;
  /** Replaces the resource, and so deregisters the old job, when the job's id changes. Default: true. */
  deregisterOnIdChange?: pulumi.Input<boolean | undefined>;
  /** Returns as soon as Nomad has accepted the job. False waits for its evaluation and its deployment. Default: true. */
  detach?: pulumi.Input<boolean | undefined>;
  /** How to parse an HCL job. */
  hcl2?: pulumi.Input<JobHcl2 | undefined>;
  /** The job: HCL, or the HTTP API's JSON when `json` is true. */
  jobspec: pulumi.Input<string>;
  /** `jobspec` is JSON, durations in nanoseconds; unknown fields are dropped silently. Default: false. */
  json?: pulumi.Input<boolean | undefined>;
  /** Overrides soft-mandatory Sentinel policies. Default: false. */
  policyOverride?: pulumi.Input<boolean | undefined>;
  /** Keeps the counts that the running job has. Default: false. */
  preserveCounts?: pulumi.Input<boolean | undefined>;
  /** Removes the job at once when it is deregistered instead of leaving it dead until garbage collection. Default: false. */
  purgeOnDestroy?: pulumi.Input<boolean | undefined>;
  /** @deprecated Reads the ids of the job's allocations. */
  readAllocationIds?: pulumi.Input<boolean | undefined>;
  /** Runs the job again when it is found dead. Default: false. */
  rerunIfDead?: pulumi.Input<boolean | undefined>;
}

export interface JobState extends Partial<JobArgs> {
  allAtOnce?: pulumi.Input<boolean | undefined>;
  allocationIds?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  constraints?: pulumi.Input<pulumi.Input<Constraint>[] | undefined>;
  createIndex?: pulumi.Input<number | undefined>;
  datacenters?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  deploymentId?: pulumi.Input<string | undefined>;
  deploymentStatus?: pulumi.Input<string | undefined>;
  modifyIndex?: pulumi.Input<string | undefined>;
  name?: pulumi.Input<string | undefined>;
  namespace?: pulumi.Input<string | undefined>;
  parentId?: pulumi.Input<string | undefined>;
  periodicConfigs?: pulumi.Input<pulumi.Input<PeriodicConfig>[] | undefined>;
  priority?: pulumi.Input<number | undefined>;
  region?: pulumi.Input<string | undefined>;
  stable?: pulumi.Input<boolean | undefined>;
  status?: pulumi.Input<string | undefined>;
  statusDescription?: pulumi.Input<string | undefined>;
  stop?: pulumi.Input<boolean | undefined>;
  submitTime?: pulumi.Input<string | undefined>;
  taskGroups?: pulumi.Input<pulumi.Input<TaskGroup>[] | undefined>;
  type?: pulumi.Input<string | undefined>;
  updateStrategies?: pulumi.Input<pulumi.Input<UpdateStrategy>[] | undefined>;
  version?: pulumi.Input<number | undefined>;
}
