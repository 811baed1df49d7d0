import * as pulumi from "@pulumi/pulumi";
import { validated } from "../validation.ts";
import { milliseconds } from "../duration.ts";
import { ClusterNetwork } from "../network/cluster-network.ts";
import { nomadPorts } from "../network/firewall-rules.ts";
import { ClusterNode } from "../nodes/cluster-node.ts";
import { clusterSlots } from "../nodes/names.ts";
import { checkAccount } from "./account-check.ts";
import { validateCluster } from "./validation.ts";
import { ClusterCertificates } from "./certificates.ts";
import { ClusterRollout } from "../rollout/gates.ts";
import { clusterVolumes } from "./volumes.ts";
import type { ClusterConnection } from "./connection.ts";
import { declaredNodes } from "./node-definitions.ts";
import { deployToken } from "./deploy-token.ts";
import type { NomadClusterArgs } from "./args.ts";
import { gossipKeyOfHex, randomHex, uuidOfHex } from "./secrets.ts";
import { clusterReady } from "../rollout/readiness.ts";
import type { ClusterNodeInfo, ClusterOutputs } from "./outputs.ts";

/** Nomad's own default; its agents' certificates carry it. */
const nomadRegion = "global";

/**
 * A Nomad cluster on droplets of its own: VPC, firewall, a reserved address a server, TLS for HTTP and RPC, encrypted
 * gossip, and ACLs from the first boot. Fails with every wrong argument together before anything is created.
 *
 * @example
 * ```ts
 * const cluster = new NomadCluster("nomad", { operatorCidrs: ["192.0.2.7/32"] });
 * export const connection = pulumi.secret(cluster.connection);
 * ```
 */
export class NomadCluster extends pulumi.ComponentResource implements ClusterOutputs {
  /** What job components need. The token in it may submit jobs, no more. Known when the cluster is ready. */
  readonly connection: pulumi.Output<ClusterConnection>;
  /** First part of the names of its droplets and nodes. */
  readonly clusterName: pulumi.Output<string>;
  /** Names and addresses of the nodes. */
  readonly nodes: pulumi.Output<ClusterNodeInfo[]>;
  /** URL of Nomad's HTTP API, at the first server's reserved address. */
  readonly address: pulumi.Output<string>;
  /** PEM of the authority that signed the agents' certificates. */
  readonly caCertificate: pulumi.Output<string>;
  /** Nomad datacenter of the nodes. */
  readonly datacenter: pulumi.Output<string>;
  /** Addresses that stay when droplets are replaced, one a server, in the order of their slots. */
  readonly reservedAddresses: pulumi.Output<string[]>;
  /** Secret of the management token, which may do everything. For operators, not for programs. */
  readonly managementToken: pulumi.Output<string>;
  /** Secret that decrypts the snapshots in `snapshotDirectory`. */
  readonly snapshotPassphrase: pulumi.Output<string>;

  constructor(name: string, args: NomadClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nomad-digitalocean:index:NomadCluster", name, args, opts);
    const { resolved, nameOf } = validated(this, args, (given) => validateCluster(name, given));
    const slots = clusterSlots(resolved);
    const servers = slots.slice(0, resolved.serverCount);
    const clients = slots.slice(resolved.serverCount);

    const checked = checkAccount(resolved, nameOf, { parent: this });
    const child = {
      parent: this,
      // The resources that an Output comes from are awaited too.
      dependsOn: pulumi.all([checked, pulumi.output(opts?.dependsOn)]).apply((): pulumi.Resource[] => []),
    };

    const network = new ClusterNetwork(
      `${name}-network`,
      {
        clusterName: resolved.clusterName,
        region: resolved.region,
        vpcIpRange: resolved.vpcIpRange,
        operatorCidrs: resolved.operatorCidrs,
        publicPorts: resolved.publicPorts,
        reservedAddressSlots: servers,
      },
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
    const snapshotPassphrase = randomHex(`${name}-snapshot-passphrase`, 32, child);

    const declared = declaredNodes({ servers, clients }, resolved, {
      nomadRegion,
      certificates,
      gossipKey,
      reservedAddresses: addresses,
      volumes: clusterVolumes(name, resolved, child),
    });
    const rollout = new ClusterRollout(
      {
        clusterName: resolved.clusterName,
        slots: declared.map(({ slot, role, dropletName, spec }) => ({
          slot,
          role,
          dropletName,
          spec,
          size: resolved.size,
        })),
        droplets: checked,
        reservedAddresses: addresses,
        caCertificate: certificates.caCertificate,
        gossipKey,
        managementToken,
        snapshotPassphrase,
        snapshotDirectory: resolved.snapshotDirectory,
        settings: { ...resolved, settleTimeout: "1m", region: nomadRegion },
      },
      this,
    );

    const nodes = declared.map(({ slot, dropletName, definition, volumeIds, reservedAddress }) => {
      const { region, size, image, sshKeys } = resolved;
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
          volumeIds: [...volumeIds],
          ...(reservedAddress && { reservedAddress }),
        },
        {
          ...child,
          dependsOn: pulumi.all([child.dependsOn, rollout.gate(slot)]).apply((): pulumi.Resource[] => []),
        },
      );
      const joined = rollout.joined(slot, node.nodeName, node.addressAssigned);
      return { slot, node, reservedAddress, joined };
    });

    const serverAddresses = pulumi.all(addresses).apply((known) => known.map(apiAddress));
    const ready = pulumi
      .all([
        serverAddresses,
        pulumi.all(nodes.map(({ node }) => node.nodeName)),
        certificates.caCertificate,
        managementToken,
        pulumi.all(nodes.map(({ joined }) => joined)),
        rollout.finished(),
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
    this.clusterName = pulumi.output(resolved.clusterName);
    this.address = whenReady(pulumi.unsecret(ready), addresses[0]!.apply(apiAddress));
    this.caCertificate = certificates.caCertificate;
    this.datacenter = pulumi.output(resolved.datacenter);
    this.reservedAddresses = pulumi.all(addresses);
    this.managementToken = pulumi.secret(managementToken);
    this.snapshotPassphrase = pulumi.secret(snapshotPassphrase);
    this.connection = pulumi.output({
      address: this.address,
      caCertificate: this.caCertificate,
      token: deployToken(name, resolved.namespaces, this),
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
      clusterName: this.clusterName,
      nodes: this.nodes,
      address: this.address,
      caCertificate: this.caCertificate,
      datacenter: this.datacenter,
      reservedAddresses: this.reservedAddresses,
      managementToken: this.managementToken,
      snapshotPassphrase: this.snapshotPassphrase,
    });
  }
}

function apiAddress(address: string): string {
  return `https://${address}:${nomadPorts.http}`;
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
