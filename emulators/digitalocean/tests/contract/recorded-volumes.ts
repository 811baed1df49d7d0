import type { StoredOnlyHypervisor } from "../../hypervisor/stored-only-hypervisor.ts";
import { storedOnlyHypervisor } from "../../hypervisor/stored-only-hypervisor.ts";
import type { HypervisorVolume, VolumeHypervisor } from "../../hypervisor/volume-hypervisor.ts";

export interface RecordedVolumes extends StoredOnlyHypervisor, VolumeHypervisor {
  /** What was asked of volumes and of the droplets around them, in order. */
  readonly volumeCalls: readonly string[];
}

/** Stored droplets whose volumes are names only. It fails to destroy a volume named "undeletable". */
export function withRecordedVolumes(): RecordedVolumes {
  const volumeCalls: string[] = [];
  const stored = storedOnlyHypervisor();
  const recorded = (what: string) => (dropletId: number, volume: HypervisorVolume) => {
    volumeCalls.push(`${what} ${volume.name} ${dropletId}`);
    return Promise.resolve();
  };
  return {
    ...stored,
    volumeCalls,
    create: (machine) => {
      volumeCalls.push(`create ${machine.id}`);
      return stored.create(machine);
    },
    destroy: (id) => {
      volumeCalls.push(`destroy ${id}`);
      return stored.destroy(id);
    },
    attachVolume: recorded("attach"),
    detachVolume: recorded("detach"),
    resizeVolume: ({ name, sizeGigabytes }) => {
      volumeCalls.push(`resize ${name} ${sizeGigabytes}`);
      return Promise.resolve();
    },
    destroyVolume: ({ name }) => {
      if (name === "undeletable") return Promise.reject(new Error("the disk is full of holes"));
      volumeCalls.push(`destroy ${name}`);
      return Promise.resolve();
    },
  };
}
