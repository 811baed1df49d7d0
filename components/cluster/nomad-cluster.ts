import { readFileSync } from "node:fs";
import * as nomad from "@pulumi/nomad";
import * as pulumi from "@pulumi/pulumi";
import { rejectProblems } from "../arguments.ts";
import { milliseconds } from "../duration.ts";
import { ClusterNetwork } from "../network/cluster-network.ts";
import { nomadPorts } from "../network/firewall-rules.ts";
import { ClusterNode } from "../nodes/cluster-node.ts";
import { checkAccount } from "./account-check.ts";
import { ClusterCertificates } from "./cluster-certificates.ts";
import type { ClusterConnection } from "./connection.ts";
import { clusterArgsProblems, resolveClusterArgs } from "./nomad-cluster-args.ts";
import type { NomadClusterArgs, ResolvedClusterArgs } from "./nomad-cluster-args.ts";
import { gossipKeyOfHex, randomHex, uuidOfHex } from "./random-secret.ts";
import { clusterReady } from "./readiness.ts";

/** Nomad's own default; its agents' certificates carry it. */
const nomadRegion = "global";

/** A node as operators see it. */
export interface ClusterNodeInfo {
  /** Name of the Nomad node. */
  name: string;
  /** `server-1`, `client-1`, ...: what stays when the droplet is replaced. */
  slot: string;
  publicIp: string;
  privateIp: string;
  /** Address that stays when the droplet is replaced; servers have one. */
  reservedIp?: string;
}

/**
 * A Nomad cluster on droplets of its own: VPC, firewall, a reserved address a server, TLS for HTTP and RPC, encrypted
 * gossip, and ACLs from the first boot. Fails with every wrong argument together before anything is created.
 */
export class NomadCluster extends pulumi.ComponentResource {
  /** What job components need. The token in it may submit jobs, no more. Known when the cluster is ready. */
  readonly connection: pulumi.Output<ClusterConnection>;
  readonly nodes: pulumi.Output<ClusterNodeInfo[]>;
  /** URL of Nomad's HTTP API, at the first server's reserved address. */
  readonly address: pulumi.Output<string>;
  /** PEM of the authority that signed the agents' certificates. */
  readonly caCertificate: pulumi.Output<string>;
  readonly datacenter: pulumi.Output<string>;
  /** Secret of the management token, which may do everything. For operators, not for programs. */
  readonly managementToken: pulumi.Output<string>;

  constructor(name: string, args: NomadClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nomad-digitalocean:index:NomadCluster", name, args, opts);
    rejectProblems(this, clusterArgsProblems(name, args));
    const resolved = resolveClusterArgs(name, args);
    const servers = slotNames("server", resolved.serverCount);
    const clients = slotNames("client", resolved.clientCount);

    const checked = checkAccount(resolved, { parent: this });
    const child = { parent: this, dependsOn: checked.apply((): pulumi.Resource[] => []) };

    const network = new ClusterNetwork(
      `${name}-network`,
      { ...resolved, reservedAddressSlots: servers },
      child,
    );
    const addresses = network.reservedAddresses;
    const certificates = new ClusterCertificates(
      `${name}-certificates`,
      {
        clusterName: resolved.clusterName,
        region: nomadRegion,
        servers: servers.map((slot, index) => ({ slot, address: addresses[index]! })),
        clients,
      },
      child,
    );
    const gossipKey = randomHex(`${name}-gossip-key`, 32, child).apply(gossipKeyOfHex);
    const managementToken = randomHex(`${name}-management-token`, 16, child).apply(uuidOfHex);

    const nodes = [...servers, ...clients].map((slot, index) => {
      const { certificate, privateKey } = certificates.agents.get(slot)!;
      const dropletName = `${resolved.clusterName}-${slot}`;
      const definition = pulumi
        .all([pulumi.all(addresses), certificates.caCertificate, certificate, privateKey, gossipKey])
        .apply(([serverAddresses, caCertificate, certificate, privateKey, gossipKey]) => ({
          name: dropletName,
          slot,
          datacenter: resolved.datacenter,
          region: nomadRegion,
          ...(index < servers.length && { server: { bootstrapExpect: servers.length, gossipKey } }),
          serverAddresses,
          ...nodeSettings(resolved),
          certificates: { caCertificate, certificate, privateKey },
        }));
      const { region, size, image, sshKeys } = resolved;
      const reservedAddress = addresses[index];
      const node = new ClusterNode(
        `${name}-${slot}`,
        {
          definition,
          dropletName,
          region,
          size,
          image,
          sshKeys: [...sshKeys],
          vpcId: network.vpcId,
          tags: [network.nodeTag, ...resolved.tags],
          ...(reservedAddress && { reservedAddress }),
        },
        child,
      );
      return { slot, node, reservedAddress };
    });

    const serverAddresses = pulumi.all(addresses).apply((known) => known.map(apiAddress));
    const ready = pulumi
      .all([
        serverAddresses,
        pulumi.all(nodes.map(({ node }) => node.nodeName)),
        certificates.caCertificate,
        managementToken,
        pulumi.all(nodes.map(({ node }) => node.addressAssigned)),
      ])
      .apply(async ([serverAddresses, nodeNames, caCertificate, managementToken]) => {
        if (pulumi.runtime.isDryRun()) return;
        await clusterReady(
          {
            serverAddresses,
            nodeNames,
            caCertificate,
            managementToken,
            deadline: milliseconds(resolved.readyTimeout),
          },
          (message) => void pulumi.log.info(message, this, undefined, true),
        );
      });

    // What waits for the management token is no secret because of it.
    this.address = whenReady(pulumi.unsecret(ready), addresses[0]!.apply(apiAddress));
    this.caCertificate = certificates.caCertificate;
    this.datacenter = pulumi.output(resolved.datacenter);
    this.managementToken = pulumi.secret(managementToken);
    this.connection = pulumi.output({
      address: this.address,
      caCertificate: this.caCertificate,
      token: deployToken(name, this),
      datacenter: this.datacenter,
    });
    this.nodes = pulumi.all(
      nodes.map(({ slot, node, reservedAddress }) =>
        pulumi.output({
          name: node.nodeName,
          slot,
          publicIp: node.publicAddress,
          privateIp: node.privateAddress,
          ...(reservedAddress && { reservedIp: reservedAddress }),
        }),
      ),
    );
    this.registerOutputs({
      connection: this.connection,
      nodes: this.nodes,
      address: this.address,
      caCertificate: this.caCertificate,
      datacenter: this.datacenter,
      managementToken: this.managementToken,
    });
  }
}

function slotNames(role: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${role}-${index + 1}`);
}

function apiAddress(address: string): string {
  return `https://${address}:${nomadPorts.http}`;
}

function nodeSettings(args: ResolvedClusterArgs) {
  const { region, image, sshKeys, hostVolumes, dockerRegistryMirrors, aptMirror } = args;
  return {
    droplet: { region, image, sshKeys },
    nomad: { version: args.nomadVersion, sha256: args.nomadSha256, downloadUrl: args.nomadDownloadUrl },
    hostVolumes,
    dockerRegistryMirrors,
    ...(aptMirror !== undefined && { aptMirror }),
  };
}

/**
 * `value`, but in an update only when the cluster is ready. A preview has nothing to wait for, and jobs can only be
 * previewed if the address is known.
 */
function whenReady<Value>(ready: pulumi.Output<void>, value: pulumi.Output<Value>): pulumi.Output<Value> {
  return pulumi.runtime.isDryRun()
    ? value
    : (pulumi.all([ready, value]).apply(([, known]) => known) as pulumi.Output<Value>);
}

/** A token that may deploy jobs; the management token only makes it. */
function deployToken(name: string, cluster: NomadCluster): pulumi.Output<string> {
  const management = new nomad.Provider(
    `${name}-management`,
    { address: cluster.address, caPem: cluster.caCertificate, secretId: cluster.managementToken },
    { parent: cluster },
  );
  const child = { parent: cluster, provider: management };
  const policy = new nomad.AclPolicy(
    `${name}-deploy-policy`,
    {
      name: "deploy",
      description: "Submit jobs and write their variables",
      rulesHcl: readFileSync(new URL("files/deploy-policy.hcl", import.meta.url), "utf8"),
    },
    child,
  );
  const token = new nomad.AclToken(
    `${name}-deploy-token`,
    { name: "deploy", type: "client", policies: [policy.name] },
    child,
  );
  return pulumi.secret(token.secretId);
}
