import type * as pulumi from "@pulumi/pulumi";

/** The connection to a Nomad cluster. Pass it as `provider` to the resources that live in that cluster. */
export declare class Provider extends pulumi.ProviderResource {
  static isInstance(obj: unknown): obj is Provider;
  readonly address: pulumi.Output<string | undefined>;
  readonly caFile: pulumi.Output<string | undefined>;
  readonly caPem: pulumi.Output<string | undefined>;
  readonly certFile: pulumi.Output<string | undefined>;
  readonly certPem: pulumi.Output<string | undefined>;
  /** Secret. */
  readonly httpAuth: pulumi.Output<string | undefined>;
  readonly keyFile: pulumi.Output<string | undefined>;
  /** Secret. */
  readonly keyPem: pulumi.Output<string | undefined>;
  readonly region: pulumi.Output<string | undefined>;
  /** Secret. */
  readonly secretId: pulumi.Output<string | undefined>;
  constructor(name: string, args?: ProviderArgs, opts?: pulumi.ResourceOptions);
}

export interface ProviderArgs {
  /** URL of any agent's HTTP API, such as `https://203.0.113.10:4646`. Default: `NOMAD_ADDR`; an error when neither is given. */
  address?: pulumi.Input<string | undefined>;
  /** Logs in with a JWT instead of an ACL token. */
  authJwt?: pulumi.Input<{ authMethod: pulumi.Input<string>; loginToken: pulumi.Input<string> } | undefined>;
  /** Path of the CA's certificate in PEM. Default: `NOMAD_CACERT`. */
  caFile?: pulumi.Input<string | undefined>;
  /** The CA's certificate in PEM; excludes `caFile`. */
  caPem?: pulumi.Input<string | undefined>;
  /** Path of the client certificate in PEM. Default: `NOMAD_CLIENT_CERT`. */
  certFile?: pulumi.Input<string | undefined>;
  /** The client certificate in PEM; excludes `certFile`. */
  certPem?: pulumi.Input<string | undefined>;
  /** HTTP headers to send with every request. Secret. */
  headers?: pulumi.Input<
    pulumi.Input<{ name: pulumi.Input<string>; value: pulumi.Input<string> }>[] | undefined
  >;
  /** Basic authentication, `user:password`. Default: `NOMAD_HTTP_AUTH`. Secret. */
  httpAuth?: pulumi.Input<string | undefined>;
  /** Environment variables not to read, by name, such as `{ NOMAD_NAMESPACE: true }`. */
  ignoreEnvVars?: pulumi.Input<{ [key: string]: pulumi.Input<boolean> } | undefined>;
  /** Path of the client certificate's key in PEM. Default: `NOMAD_CLIENT_KEY`. */
  keyFile?: pulumi.Input<string | undefined>;
  /** The client certificate's key in PEM; excludes `keyFile`. Secret. */
  keyPem?: pulumi.Input<string | undefined>;
  /** The region to talk to. Default: `NOMAD_REGION`, else the region of the agent that answers. */
  region?: pulumi.Input<string | undefined>;
  /** Secret id of an ACL token. Default: `NOMAD_TOKEN`. Secret. */
  secretId?: pulumi.Input<string | undefined>;
  /** Accepts any server certificate. Default: `NOMAD_SKIP_VERIFY`, else false. */
  skipVerify?: pulumi.Input<boolean | undefined>;
}
