import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";

const root = path.resolve(import.meta.dirname, "../../..");

/** What `npm pack --json` says of a package. */
export interface PackedPackage {
  readonly name: string;
  /** Path of the tarball. */
  readonly tarball: string;
  /** Paths in the package. */
  readonly files: readonly string[];
}

/** A directory outside the repository whose projects get this repository's packages from tarballs, as strangers do. */
export interface PackageConsumer {
  readonly directory: string;
  readonly components: PackedPackage;
  /** Runs npm in a project, by default in the directory itself. */
  npm(args: readonly string[], project?: string): Promise<string>;
  remove(): Promise<void>;
}

/**
 * Packs the components as `npm publish` does and installs `projects`, each a package.json with sources by its folder's
 * name. What npm has in its cache is not fetched again.
 */
export async function packageConsumer(
  projects: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Promise<PackageConsumer> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "package-consumer-"));
  const components = await pack(path.join(root, "components"), directory);
  // Not every registry has it. Its types and resources are the published ones.
  const nomad = await pack(path.join(root, "sdks/nomad"), directory);
  for (const [project, files] of Object.entries(projects)) {
    await mkdir(path.join(directory, project));
    for (const [name, text] of Object.entries(files))
      await writeFile(path.join(directory, project, name), text);
  }
  const overrides = {
    [components.name]: `file:${components.tarball}`,
    [nomad.name]: `file:${nomad.tarball}`,
  };
  await writeFile(
    path.join(directory, "package.json"),
    JSON.stringify({ private: true, workspaces: Object.keys(projects), overrides }),
  );
  const npm = async (args: readonly string[], project = ".") => {
    const { stdout } = await execa("npm", args, { cwd: path.join(directory, project) });
    return stdout;
  };
  await npm(["install", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"]);
  return { directory, components, npm, remove: () => rm(directory, { recursive: true }) };
}

/** The files of one of this repository's examples, for {@link packageConsumer}. */
export async function exampleFiles(name: string, files: readonly string[]): Promise<Record<string, string>> {
  const read = async (file: string) =>
    [file, await readFile(path.join(root, "examples", name, file), "utf8")] as const;
  return Object.fromEntries(await Promise.all(["package.json", "Pulumi.yaml", ...files].map(read)));
}

/** Packs a package as `npm publish` does, which builds it first. */
export async function pack(folder: string, destination: string): Promise<PackedPackage> {
  const { stdout } = await execa("npm", ["pack", "--json", "--silent", "--pack-destination", destination], {
    cwd: folder,
  });
  const [packed] = JSON.parse(stdout) as {
    name: string;
    filename: string;
    files: { path: string }[];
  }[];
  if (packed === undefined) throw new Error(`npm pack made nothing of ${folder}`);
  return {
    name: packed.name,
    tarball: path.join(destination, packed.filename),
    files: packed.files.map((file) => file.path),
  };
}
