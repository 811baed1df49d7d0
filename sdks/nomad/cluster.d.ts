import type * as pulumi from "@pulumi/pulumi";

interface NamespaceCapabilities {
  disabledNetworkModes?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  disabledTaskDrivers?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  enabledNetworkModes?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  enabledTaskDrivers?: pulumi.Input<pulumi.Input<string>[] | undefined>;
}

interface AllowedAndDenied {
  alloweds?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  default?: pulumi.Input<string | undefined>;
  denieds?: pulumi.Input<pulumi.Input<string>[] | undefined>;
}

/** A namespace for jobs and variables. */
export declare class Namespace extends pulumi.CustomResource {
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: NamespaceState,
    opts?: pulumi.CustomResourceOptions,
  ): Namespace;
  static isInstance(obj: unknown): obj is Namespace;
  readonly capabilities: pulumi.Output<
    | {
        disabledNetworkModes?: string[];
        disabledTaskDrivers?: string[];
        enabledNetworkModes?: string[];
        enabledTaskDrivers?: string[];
      }
    | undefined
  >;
  readonly consulConfig: pulumi.Output<{ alloweds?: string[]; default: string; denieds?: string[] }>;
  readonly description: pulumi.Output<string | undefined>;
  readonly meta: pulumi.Output<{ [key: string]: string } | undefined>;
  readonly name: pulumi.Output<string>;
  readonly nodePoolConfig: pulumi.Output<{ alloweds?: string[]; default: string; denieds?: string[] }>;
  readonly quota: pulumi.Output<string | undefined>;
  readonly vaultConfig: pulumi.Output<{ alloweds?: string[]; default: string; denieds?: string[] }>;
  constructor(name: string, args?: NamespaceArgs, opts?: pulumi.CustomResourceOptions);
}

export interface NamespaceState {
  capabilities?: pulumi.Input<NamespaceCapabilities | undefined>;
  consulConfig?: pulumi.Input<AllowedAndDenied | undefined>;
  description?: pulumi.Input<string | undefined>;
  meta?: pulumi.Input<{ [key: string]: pulumi.Input<string> } | undefined>;
  name?: pulumi.Input<string | undefined>;
  nodePoolConfig?: pulumi.Input<AllowedAndDenied | undefined>;
  quota?: pulumi.Input<string | undefined>;
  vaultConfig?: pulumi.Input<AllowedAndDenied | undefined>;
}

export interface NamespaceArgs {
  /** What jobs of the namespace may use. Default: everything. */
  capabilities?: pulumi.Input<NamespaceCapabilities | undefined>;
  /** Enterprise only. */
  consulConfig?: pulumi.Input<AllowedAndDenied | undefined>;
  description?: pulumi.Input<string | undefined>;
  meta?: pulumi.Input<{ [key: string]: pulumi.Input<string> } | undefined>;
  /** Default: derived from the resource's name. A change replaces the namespace. */
  name?: pulumi.Input<string | undefined>;
  /** Enterprise only. */
  nodePoolConfig?: pulumi.Input<AllowedAndDenied | undefined>;
  /** Name of a resource quota. Enterprise only. */
  quota?: pulumi.Input<string | undefined>;
  /** Enterprise only. */
  vaultConfig?: pulumi.Input<AllowedAndDenied | undefined>;
}

/** The cluster's scheduler configuration. One a cluster; destroying it changes nothing in the cluster. */
export declare class SchedulerConfig extends pulumi.CustomResource {
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: SchedulerConfigState,
    opts?: pulumi.CustomResourceOptions,
  ): SchedulerConfig;
  static isInstance(obj: unknown): obj is SchedulerConfig;
  readonly memoryOversubscriptionEnabled: pulumi.Output<boolean | undefined>;
  readonly preemptionConfig: pulumi.Output<{ [key: string]: boolean } | undefined>;
  readonly schedulerAlgorithm: pulumi.Output<string | undefined>;
  constructor(name: string, args?: SchedulerConfigArgs, opts?: pulumi.CustomResourceOptions);
}

export interface SchedulerConfigState {
  memoryOversubscriptionEnabled?: pulumi.Input<boolean | undefined>;
  preemptionConfig?: pulumi.Input<{ [key: string]: pulumi.Input<boolean> } | undefined>;
  schedulerAlgorithm?: pulumi.Input<string | undefined>;
}

export interface SchedulerConfigArgs {
  /** Lets tasks use memory up to `MemoryMaxMB`. Default: false. */
  memoryOversubscriptionEnabled?: pulumi.Input<boolean | undefined>;
  /**
   * Which schedulers may evict lower priorities: `system_scheduler_enabled`, `service_scheduler_enabled`,
   * `batch_scheduler_enabled`, `sysbatch_scheduler_enabled`. A key left out is written as false.
   */
  preemptionConfig?: pulumi.Input<{ [key: string]: pulumi.Input<boolean> } | undefined>;
  /** `binpack` or `spread`. */
  schedulerAlgorithm?: pulumi.Input<string | undefined>;
}
