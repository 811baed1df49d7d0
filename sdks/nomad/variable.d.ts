import type * as pulumi from "@pulumi/pulumi";

/** A Nomad variable: an encrypted map that tasks read with their workload identity. Written without check-and-set. */
export declare class Variable extends pulumi.CustomResource {
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: VariableState,
    opts?: pulumi.CustomResourceOptions,
  ): Variable;
  static isInstance(obj: unknown): obj is Variable;
  /** Secret. */
  readonly items: pulumi.Output<{ [key: string]: string } | undefined>;
  /** Secret. */
  readonly itemsWo: pulumi.Output<string | undefined>;
  readonly itemsWoVersion: pulumi.Output<number | undefined>;
  readonly namespace: pulumi.Output<string | undefined>;
  readonly path: pulumi.Output<string>;
  constructor(name: string, args: VariableArgs, opts?: pulumi.CustomResourceOptions);
}

export interface VariableState {
  items?: pulumi.Input<{ [key: string]: pulumi.Input<string> } | undefined>;
  itemsWo?: pulumi.Input<string | undefined>;
  itemsWoVersion?: pulumi.Input<number | undefined>;
  namespace?: pulumi.Input<string | undefined>;
  path?: pulumi.Input<string | undefined>;
}

export interface VariableArgs {
  /** The variable's keys and values; excludes `itemsWo`. Secret. */
  items?: pulumi.Input<{ [key: string]: pulumi.Input<string> } | undefined>;
  /** The same as a JSON object that the provider does not keep; needs `itemsWoVersion`. Secret. */
  itemsWo?: pulumi.Input<string | undefined>;
  /** Raise it to write a changed `itemsWo`. */
  itemsWoVersion?: pulumi.Input<number | undefined>;
  /** Default: `default`. A change replaces the variable. */
  namespace?: pulumi.Input<string | undefined>;
  /** Such as `nomad/jobs/JOB`, 128 characters at most. A change replaces the variable. */
  path: pulumi.Input<string>;
}
