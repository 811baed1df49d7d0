import type * as pulumi from "@pulumi/pulumi";

interface JobAcl {
  group?: pulumi.Input<string | undefined>;
  jobId?: pulumi.Input<string | undefined>;
  namespace?: pulumi.Input<string | undefined>;
  task?: pulumi.Input<string | undefined>;
}

/** A named set of ACL rules. */
export declare class AclPolicy extends pulumi.CustomResource {
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: AclPolicyState,
    opts?: pulumi.CustomResourceOptions,
  ): AclPolicy;
  static isInstance(obj: unknown): obj is AclPolicy;
  readonly description: pulumi.Output<string | undefined>;
  readonly jobAcl: pulumi.Output<
    { group?: string; jobId?: string; namespace?: string; task?: string } | undefined
  >;
  readonly name: pulumi.Output<string>;
  readonly rulesHcl: pulumi.Output<string>;
  constructor(name: string, args: AclPolicyArgs, opts?: pulumi.CustomResourceOptions);
}

export interface AclPolicyState {
  description?: pulumi.Input<string | undefined>;
  jobAcl?: pulumi.Input<JobAcl | undefined>;
  name?: pulumi.Input<string | undefined>;
  rulesHcl?: pulumi.Input<string | undefined>;
}

export interface AclPolicyArgs {
  description?: pulumi.Input<string | undefined>;
  /** Attaches the policy to the workload identities of a job, group or task instead of to tokens. */
  jobAcl?: pulumi.Input<JobAcl | undefined>;
  /** Default: derived from the resource's name. A change replaces the policy. */
  name?: pulumi.Input<string | undefined>;
  /** The rules in Nomad's ACL policy language. */
  rulesHcl: pulumi.Input<string>;
}

/** An ACL token. */
export declare class AclToken extends pulumi.CustomResource {
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: AclTokenState,
    opts?: pulumi.CustomResourceOptions,
  ): AclToken;
  static isInstance(obj: unknown): obj is AclToken;
  /** The token's public name in logs and listings. */
  readonly accessorId: pulumi.Output<string>;
  readonly createTime: pulumi.Output<string>;
  readonly expirationTime: pulumi.Output<string>;
  readonly expirationTtl: pulumi.Output<string | undefined>;
  readonly global: pulumi.Output<boolean | undefined>;
  readonly name: pulumi.Output<string>;
  readonly policies: pulumi.Output<string[] | undefined>;
  readonly roles: pulumi.Output<{ id: string; name: string }[] | undefined>;
  /** What requests authenticate with. Secret. */
  readonly secretId: pulumi.Output<string>;
  readonly type: pulumi.Output<string>;
  constructor(name: string, args: AclTokenArgs, opts?: pulumi.CustomResourceOptions);
}

export interface AclTokenState {
  accessorId?: pulumi.Input<string | undefined>;
  createTime?: pulumi.Input<string | undefined>;
  expirationTime?: pulumi.Input<string | undefined>;
  expirationTtl?: pulumi.Input<string | undefined>;
  global?: pulumi.Input<boolean | undefined>;
  name?: pulumi.Input<string | undefined>;
  policies?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  roles?: pulumi.Input<pulumi.Input<{ id: pulumi.Input<string> }>[] | undefined>;
  secretId?: pulumi.Input<string | undefined>;
  type?: pulumi.Input<string | undefined>;
}

export interface AclTokenArgs {
  /** How long the token is valid, such as `1h0m0s`. Default: for ever. A change replaces the token. */
  expirationTtl?: pulumi.Input<string | undefined>;
  /** Valid in every region. Default: false. A change replaces the token. */
  global?: pulumi.Input<boolean | undefined>;
  name?: pulumi.Input<string | undefined>;
  /** Names of policies; none for a management token. */
  policies?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  roles?: pulumi.Input<pulumi.Input<{ id: pulumi.Input<string> }>[] | undefined>;
  /** `client` or `management`. */
  type: pulumi.Input<string>;
}
