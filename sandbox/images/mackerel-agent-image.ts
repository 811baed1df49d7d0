import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { fileDigest, writeDockerArchive } from "./docker-archive.ts";

/** An image that the sandbox serves under a name of Docker Hub. */
export interface ServedImage {
  /** Name and tag that a job asks for. */
  readonly reference: string;
  /** Archive that `docker load` takes. */
  readonly archive: string;
}

/** The tag that jobs ask for. The agent in here may be a patch release older: the newest that there is as a Go module. */
const reference = "mackerel/mackerel-agent:0.87.1";
const rootScript = path.join(import.meta.dirname, "mackerel-agent-root.sh");

/**
 * Returns a stand-in for the official image of mackerel-agent: the real agent at /usr/bin/mackerel-agent on Debian's own
 * packages, without the official start script and plugins. Built once for each agent and recipe (some seconds, from
 * packages of this machine's Debian), then kept in `cacheDir`. `agent` is the program, with LICENSE.txt beside it.
 * Fails where there is no apt.
 */
export async function mackerelAgentImage(
  cacheDir: string,
  agent: string,
  onProgress: (step: string) => void = () => undefined,
): Promise<ServedImage> {
  const recipe = createHash("sha256")
    .update(await readFile(rootScript))
    .update(await readFile(import.meta.filename))
    .update(await readFile(path.join(import.meta.dirname, "docker-archive.ts")))
    .update(await fileDigest(agent))
    .digest("hex")
    .slice(0, 12);
  const images = path.join(cacheDir, "images");
  const archive = path.join(images, `mackerel-agent-${recipe}.tar`);
  if (existsSync(archive)) return { reference, archive };
  await mkdir(images, { recursive: true });
  const work = await mkdtemp(path.join(images, ".partial-"));
  try {
    onProgress("image of mackerel-agent: Debian packages");
    const licence = path.join(path.dirname(agent), "LICENSE.txt");
    await execa(rootScript, [agent, licence, path.join(work, "layer.tar")], { env: { LC_ALL: "C.UTF-8" } });
    onProgress("image of mackerel-agent: archive");
    const image = {
      reference,
      architecture: process.arch === "x64" ? "amd64" : process.arch,
      environment: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
      labels: {
        "org.opencontainers.image.description": "Stand-in for the official image, with the real agent",
      },
    };
    await writeDockerArchive(work, image, archive);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return { reference, archive };
}
