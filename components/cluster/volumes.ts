import * as digitalocean from "@pulumi/digitalocean";
import type * as pulumi from "@pulumi/pulumi";
import type { NodeVolume } from "../nodes/user-data.ts";
import type { ResolvedClusterArgs } from "./defaults.ts";

/** A volume in the account, and the slot whose droplet mounts it. */
export interface AttachedVolume extends NodeVolume {
  readonly slot: string;
  readonly id: pulumi.Output<string>;
}

/** Declares the cluster's volumes. */
export function createVolumes(
  name: string,
  { clusterName, region, volumes, protectVolumes }: ResolvedClusterArgs,
  opts: pulumi.CustomResourceOptions,
): AttachedVolume[] {
  return volumes.map((volume) => {
    const volumeName = volumeNameOf(clusterName, volume.name);
    const { id } = new digitalocean.Volume(
      `${name}-${volume.name}`,
      { name: volumeName, region, size: volume.size, initialFilesystemType: "ext4" },
      { ...opts, protect: protectVolumes },
    );
    return { name: volume.name, volumeName, slot: volume.slot, id };
  });
}

/** Name in the account, where other clusters have volumes too. */
export function volumeNameOf(clusterName: string, name: string): string {
  return `${clusterName}-${name}`;
}
