import path from "node:path";
import { execa } from "execa";
import { installGhost, nodeVersion } from "./ghost-packages.ts";
import type { GhostRelease } from "./ghost-packages.ts";
import type { StandInImage } from "../../images/served-image.ts";
import { buildStandIn } from "./stand-in-image.ts";

/** Releases of Ghost that there is a stand-in of: the one that jobs ask for and the one before it. */
const releases = {
  "6.65.0": {
    integrity:
      "sha512-D369qivOmfn4YwvBD1DljOGsHnJzBEQhBsiFnBZD+GjWrBpdZQYYNHneiQcKQVJwUom8eHWml1n5FRLQIwVFOg==",
    pnpm: "12.4.2",
  },
  "6.64.0": {
    integrity:
      "sha512-vSi0xB15ny37TvQmGGXVKzbbiX9Kb08EBeK0NgEHAdhmEhwadgNOx+FIs9Srb9M1LPsjvJ9HvtDlYzumuNI/kw==",
    pnpm: "12.4.0",
  },
} as const satisfies Record<string, Omit<GhostRelease, "version">>;

export type GhostVersion = keyof typeof releases;

export function ghostReferenceOf(version: GhostVersion): string {
  return `ghost:${version}`;
}

const folder = path.join(import.meta.dirname, "ghost");
const files = ["root.sh", "docker-entrypoint.sh", "config.production.json"].map((file) =>
  path.join(folder, file),
);

/**
 * Returns a stand-in for the official image of Ghost: the real Ghost and its packages from npm on Debian's own packages,
 * with the official image's paths, user, configuration and entrypoint, but without Ghost-CLI, npm and Yarn. Takes about
 * two minutes the first time, half a minute for a further version.
 */
export function ghostImage(
  cacheDir: string,
  report?: (text: string) => void,
  version: GhostVersion = "6.65.0",
): Promise<StandInImage> {
  const release = { version, ...releases[version] };
  const recipe = {
    reference: ghostReferenceOf(version),
    holds: "the real Ghost from npm",
    packages: ["gosu", "libstdc++6", "tzdata"],
    files: [...files, path.join(import.meta.dirname, "ghost-packages.ts"), import.meta.filename],
    inputs: [version],
    image: {
      environment: [
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        `NODE_VERSION=${nodeVersion}`,
        "NODE_ENV=production",
        "GHOST_INSTALL=/var/lib/ghost",
        "GHOST_CONTENT=/var/lib/ghost/content",
        `GHOST_VERSION=${version}`,
      ],
      entrypoint: ["docker-entrypoint.sh"],
      command: ["node", "current/index.js"],
      workingDirectory: "/var/lib/ghost",
      exposedPorts: ["2368/tcp"],
      volumes: ["/var/lib/ghost/content"],
    },
    fill: async (root: string, work: string, progress: (text: string) => void) => {
      const ghost = path.join(work, "ghost");
      const { node } = await installGhost(cacheDir, release, ghost, progress);
      await execa(path.join(folder, "root.sh"), [root, node, ghost, version]);
    },
  };
  return buildStandIn(cacheDir, recipe, report);
}
