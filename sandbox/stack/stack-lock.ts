import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { programName } from "../daemon/process-identity.ts";
import type { SandboxSettings } from "../settings.ts";
import { waitFor } from "../wait-for.ts";
import type { PulumiCli } from "./pulumi-cli.ts";

/**
 * Takes away the lock of an update that was interrupted. If the update's process is still at work on the stack, waits for
 * it first.
 */
export async function clearStaleLock(
  settings: SandboxSettings,
  pulumi: PulumiCli,
  report: (text: string) => void,
): Promise<void> {
  const lookAtLocks = async () => {
    const [holder] = await runningUpdates(settings);
    if (holder === undefined) return true;
    report(`waiting for the update of process ${holder}`);
    return undefined;
  };
  await waitFor(lookAtLocks, { every: 500 });
  if ((await lockHolders(settings)).length > 0) await pulumi.output(["cancel", "--yes"]);
}

/** Pids of the Pulumi processes that hold a lock on the stack. */
export async function runningUpdates(settings: SandboxSettings): Promise<number[]> {
  const pids = await lockHolders(settings);
  const names = await Promise.all(pids.map((pid) => programName(pid)));
  return pids.filter((_pid, index) => names[index] === "pulumi");
}

/** Pids in the locks on the stack; their processes may have ended. */
async function lockHolders(settings: SandboxSettings): Promise<number[]> {
  const directory = path.join(settings.stateDir, "pulumi", ".pulumi", "locks");
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const locks = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".json"));
    return await Promise.all(
      locks.map(async (entry) => {
        const text = await readFile(path.join(entry.parentPath, entry.name), "utf8");
        return (JSON.parse(text) as { pid: number }).pid;
      }),
    );
  } catch (error) {
    // No lock was ever taken, or one was released just now.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
