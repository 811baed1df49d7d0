import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, link, mkdir, rm, utimes } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { execa } from "execa";
import { withLock } from "./file-lock.ts";
import { fillDirectory } from "./tool-cache.ts";
import type { InstalledTool } from "./tool.ts";

export interface NomadArchive {
  readonly version: string;
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
  if (nomad.origin === "official") return describe(nomad.version, path.join(beside, name));
  const directory = path.join(cacheDir, "tools", "nomad-archive", nomad.version);
  await withLock(cacheDir, "nomad-archive", () =>
    fillDirectory(directory, async (temporary) => {
      const content = path.join(temporary, "content");
      await mkdir(content);
      const files = ["LICENSE.txt", "nomad"];
      for (const file of files) {
        await link(path.join(beside, file), path.join(content, file)).catch(() =>
          copyFile(path.join(beside, file), path.join(content, file)),
        );
        // A zip holds times; the first one it can express makes the archive depend on its content alone.
        await utimes(path.join(content, file), new Date(1980, 0, 1), new Date(1980, 0, 1));
      }
      await execa("zip", ["-X", "-q", path.join(temporary, name), ...files], { cwd: content });
      await rm(content, { recursive: true });
    }),
  );
  return describe(nomad.version, path.join(directory, name));
}

async function describe(version: string, file: string): Promise<NomadArchive> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return { version, file, sha256: hash.digest("hex") };
}
