import path from "node:path";
import { execa } from "execa";
import type { StandInImage } from "../../images/served-image.ts";
import { buildStandIn } from "./stand-in-image.ts";

/** The image that jobs ask for: node_exporter of July 2026. */
export const nodeExporterReference = "prom/node-exporter:v1.12.1";

/**
 * Returns a stand-in for the official image of node_exporter: Debian's, an older version, with the official image's path,
 * user and entrypoint. Takes some seconds the first time.
 */
export function nodeExporterImage(cacheDir: string, report?: (text: string) => void): Promise<StandInImage> {
  const recipe = {
    reference: nodeExporterReference,
    holds: "Debian's node_exporter",
    packages: ["prometheus-node-exporter"],
    files: [import.meta.filename],
    inputs: [],
    image: {
      environment: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
      entrypoint: ["/bin/node_exporter"],
      exposedPorts: ["9100/tcp"],
      user: "nobody",
    },
    fill: async (root: string) =>
      void (await execa("ln", [
        "-s",
        "/usr/bin/prometheus-node-exporter",
        path.join(root, "bin/node_exporter"),
      ])),
  };
  return buildStandIn(cacheDir, recipe, report);
}
