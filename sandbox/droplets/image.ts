import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import type { DropletImageKind, SandboxSettings } from "../settings.ts";
import { ask, run } from "./commands.ts";

const recipe = path.join(import.meta.dirname, "image");

/** What is being done, for a progress display. */
export type OnProgress = (step: string) => void;

/** What the prepared image has: the packages that the platform's user-data installs. */
export const preparedPackages = [
  "apparmor",
  "ca-certificates",
  "containernetworking-plugins",
  "curl",
  "docker.io",
  "iptables",
  "unattended-upgrades",
  "unzip",
] as const;

export interface DropletImageOptions {
  /** @default the settings' `dropletImage` */
  readonly kind?: DropletImageKind;
  /** URL under which `debian` and `debian-security` lie, where the packages come from. @default "http://deb.debian.org" */
  readonly mirror?: string;
}

/**
 * Returns the name of the Docker image that droplets boot from. Built once for each state of the recipe (bare about two
 * minutes, prepared one more), kept as an archive in the cache, from which a Docker that has lost it gets it back in
 * seconds. Needs root.
 */
export async function ensureDropletImage(
  settings: SandboxSettings,
  onProgress: OnProgress = () => undefined,
  { kind = settings.dropletImage, mirror = "http://deb.debian.org" }: DropletImageOptions = {},
): Promise<string> {
  const hash = await recipeHash();
  const list = createHash("sha256").update(preparedPackages.join()).digest("hex").slice(0, 4);
  const tag = { bare: hash, prepared: `${hash}-with-docker-${list}` };
  const image = `nomad-digitalocean/debian-12-x64:${tag[kind]}`;
  if ((await ask("docker", ["image", "inspect", image])) !== undefined) return image;
  const directory = path.join(settings.cacheDir, "droplet-image");
  await mkdir(directory, { recursive: true });
  const archive = (of: DropletImageKind) => path.join(directory, `debian-12-x64-${tag[of]}.tar`);
  // Two clones may start at once; flock(1) lets the second wait for the first one's archive.
  const make = async (of: DropletImageKind, base: readonly string[] = []) => {
    const script = '[ -e "$3" ] || exec "$@"';
    const build = execa("flock", [
      ...[path.join(directory, "lock"), "sh", "-c", script, "sh"],
      ...[path.join(recipe, "build.sh"), mirror, archive(of), ...base],
    ]);
    for await (const line of build) {
      if (line.startsWith("step: ")) onProgress(`${of} droplet image: ${line.slice("step: ".length)}`);
    }
  };
  if (kind === "bare") await make("bare");
  else if (!existsSync(archive("prepared"))) {
    await make("bare");
    await make("prepared", [archive("bare"), ...preparedPackages]);
  }
  onProgress("droplet image: import into Docker");
  await run("docker", ["import", archive(kind), image]);
  return image;
}

/** For the screen: which image droplets boot from, and how to have the other. */
export function describeDropletImage(kind: DropletImageKind, image: string): string {
  return kind === "bare"
    ? `${image}, as DigitalOcean has it`
    : `${image}, Docker installed already (NOMAD_SANDBOX_DROPLET_IMAGE=bare: as DigitalOcean has it)`;
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
