import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { withLock } from "../../tools/file-lock.ts";
import { programOnPath } from "../../tools/machine-facts.ts";
import { writeDockerArchive } from "./docker-archive.ts";
import type { ImageDescription } from "./docker-archive.ts";
import type { StandInImage } from "../../images/served-image.ts";

/** How a stand-in for an official image is made on this machine. */
export interface StandInRecipe {
  /** Name and tag of the official image. */
  readonly reference: string;
  /** What is in it instead, for its label: "Debian's nginx". */
  readonly holds: string;
  readonly image: Omit<ImageDescription, "reference" | "architecture" | "labels">;
  /** Debian packages, which bring what they depend on. */
  readonly packages: readonly string[];
  /** Absolute paths of the files that say how `fill` works: the image is built again when one changes. */
  readonly files: readonly string[];
  /** Versions and digests that decide what is in the image beside those files. */
  readonly inputs: readonly string[];
  /** Adds to a root file system that holds the packages; `work` is an empty folder on the same file system. */
  fill(root: string, work: string, report: (text: string) => void): Promise<void>;
}

const ownFiles = ["debian-root.sh", "docker-archive.ts", "stand-in-image.ts"];

/**
 * Builds a stand-in once for each state of its recipe, and keeps it in `cacheDir` for all clones; a clone that comes
 * while another builds it waits. Its packages are those of this machine's Debian. Fails where there is no apt.
 */
export async function buildStandIn(
  cacheDir: string,
  recipe: StandInRecipe,
  report: (text: string) => void = () => undefined,
): Promise<StandInImage> {
  const { reference, holds } = recipe;
  const name = reference.replace(/[/:]/g, "-");
  const images = path.join(cacheDir, "images");
  const archive = path.join(images, `${name}-${await recipeHash(recipe)}.tar`);
  const standIn: StandInImage = {
    origin: "stand-in",
    reference,
    holds,
    archive,
    localName: localName(reference),
  };
  if (existsSync(archive)) return standIn;
  return withLock(
    cacheDir,
    `image-${name}`,
    async () => {
      if (!existsSync(archive)) await build(cacheDir, recipe, archive, report);
      return standIn;
    },
    () => report("another process is building it, waiting"),
  );
}

async function build(
  cacheDir: string,
  recipe: StandInRecipe,
  archive: string,
  report: (text: string) => void,
): Promise<void> {
  if (!(await programOnPath("apt-get"))) {
    throw new Error(
      `${recipe.reference}: Docker Hub does not give it, and a stand-in is made of Debian packages, which need apt-get. ` +
        "Make registry-1.docker.io reachable, or start the sandbox on Debian",
    );
  }
  const images = path.dirname(archive);
  const leftover = `.partial-${path.basename(archive, ".tar").replace(/[0-9a-f]+$/, "")}`;
  await mkdir(images, { recursive: true });
  for (const entry of await readdir(images)) {
    if (entry.startsWith(leftover)) await rm(path.join(images, entry), { recursive: true });
  }
  const work = await mkdtemp(path.join(images, leftover));
  const root = path.join(work, "root");
  try {
    report("Debian packages");
    await withLock(cacheDir, "apt-get", () =>
      execa(path.join(import.meta.dirname, "debian-root.sh"), [root, ...recipe.packages], {
        env: { LC_ALL: "C.UTF-8" },
      }),
    );
    await mkdir(path.join(work, "work"));
    await recipe.fill(root, path.join(work, "work"), report);
    report("archive");
    const description = `Stand-in for the official image, with ${recipe.holds}`;
    const image: ImageDescription = {
      ...recipe.image,
      reference: localName(recipe.reference),
      architecture: process.arch === "x64" ? "amd64" : process.arch,
      labels: { "org.opencontainers.image.description": description },
    };
    await writeDockerArchive(work, image, archive);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Changes with every file and every input of the recipe. */
export async function recipeHash(
  recipe: Pick<StandInRecipe, "image" | "holds" | "packages" | "files" | "inputs">,
): Promise<string> {
  const hash = createHash("sha256");
  const { image, holds, packages, inputs } = recipe;
  hash.update(JSON.stringify({ image, holds, packages, inputs, arch: process.arch }));
  const files = [...ownFiles.map((file) => path.join(import.meta.dirname, file)), ...recipe.files];
  for (const file of files) hash.update(`\0${path.basename(file)}\0`).update(await readFile(file));
  return hash.digest("hex").slice(0, 12);
}

/** A name of its own, so that nothing else on this machine runs a stand-in by mistake. */
function localName(reference: string): string {
  return `nomad-digitalocean/stand-in/${reference}`;
}
