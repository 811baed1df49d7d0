import path from "node:path";
import { execa } from "execa";
import type { StandInImage } from "../../images/served-image.ts";
import { buildStandIn } from "./stand-in-image.ts";

/** The image that jobs ask for: the stable nginx of November 2026. */
export const nginxReference = "nginx:1.30.7";

const folder = path.join(import.meta.dirname, "nginx");
const files = ["root.sh", "docker-entrypoint.sh", "nginx.conf", "default.conf"].map((file) =>
  path.join(folder, file),
);

/**
 * Returns a stand-in for the official image of nginx: Debian's nginx, an older version, with the official image's paths,
 * user, signal and command, but not its modules and its templates of environment variables. Takes some seconds the first time.
 */
export function nginxImage(cacheDir: string, report?: (text: string) => void): Promise<StandInImage> {
  const recipe = {
    reference: nginxReference,
    holds: "Debian's nginx",
    packages: ["nginx", "curl"],
    files: [...files, import.meta.filename],
    inputs: [],
    image: {
      environment: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
      entrypoint: ["/docker-entrypoint.sh"],
      command: ["nginx", "-g", "daemon off;"],
      exposedPorts: ["80/tcp"],
      stopSignal: "SIGQUIT",
    },
    fill: async (root: string) => void (await execa(path.join(folder, "root.sh"), [root])),
  };
  return buildStandIn(cacheDir, recipe, report);
}
