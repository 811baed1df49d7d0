import * as pulumi from "@pulumi/pulumi";
import { after } from "../child-options.ts";
import { milliseconds } from "../duration.ts";
import type { ClusterNetwork } from "../network/cluster-network.ts";
import { healthCheckTimes, noticeSeconds } from "../network/load-balancer.ts";
import { ClusterNode } from "../nodes/cluster-node.ts";
import { nodeNameOf } from "../nodes/names.ts";
import { keyIdentifiers } from "../nodes/ssh-keys.ts";
import { RolloutGates } from "../rollout/gates.ts";
import type { ClusterDroplet } from "../rollout/observe/account-droplets.ts";
import { waitForCluster } from "../rollout/readiness.ts";
import type { ClusterCertificates } from "./certificates.ts";
import { apiAddress } from "./connection.ts";
import { nomadRegion } from "./defaults.ts";
import type { ResolvedClusterArgs } from "./defaults.ts";
import type { DeclaredNode } from "./node-definitions.ts";
import type { ClusterNodeInfo } from "./outputs.ts";
import type { ClusterSecrets } from "./secrets.ts";

/** What the nodes are made with. */
interface ClusterParts {
  /** The cluster's droplets before the update. */
  readonly droplets: pulumi.Output<ClusterDroplet[]>;
  readonly network: ClusterNetwork;
  readonly certificates: ClusterCertificates;
  readonly secrets: ClusterSecrets;
}

/** A gate a slot, by which its droplet waits until the rollout comes to it. */
export function openGates(
  name: string,
  cluster: pulumi.ComponentResource,
  args: ResolvedClusterArgs,
  definitions: readonly DeclaredNode[],
  {
    droplets,
    network,
    certificates,
    secrets,
    missing,
  }: ClusterParts & {
    /** What the account lacks for new droplets. */
    readonly missing: pulumi.Output<string | undefined>;
  },
): RolloutGates {
  const { clusterName, size, snapshotDirectory, guardReplacements, loadBalancer } = args;
  return new RolloutGates(
    name,
    {
      clusterName,
      slots: definitions.map(({ slot, role, dropletName, specHash, volumeIds }) => ({
        slot,
        role,
        dropletName,
        specHash,
        size,
        volumeIds,
      })),
      droplets,
      missing,
      reservedAddresses: network.reservedAddresses,
      caCertificate: certificates.caCertificate,
      ...secrets,
      snapshotDirectory,
      guardReplacements,
      settings: {
        ...args,
        ...{ settleTimeout: "1m", shutdownTimeout: "2m", region: nomadRegion },
        balancerNotice: loadBalancer === undefined ? "0s" : `${noticeSeconds(healthCheckTimes)}s`,
      },
    },
    cluster,
  );
}

/** A slot with its droplet. */
interface CreatedNode {
  readonly dropletName: string;
  /** Host volumes on the volumes of DigitalOcean that it has. */
  readonly volumes: readonly string[];
  /** Name of the Nomad node. */
  readonly nodeName: pulumi.Output<string>;
  /** Known when the node does its part of the work. */
  readonly joined: pulumi.Output<void>;
  readonly info: pulumi.Output<ClusterNodeInfo>;
}

interface NodeDependencies {
  readonly gates: RolloutGates;
  readonly network: ClusterNetwork;
  /** What droplets wait for beside their turn, such as keys that have to be in the account before one asks for them. */
  readonly before: readonly pulumi.Output<unknown>[];
}

export function createNodes(
  name: string,
  args: ResolvedClusterArgs,
  definitions: readonly DeclaredNode[],
  { gates, network, before }: NodeDependencies,
  opts: pulumi.ComponentResourceOptions,
): CreatedNode[] {
  const { region, size, image, tags } = args;
  const sshKeys = keyIdentifiers(args);
  return definitions.map(({ slot, dropletName, spec, volumes, volumeIds, reservedAddress }) => {
    const node = new ClusterNode(
      `${name}-${slot}`,
      {
        ...{ definition: spec, dropletName, region, size, image },
        sshKeys: [...sshKeys],
        vpcId: network.vpcId,
        tags: [network.nodeTag, ...tags],
        volumeIds: [...volumeIds],
        ...(reservedAddress && { reservedAddress }),
      },
      { ...opts, dependsOn: after(opts.dependsOn, gates.gate(slot), ...before) },
      gates.hooks,
    );
    const info = {
      name: node.nodeName,
      slot,
      publicIp: node.publicAddress,
      privateIp: node.privateAddress,
      ...(reservedAddress && { reservedIp: reservedAddress }),
    };
    return {
      ...{ dropletName, volumes },
      nodeName: node.nodeName,
      joined: gates.joined(slot, node.nodeName, node.addressAssigned),
      info: pulumi.output(info),
    };
  });
}

/**
 * Known when the rollout is through and the cluster works without what is away. A preview does not ask, nor does a refresh or
 * a destroy that leaves work to the next update.
 */
export function waitUntilReady(
  cluster: pulumi.ComponentResource,
  { readyTimeout }: ResolvedClusterArgs,
  nodes: readonly CreatedNode[],
  { gates, droplets, network, certificates, secrets }: ClusterParts & { readonly gates: RolloutGates },
): pulumi.Output<void> {
  const waited = pulumi
    .all([
      pulumi.all(network.reservedAddresses),
      pulumi.all(nodes.map(({ nodeName }) => nodeName)),
      droplets,
      certificates.caCertificate,
      secrets.managementToken,
      pulumi.all(nodes.map(({ joined }) => joined)),
      gates.finished(),
    ])
    .apply(async ([addresses, nodeNames, before, caCertificate, managementToken]) => {
      if (!(await gates.waits())) return;
      const known = new Set(before.map(nodeNameOf));
      // The servers come first, in the order of their addresses.
      const expected = nodeNames.map((name, index) => ({
        name,
        isNew: !known.has(name),
        volumes: nodes[index]!.volumes,
        ...(addresses[index] !== undefined && { address: apiAddress(addresses[index]) }),
      }));
      const deadline = milliseconds(readyTimeout);
      await waitForCluster(
        { nodes: expected, caCertificate, managementToken, deadline },
        {
          status: (message) => void pulumi.log.info(message, cluster, undefined, true),
          warn: (message) => void pulumi.log.warn(message, cluster),
        },
      );
    });
  // What is not waited for may be unknown: a refresh does not create it.
  const ready = pulumi.output(gates.waits()).apply((waits) => (waits ? waited : pulumi.output(undefined)));
  // Depending on the token must not make the address secret.
  return pulumi.unsecret(ready);
}
