import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import writeFileAtomic from "write-file-atomic";
import { withLock } from "../tools/file-lock.ts";

/** What sandboxes put on this machine outside of their own directories, so that it can be removed again. */
export interface InstalledOnMachine {
  /** Debian packages. */
  readonly packages: readonly string[];
  /** Images that were pulled into this machine's Docker. */
  readonly images: readonly string[];
}

const recordFile = (cacheDir: string) => path.join(cacheDir, "installed.json");

export async function installedOnMachine(cacheDir: string): Promise<InstalledOnMachine> {
  try {
    return JSON.parse(await readFile(recordFile(cacheDir), "utf8")) as InstalledOnMachine;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return { packages: [], images: [] };
  }
}

/** Adds to the record, each thing once. */
export async function recordInstalled(
  cacheDir: string,
  { packages = [], images = [] }: Partial<InstalledOnMachine>,
): Promise<void> {
  await mkdir(cacheDir, { recursive: true });
  await withLock(cacheDir, "installed", async () => {
    const before = await installedOnMachine(cacheDir);
    const all = {
      packages: [...new Set([...before.packages, ...packages])].sort(),
      images: [...new Set([...before.images, ...images])].sort(),
    };
    await writeFileAtomic(recordFile(cacheDir), JSON.stringify(all, null, 2));
  });
}
