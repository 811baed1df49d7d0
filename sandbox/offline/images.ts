// What stands in for images of Docker Hub, for the rest of the repository.
import type { StandInImage } from "../images/served-image.ts";
import { ghostImage, ghostReferenceOf } from "./images/ghost-image.ts";
import { litestreamImage, litestreamReference } from "./images/litestream-image.ts";
import { mackerelAgentImage, mackerelAgentReference } from "./images/mackerel-agent-image.ts";
import { nginxImage, nginxReference } from "./images/nginx-image.ts";
import { nodeExporterImage, nodeExporterReference } from "./images/node-exporter-image.ts";
import { resticImage, resticReference } from "./images/restic-image.ts";

/** A stand-in that is built on this machine when the official image cannot be pulled. */
export interface StandInImageBuild {
  /** Name and tag of the official image. */
  readonly reference: string;
  readonly build: (cacheDir: string, report?: (text: string) => void) => Promise<StandInImage>;
}

type Name = "ghost" | "previousGhost" | "mackerelAgent" | "nginx" | "nodeExporter" | "litestream" | "restic";

export const standInImages: Readonly<Record<Name, StandInImageBuild>> = {
  ghost: { reference: ghostReferenceOf("6.65.0"), build: (cacheDir, report) => ghostImage(cacheDir, report) },
  /** The release before `ghost`, for a rolling upgrade. */
  previousGhost: {
    reference: ghostReferenceOf("6.64.0"),
    build: (cacheDir, report) => ghostImage(cacheDir, report, "6.64.0"),
  },
  mackerelAgent: { reference: mackerelAgentReference, build: mackerelAgentImage },
  nginx: { reference: nginxReference, build: nginxImage },
  litestream: { reference: litestreamReference, build: litestreamImage },
  restic: { reference: resticReference, build: resticImage },
  nodeExporter: { reference: nodeExporterReference, build: nodeExporterImage },
};
