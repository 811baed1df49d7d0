import { knownImage } from "../catalog.ts";
import type { Image } from "../catalog.ts";
import type { Droplet } from "../store/entities.ts";

/** The image that a droplet was created from, which may be gone by now. */
export function imageOf(droplet: Droplet): Image {
  return droplet.sourceImage ?? knownImage(droplet.image);
}
