import * as nomad from "@pulumi/nomad";
import * as pulumi from "@pulumi/pulumi";
import { nomadPorts } from "../network/firewall-rules.ts";
import { OperatorError } from "../operator-error.ts";
import { answeringAddress } from "./access/answering-address.ts";

/**
 * All that a job needs to know of a cluster. `NomadCluster.connection` is one; another stack gets it with
 * `stackReference.requireOutput("connection")`; a cluster made by other means is described by writing one.
 */
export interface ClusterConnection {
  /** URL of Nomad's HTTP API, for example `https://192.0.2.10:4646`. */
  address: pulumi.Input<string>;
  /**
   * URLs of the HTTP API of all servers, in the order in which they are asked when the one at `address` does not answer. A
   * change restarts nothing.
   *
   * @default - no other than `address`, which must then answer
   */
  addresses?: pulumi.Input<pulumi.Input<string>[]>;
  /** PEM of the authority that signed the API's certificate. */
  caCertificate: pulumi.Input<string>;
  /** Secret of an ACL token that may submit jobs and write their variables. */
  token: pulumi.Input<string>;
  /** Datacenter in which jobs run. */
  datacenter: pulumi.Input<string>;
}

/** The VPC of the cluster, by the connections that clusters of this program gave out. */
const vpcs = new WeakMap<object, pulumi.Resource>();

/** Says with which VPC the cluster goes that the connection leads to. */
export function connectionInto(
  vpc: pulumi.Resource,
  connection: pulumi.Output<ClusterConnection>,
): pulumi.Output<ClusterConnection> {
  vpcs.set(connection, vpc);
  return connection;
}

/**
 * Option of what is in Nomad: nothing is asked of Nomad to delete it where the cluster's VPC is deleted as well, so that a
 * cluster that cannot be reached can be destroyed. A VPC is, unlike a droplet, never replaced while the cluster runs. What
 * the caller passed to the component comes first; with the connection of another stack there is none.
 */
export function deletedWithCluster(
  connection: pulumi.Input<ClusterConnection>,
  opts: pulumi.ComponentResourceOptions | undefined,
): Pick<pulumi.CustomResourceOptions, "deletedWith"> {
  const vpc = opts?.deletedWith ?? vpcs.get(connection);
  return vpc === undefined ? {} : { deletedWith: vpc };
}

/**
 * The Nomad provider that a job component uses: the one that its caller passed in `opts`, or one made from the
 * connection. Pass one to share a plugin process between many jobs. While the server at the connection's `address` is away it
 * calls another one; that changes the provider in place, and nothing that was made with it.
 */
export function nomadProvider(
  component: pulumi.ComponentResource,
  name: string,
  connection: pulumi.Output<pulumi.Unwrap<ClusterConnection>>,
): pulumi.ProviderResource {
  refuseCaFile();
  return (
    component.getProvider("nomad:index/job:Job") ??
    new nomad.Provider(
      `${name}-nomad`,
      {
        address: answeringAddress({
          address: connection.address,
          addresses: connection.addresses,
          caCertificate: connection.caCertificate,
        }),
        // Of a connection that comes from another stack every part is secret; only the token needs to be.
        caPem: pulumi.unsecret(connection.caCertificate),
        secretId: pulumi.secret(connection.token),
      },
      { parent: component },
    )
  );
}

/**
 * Throws if the shell names a CA file: the Nomad provider takes it for its `ca_file` and refuses to start, with `"ca_file":
 * conflicts with ca_pem` (terraform-provider-nomad, provider.go).
 */
export function refuseCaFile(environment: NodeJS.ProcessEnv = process.env): void {
  if (environment["NOMAD_CACERT"])
    throw new OperatorError(
      "NOMAD_CACERT is set, and the Nomad provider takes no other authority beside it, so it would refuse the cluster's " +
        "own: run `unset NOMAD_CACERT`, or `env --unset=NOMAD_CACERT pulumi ...`",
    );
}

/** URL of the API of the server with this address. */
export function apiAddress(address: string): string {
  return `https://${address}:${nomadPorts.http}`;
}
