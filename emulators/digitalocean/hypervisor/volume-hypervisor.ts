import type { Hypervisor } from "./hypervisor.ts";

/** What a hypervisor adds when it can give droplets block volumes. Calls may be repeated: each is idempotent. */
export interface VolumeHypervisor {
  /**
   * Makes the volume if it is new and shows it to the droplet as /dev/disk/by-id/scsi-0DO_Volume_NAME. A droplet that is
   * off, or not created yet, finds it when it boots, before its init system starts.
   */
  attachVolume(dropletId: number, volume: HypervisorVolume): Promise<void>;
  /**
   * Unplugs the volume: a droplet that still uses it can neither write nor read it any more, and what it wrote and
   * synced is kept. A volume that is not attached to the droplet, or a droplet that is not there, is no error.
   */
  detachVolume(dropletId: number, volume: HypervisorVolume): Promise<void>;
  /** Grows the volume to its `sizeGigabytes`, in use or not; the file system on it is the droplet's to grow. */
  resizeVolume(volume: HypervisorVolume): Promise<void>;
  /** Deletes the data of a volume that is attached to no droplet. A volume that is not there is no error. */
  destroyVolume(volume: HypervisorVolume): Promise<void>;
}

export interface HypervisorVolume {
  readonly id: string;
  readonly name: string;
  readonly sizeGigabytes: number;
  /** "ext4", or "" for a raw volume. */
  readonly filesystemType: string;
  readonly filesystemLabel: string;
}

export function offersVolumes(hypervisor: Hypervisor): hypervisor is Hypervisor & VolumeHypervisor {
  const candidate = hypervisor as Partial<VolumeHypervisor>;
  const methods = [
    candidate.attachVolume,
    candidate.detachVolume,
    candidate.resizeVolume,
    candidate.destroyVolume,
  ];
  return methods.every((method) => typeof method === "function");
}
