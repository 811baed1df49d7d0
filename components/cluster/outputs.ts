import type * as pulumi from "@pulumi/pulumi";
import type { ClusterConnection } from "./connection.ts";

/** A node as operators see it. */
export interface ClusterNodeInfo {
  /** Name of the Nomad node. */
  name: string;
  /** `server-1`, `client-1`, ...: what stays when the droplet is replaced. */
  slot: string;
  /** Public IPv4 address of the droplet. */
  publicIp: string;
  /** IPv4 address in the VPC. */
  privateIp: string;
  /** Address that stays when the droplet is replaced; servers have one. */
  reservedIp?: string;
}

/** What a cluster, and a platform on one, gives out to those who use or operate it. */
export interface ClusterOutputs {
  /** What job components need. The token in it may submit jobs, no more. Known when the cluster is ready. */
  readonly connection: pulumi.Output<ClusterConnection>;
  /** A connection for each of the cluster's `teams`, by its name. Its token may do what the team's jobs need, no more. */
  readonly teamConnections: pulumi.Output<Record<string, ClusterConnection>>;
  /** Names and addresses of the nodes. */
  readonly nodes: pulumi.Output<ClusterNodeInfo[]>;
  /** PEM of the authority that signed the agents' certificates. */
  readonly caCertificate: pulumi.Output<string>;
  /** Nomad datacenter of the nodes. */
  readonly datacenter: pulumi.Output<string>;
  /** Secret of the management token, which may do everything. For operators, not for programs. */
  readonly managementToken: pulumi.Output<string>;
  /** Secret that decrypts the snapshots in `snapshotDirectory`. */
  readonly snapshotPassphrase: pulumi.Output<string>;
}
