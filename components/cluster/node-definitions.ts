import * as pulumi from "@pulumi/pulumi";
import { dropletNameOf } from "../nodes/names.ts";
import type { Role, Slot } from "../nodes/names.ts";
import { keyIdentifiers } from "../nodes/ssh-keys.ts";
import { hashSpec } from "../nodes/user-data.ts";
import type { NodeSpec } from "../nodes/user-data.ts";
import type { ClusterNetwork } from "../network/cluster-network.ts";
import type { ClusterCertificates } from "./certificates.ts";
import type { AttachedVolume } from "./volumes.ts";
import { nomadRegion } from "./defaults.ts";
import type { ResolvedClusterArgs } from "./defaults.ts";
import type { ClusterSecrets } from "./secrets.ts";

/** What the nodes of one cluster have in common. */
export interface SharedByNodes {
  readonly certificates: Pick<ClusterCertificates, "caCertificate" | "agents">;
  readonly secrets: Pick<ClusterSecrets, "gossipKey">;
  /** Reserved addresses of the servers, in the order of their slots. */
  readonly network: Pick<ClusterNetwork, "reservedAddresses">;
  /** Of all slots. */
  readonly volumes: readonly AttachedVolume[];
}

/** A slot of the cluster, before there is a droplet in it. */
export interface DeclaredNode {
  readonly slot: Slot;
  readonly role: Role;
  readonly dropletName: string;
  readonly spec: pulumi.Output<NodeSpec>;
  /** Hash of everything that would replace the droplet. */
  readonly specHash: pulumi.Output<string>;
  /** Names by which jobs find the volumes of DigitalOcean that it has. */
  readonly volumes: readonly string[];
  readonly volumeIds: readonly pulumi.Output<string>[];
  /** Servers have one. */
  readonly reservedAddress?: pulumi.Output<string>;
}

/** The nodes of the slots `servers`, in the order of the reserved addresses, and of the slots `clients`. */
export function defineNodes(
  { servers, clients }: { readonly servers: readonly Slot[]; readonly clients: readonly Slot[] },
  args: ResolvedClusterArgs,
  shared: SharedByNodes,
): DeclaredNode[] {
  const declared = (slot: Slot, role: Role) => {
    const volumes = shared.volumes.filter((volume) => volume.slot === slot);
    const dropletName = dropletNameOf(args.clusterName, slot);
    const { certificate, privateKey } = shared.certificates.agents.get(slot)!;
    // Clients do not have the gossip key, so a new one must not make them unknown in a preview.
    const gossipKey = role === "server" ? shared.secrets.gossipKey : undefined;
    const spec = pulumi
      .all([
        pulumi.all([...shared.network.reservedAddresses]),
        shared.certificates.caCertificate,
        certificate,
        privateKey,
        gossipKey,
      ])
      .apply(([serverAddresses, caCertificate, certificate, privateKey, gossipKey]): NodeSpec => ({
        name: dropletName,
        slot,
        datacenter: args.datacenter,
        region: nomadRegion,
        ...(gossipKey !== undefined && { server: { bootstrapExpect: servers.length, gossipKey } }),
        serverAddresses,
        ...nodeSettings(args),
        volumes: volumes.map(({ name, volumeName }) => ({ name, volumeName })),
        certificates: { caCertificate, certificate, privateKey },
      }));
    const specHash = pulumi.unsecret(spec.apply(hashSpec));
    return {
      ...{ slot, role, dropletName, spec, specHash },
      volumes: volumes.map(({ name }) => name),
      volumeIds: volumes.map(({ id }) => id),
    };
  };
  return [
    ...servers.map((slot, index) => ({
      ...declared(slot, "server"),
      reservedAddress: shared.network.reservedAddresses[index]!,
    })),
    ...clients.map((slot) => declared(slot, "client")),
  ];
}

function nodeSettings(args: ResolvedClusterArgs) {
  const { region, image, rebuild, hostVolumes, dockerRegistryMirrors, aptMirror } = args;
  return {
    droplet: { region, image, sshKeys: keyIdentifiers(args), ...(rebuild !== undefined && { rebuild }) },
    nomad: { version: args.nomadVersion, sha256: args.nomadSha256, downloadUrl: args.nomadDownloadUrl },
    hostVolumes,
    dockerRegistryMirrors,
    ...(aptMirror !== undefined && { aptMirror }),
  };
}
