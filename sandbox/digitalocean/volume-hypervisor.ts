import type { Hypervisor } from "./hypervisor.ts";

/** What a hypervisor adds when it can give droplets block volumes. Calls may be repeated: each is idempotent. */
export interface VolumeHypervisor {
  /** Makes the volume if it is new and shows it to the droplet as /dev/disk/by-id/scsi-0DO_Volume_NAME. */
  attachVolume(dropletId: number, volume: HypervisorVolume): Promise<void>;
  detachVolume(dropletId: number, volume: HypervisorVolume): Promise<void>;
  /** Deletes the volume's data. A volume that is not there is no error. */
  destroyVolume(volume: HypervisorVolume): Promise<void>;
}

export interface HypervisorVolume {
  readonly id: string;
  readonly name: string;
  readonly sizeGigabytes: number;
  /** "ext4", "xfs", or "" for a raw volume. */
  readonly filesystemType: string;
  readonly filesystemLabel: string;
}

export function offersVolumes(hypervisor: Hypervisor): hypervisor is Hypervisor & VolumeHypervisor {
  const candidate = hypervisor as Partial<VolumeHypervisor>;
  return [candidate.attachVolume, candidate.detachVolume, candidate.destroyVolume].every(
    (method) => typeof method === "function",
  );
}
