import { distributionImage, images } from "../catalog.ts";
import type { Image, PublicImage } from "../catalog.ts";
import type { Emulator } from "../emulator.ts";
import type { Snapshot } from "../store/entities.ts";

/** The public images that can be had. */
export function publicImages(emulator: Emulator): PublicImage[] {
  const { retiredImages } = emulator.edges.now;
  const further = emulator.options.images.map(({ slug, distribution, name }, index) =>
    distributionImage(100_900_001 + index, distribution, name, slug, "2026-01-01T00:00:00Z"),
  );
  return [...images, ...further].filter((image) => !retiredImages.includes(image.slug));
}

/** Snapshots of droplets, as images. */
export function privateImages(emulator: Emulator): Image[] {
  return emulator.store.snapshots.where("resourceType", "droplet").map(snapshotImage);
}

/** By slug, or by id in digits. */
export function findImage(emulator: Emulator, key: string): Image | undefined {
  const all = [...publicImages(emulator), ...privateImages(emulator)];
  return all.find((image) => image.slug === key || String(image.id) === key);
}

function snapshotImage(snapshot: Snapshot): Image {
  return {
    id: Number(snapshot.id),
    name: snapshot.name,
    distribution: snapshot.distribution ?? "",
    slug: null,
    public: false,
    regions: snapshot.regions,
    created_at: snapshot.createdAt,
    min_disk_size: snapshot.minDiskSize,
    type: "snapshot",
    size_gigabytes: snapshot.sizeGigabytes,
    description: snapshot.description ?? "",
    tags: snapshot.tags,
    status: "available",
  };
}
