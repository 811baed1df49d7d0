import * as nomad from "@pulumi/nomad";
import * as pulumi from "@pulumi/pulumi";
import { nomadPorts } from "../network/firewall-rules.ts";
import { ResolvedInputError } from "../validation.ts";

/**
 * All that a job needs to know of a cluster. `NomadCluster.connection` is one; another stack gets it with
 * `stackReference.requireOutput("connection")`; a cluster made by other means is described by writing one.
 */
export interface ClusterConnection {
  /** URL of Nomad's HTTP API, for example `https://192.0.2.10:4646`. */
  address: pulumi.Input<string>;
  /** PEM of the authority that signed the API's certificate. */
  caCertificate: pulumi.Input<string>;
  /** Secret of an ACL token that may submit jobs and write their variables. */
  token: pulumi.Input<string>;
  /** Datacenter in which jobs run. */
  datacenter: pulumi.Input<string>;
}

/**
 * The Nomad provider that a job component uses: the one that its caller passed in `opts`, or one made from the
 * connection. Pass one to share a plugin process between many jobs.
 */
export function nomadProvider(
  component: pulumi.ComponentResource,
  name: string,
  connection: pulumi.Output<pulumi.Unwrap<ClusterConnection>>,
): pulumi.ProviderResource {
  return (
    component.getProvider("nomad:index/job:Job") ??
    new nomad.Provider(
      `${name}-nomad`,
      {
        // Of a connection that comes from another stack every part is secret; only the token needs to be.
        address: pulumi.unsecret(connection.address).apply(checkedAddress),
        caPem: pulumi.unsecret(connection.caCertificate),
        secretId: pulumi.secret(connection.token),
      },
      { parent: component },
    )
  );
}

/** The address of a connection; throws if it is no URL. */
export function checkedAddress(address: string): string {
  if (/^https?:\/\//.test(address) && URL.canParse(address)) return address;
  const reason = `"${address}" is not an http or https URL; write it like "https://192.0.2.10:4646"`;
  throw new ResolvedInputError(
    "invalid arguments",
    [{ propertyPath: "connection.address", reason }],
    (propertyPath) => propertyPath,
  );
}

/** URL of the API of the server with this address. */
export function apiAddress(address: string): string {
  return `https://${address}:${nomadPorts.http}`;
}
