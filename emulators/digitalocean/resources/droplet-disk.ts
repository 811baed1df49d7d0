import { knownSize } from "../catalog.ts";
import type { Droplet } from "../store/entities.ts";

/** The droplet's disk in GiB: that of its size, unless it was resized without its disk. */
export function diskOf(droplet: Droplet): number {
  return droplet.diskGigabytes ?? knownSize(droplet.size).disk;
}
