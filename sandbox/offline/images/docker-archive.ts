import { createHash } from "node:crypto";
import { rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { fileDigest } from "../../tools/file-digest.ts";

/** An image of one layer, in the terms of a Dockerfile. */
export interface ImageDescription {
  /** Name and tag, such as `mackerel/mackerel-agent:0.87.1`. */
  readonly reference: string;
  /** As Go names it. */
  readonly architecture: string;
  readonly environment: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  /** @default "/" */
  readonly workingDirectory?: string;
  /** Name or number of the user that a container runs as. @default root */
  readonly user?: string;
  /** @default SIGTERM */
  readonly stopSignal?: string;
  /** Such as `80/tcp`. */
  readonly exposedPorts?: readonly string[];
  /** Directories that a container gets an anonymous volume for unless one is mounted there. */
  readonly volumes?: readonly string[];
}

/** The image's configuration as Docker's image specification names its fields; those not given are left out. */
export function imageConfiguration(image: ImageDescription): Readonly<Record<string, unknown>> {
  const set = (values: readonly string[]) => Object.fromEntries(values.map((value) => [value, {}]));
  return {
    Env: image.environment,
    Labels: image.labels,
    ...(image.entrypoint ? { Entrypoint: image.entrypoint } : {}),
    ...(image.command ? { Cmd: image.command } : {}),
    ...(image.workingDirectory ? { WorkingDir: image.workingDirectory } : {}),
    ...(image.user ? { User: image.user } : {}),
    ...(image.stopSignal ? { StopSignal: image.stopSignal } : {}),
    ...(image.exposedPorts ? { ExposedPorts: set(image.exposedPorts) } : {}),
    ...(image.volumes ? { Volumes: set(image.volumes) } : {}),
  };
}

/** Writes the archive that `docker load` takes, with the folder `root` in `directory` as the image's only layer. */
export async function writeDockerArchive(
  directory: string,
  image: ImageDescription,
  archive: string,
): Promise<void> {
  const layerFile = path.join(directory, "layer.tar");
  await execa("tar", [
    ...["--create", "--file", layerFile, "--directory", path.join(directory, "root")],
    ...["--sort=name", "--mtime=@0", "--numeric-owner", "."],
  ]);
  const layer = await fileDigest(layerFile);
  const config = JSON.stringify({
    architecture: image.architecture,
    os: "linux",
    created: new Date(0).toISOString(),
    config: imageConfiguration(image),
    rootfs: { type: "layers", diff_ids: [`sha256:${layer}`] },
    history: [{ created: new Date(0).toISOString(), comment: image.reference }],
  });
  const configName = `${createHash("sha256").update(config).digest("hex")}.json`;
  await writeFile(path.join(directory, configName), config);
  const manifest = [{ Config: configName, RepoTags: [image.reference], Layers: ["layer.tar"] }];
  await writeFile(path.join(directory, "manifest.json"), JSON.stringify(manifest));
  const partial = path.join(directory, "image.tar");
  await execa("tar", [
    ...["--create", "--file", partial, "--directory", directory],
    ...["manifest.json", configName, "layer.tar"],
  ]);
  await rename(partial, archive);
}
