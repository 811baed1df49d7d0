import { mkdir } from "node:fs/promises";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { waitFor } from "../wait-for.ts";

/**
 * Runs `work` while no other process on this machine holds the lock of that name. SQLite's lock on a file: the
 * operating system releases it when its holder dies, so no stale lock is left. `onWait` is called once if the
 * lock is taken.
 */
export async function withLock<T>(
  cacheDir: string,
  name: string,
  work: () => Promise<T>,
  onWait: () => void = () => undefined,
): Promise<T> {
  const directory = path.join(cacheDir, "locks");
  await mkdir(directory, { recursive: true });
  const database = new DatabaseSync(path.join(directory, `${name}.sqlite`));
  try {
    if (!tryLock(database)) {
      onWait();
      await waitFor(() => tryLock(database) || undefined, { every: 300 });
    }
    return await work();
  } finally {
    database.close();
  }
}

function tryLock(database: DatabaseSync): boolean {
  try {
    database.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    const sqliteBusy = 5;
    if (error instanceof Error && "errcode" in error && error.errcode === sqliteBusy) return false;
    throw error;
  }
}
