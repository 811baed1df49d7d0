import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { execa } from "execa";

/** An image of one layer. */
export interface ImageDescription {
  /** Name and tag, such as `mackerel/mackerel-agent:0.87.1`. */
  readonly reference: string;
  /** As Go names it. */
  readonly architecture: string;
  readonly environment: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** SHA-256 of a file, in hex. */
export async function fileDigest(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** Writes the archive that `docker load` takes, with the file `layer.tar` in `directory` as the image's only layer. */
export async function writeDockerArchive(
  directory: string,
  image: ImageDescription,
  archive: string,
): Promise<void> {
  const layer = await fileDigest(path.join(directory, "layer.tar"));
  const config = JSON.stringify({
    architecture: image.architecture,
    os: "linux",
    created: new Date(0).toISOString(),
    config: { Env: image.environment, Labels: image.labels },
    rootfs: { type: "layers", diff_ids: [`sha256:${layer}`] },
    history: [{ created: new Date(0).toISOString(), comment: image.reference }],
  });
  const configName = `${createHash("sha256").update(config).digest("hex")}.json`;
  await writeFile(path.join(directory, configName), config);
  const manifest = [{ Config: configName, RepoTags: [image.reference], Layers: ["layer.tar"] }];
  await writeFile(path.join(directory, "manifest.json"), JSON.stringify(manifest));
  const partial = path.join(directory, "image.tar");
  await execa("tar", [
    "--create",
    "--file",
    partial,
    "--directory",
    directory,
    "manifest.json",
    configName,
    "layer.tar",
  ]);
  await rename(partial, archive);
}
