import { images } from "../catalog.ts";
import type { Image } from "../catalog.ts";
import type { Emulator } from "../emulator.ts";

/** The public images that can be had. */
export function availableImages(emulator: Emulator): Image[] {
  const { retiredImages } = emulator.edges.now;
  return images.filter((image) => !retiredImages.includes(image.slug));
}

/** By slug, or by id in digits. */
export function findAvailableImage(emulator: Emulator, key: string): Image | undefined {
  return availableImages(emulator).find((image) => image.slug === key || String(image.id) === key);
}
