import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import type { SandboxSettings } from "../settings.ts";
import { ask, run } from "./commands.ts";

const recipe = path.join(import.meta.dirname, "image");

/** What is being done, for a progress display. */
export type OnProgress = (step: string) => void;

export interface DropletImageOptions {
  /** Debian mirror that the base system and its packages come from. @default "http://deb.debian.org/debian" */
  readonly mirror?: string;
}

/**
 * Returns the name of the Docker image that droplets boot from: Debian 12 with what DigitalOcean's debian-12-x64 holds
 * and nothing of ours. Built once for each state of the recipe (about two minutes), kept as an archive in the cache,
 * from which a Docker that has lost it gets it back in seconds. Needs root.
 */
export async function ensureDropletImage(
  settings: SandboxSettings,
  onProgress: OnProgress = () => undefined,
  options: DropletImageOptions = {},
): Promise<string> {
  const hash = await recipeHash();
  const image = `nomad-digitalocean/debian-12-x64:${hash}`;
  if ((await ask("docker", ["image", "inspect", image])) !== undefined) return image;
  const directory = path.join(settings.cacheDir, "droplet-image");
  await mkdir(directory, { recursive: true });
  const archive = path.join(directory, `debian-12-x64-${hash}.tar`);
  // Two clones may start at once; flock(1) lets the second wait for the first one's archive.
  const script = '[ -e "$3" ] || exec "$1" "$2" "$3"';
  const mirror = options.mirror ?? "http://deb.debian.org/debian";
  const build = execa("flock", [
    path.join(directory, "lock"),
    ...["sh", "-c", script, "sh", path.join(recipe, "build.sh"), mirror, archive],
  ]);
  for await (const line of build) {
    if (line.startsWith("step: ")) onProgress(`droplet image: ${line.slice("step: ".length)}`);
  }
  onProgress("droplet image: import into Docker");
  await run("docker", ["import", archive, image]);
  return image;
}

/** Changes with every file of the recipe, its name and its mode. */
export async function recipeHash(directory: string = recipe): Promise<string> {
  const hash = createHash("sha256");
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  for (const file of files.sort()) {
    const executable = ((await stat(file)).mode & 0o100) !== 0;
    hash.update(`${path.relative(directory, file)} ${executable}\0`).update(await readFile(file));
  }
  return hash.digest("hex").slice(0, 12);
}
