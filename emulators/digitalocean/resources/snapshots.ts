import { randomUUID } from "node:crypto";
import { imageOf } from "./droplet-image.ts";
import { diskOf } from "./droplet-disk.ts";
import type { Droplet, Snapshot, Volume } from "../store/entities.ts";
import type { Store } from "../store/store.ts";

/** Stores the snapshot of a droplet. Its size is the emulator's own: nothing is known of what is on the disk. */
export function storeDropletSnapshot(
  store: Store,
  droplet: Droplet,
  name: string,
  createdAt: string,
): Snapshot {
  const snapshot: Snapshot = {
    id: String(store.nextId("image", 110_000_001)),
    name,
    resourceType: "droplet",
    resourceId: String(droplet.id),
    regions: [droplet.region],
    minDiskSize: diskOf(droplet),
    sizeGigabytes: 2.5,
    distribution: imageOf(droplet).distribution,
    tags: [],
    createdAt,
  };
  store.snapshots.put(snapshot);
  return snapshot;
}

export function storeVolumeSnapshot(
  store: Store,
  volume: Volume,
  fields: Pick<Snapshot, "name" | "tags" | "createdAt">,
): Snapshot {
  const { region, filesystemType, filesystemLabel } = volume;
  const snapshot: Snapshot = {
    ...fields,
    ...{ id: randomUUID(), resourceType: "volume", resourceId: volume.id, regions: [region] },
    // Nothing was ever written to it: only a hypervisor that stores no data offers snapshots.
    ...{ minDiskSize: volume.sizeGigabytes, sizeGigabytes: 0, filesystemType, filesystemLabel },
  };
  store.snapshots.put(snapshot);
  return snapshot;
}
