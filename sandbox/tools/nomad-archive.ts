import { createWriteStream, existsSync } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";
import { fileDigest } from "./file-digest.ts";
import { withLock } from "./file-lock.ts";
import { fillDirectory } from "./tool-cache.ts";
import type { InstalledTool } from "./tool.ts";

/** Of the Nomad that the sandbox gets by itself. */
const defaultFolder = "nomad";

export interface NomadArchive {
  readonly version: string;
  /** Where it is below the address of the sandbox's downloads; others of the same version lie elsewhere. */
  readonly folder: string;
  /** `nomad_<version>_linux_<arch>.zip`, as HashiCorp publishes it. */
  readonly file: string;
  /** Hexadecimal. */
  readonly sha256: string;
}

/**
 * The archive that droplets download: the official one as it came, or one made from the build, with the same bytes
 * for the same build.
 */
export async function nomadArchive(nomad: InstalledTool, cacheDir: string): Promise<NomadArchive> {
  const name = `nomad_${nomad.version}_linux_${process.arch === "x64" ? "amd64" : process.arch}.zip`;
  const beside = path.dirname(nomad.path);
  if (nomad.origin === "official")
    return describeArchive(nomad.version, defaultFolder, path.join(beside, name));
  const content = nomad.origin === "given" ? (await fileDigest(nomad.path)).slice(0, 12) : undefined;
  const folder = content === undefined ? defaultFolder : `${defaultFolder}-${content}`;
  const directory = path.join(cacheDir, "tools", `${folder}-archive`, nomad.version);
  await withLock(cacheDir, "nomad-archive", () =>
    fillDirectory(directory, async (temporary) => {
      const zip = new ZipFile();
      // A zip holds times; the first one it can express makes the archive depend on its content alone.
      const mtime = new Date(1980, 0, 1);
      const license = path.join(beside, "LICENSE.txt");
      if (nomad.origin !== "given" || existsSync(license))
        zip.addFile(license, "LICENSE.txt", { mtime, mode: 0o100644 });
      zip.addFile(nomad.path, "nomad", { mtime, mode: 0o100755 });
      zip.end();
      await pipeline(zip.outputStream, createWriteStream(path.join(temporary, name)));
    }),
  );
  return describeArchive(nomad.version, folder, path.join(directory, name));
}

async function describeArchive(version: string, folder: string, file: string): Promise<NomadArchive> {
  return { version, folder, file, sha256: await fileDigest(file) };
}
