import type { StandInImage } from "../../images/served-image.ts";
import { buildStandIn } from "./stand-in-image.ts";

/** The image that Ghost's job asks for. */
export const resticReference = "restic/restic:0.18.1";

/**
 * Returns a stand-in for the official image of restic: Debian's, an older version, with the official image's path and entrypoint;
 * its shell and tools are Debian's and not BusyBox. Takes some seconds the first time.
 */
export function resticImage(cacheDir: string, report?: (text: string) => void): Promise<StandInImage> {
  const recipe = {
    reference: resticReference,
    holds: "Debian's restic",
    packages: ["restic"],
    files: [import.meta.filename],
    inputs: [],
    image: {
      environment: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
      entrypoint: ["/usr/bin/restic"],
    },
    fill: () => Promise.resolve(),
  };
  return buildStandIn(cacheDir, recipe, report);
}
