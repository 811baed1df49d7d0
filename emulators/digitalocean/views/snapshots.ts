import type { Snapshot } from "../store/entities.ts";

function base({ name, createdAt, regions, minDiskSize, sizeGigabytes }: Snapshot) {
  return {
    name,
    created_at: createdAt,
    regions,
    min_disk_size: minDiskSize,
    size_gigabytes: sizeGigabytes,
  };
}

export function snapshotView(snapshot: Snapshot) {
  return {
    id: snapshot.id,
    ...base(snapshot),
    resource_id: snapshot.resourceId,
    resource_type: snapshot.resourceType,
    tags: snapshot.tags,
  };
}

/** A snapshot in the list of one droplet's. */
export function ownSnapshotView(snapshot: Snapshot) {
  return { id: Number(snapshot.id), ...base(snapshot), type: "snapshot" };
}
