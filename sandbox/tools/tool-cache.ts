import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";

/** Folder of a tool's version in the cache. It exists only if everything in it is complete. */
export function toolDirectory(
  cacheDir: string,
  name: string,
  version: string,
  kind: "official" | "built",
): string {
  return path.join(cacheDir, "tools", name, kind === "official" ? `${version}-official` : version);
}

const partial = ".partial-";

/**
 * Fills a temporary folder beside `directory` and renames it, so that a half-filled folder is never visible. Does nothing
 * if `directory` exists. Removes what an interrupted call left behind; the caller holds a lock for the parent folder.
 */
export async function fillDirectory(
  directory: string,
  fill: (temporary: string) => Promise<void>,
): Promise<void> {
  if (existsSync(directory)) return;
  const parent = path.dirname(directory);
  await mkdir(parent, { recursive: true });
  for (const name of await readdir(parent)) {
    if (name.startsWith(partial)) await rm(path.join(parent, name), { recursive: true });
  }
  const temporary = await mkdtemp(path.join(parent, partial));
  try {
    await fill(temporary);
    await chmod(temporary, 0o755);
    await rename(temporary, directory);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}
