import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, readFile } from "node:fs/promises";
import path from "node:path";
import { recipeHash } from "../droplets/image.ts";
import type { SandboxSettings } from "../settings.ts";
import { backupSecrets } from "../spaces/backups.ts";
import { daemonLog, daemonState, removeDaemonRecord } from "./daemon-record.ts";
import { waitFor } from "../wait-for.ts";
import type { ServiceAddresses } from "./daemon-record.ts";
import { isAlive } from "./process-identity.ts";

/** Booting the droplets of a stopped sandbox is the longest part. */
const startSeconds = 240;
const stopSeconds = 30;

/**
 * Starts the daemon, or restarts it if the running one has another droplet image, older sources
 * or no backups yet, and returns when its
 * services listen. Droplets keep running meanwhile. Fails with the end of its log.
 */
export async function ensureDaemon(
  settings: SandboxSettings,
  image: string,
  report: (text: string) => void,
): Promise<ServiceAddresses> {
  const sources = ["sandbox", "emulators"].map((folder) => recipeHash(path.join(settings.root, folder)));
  const withSpaces = (await backupSecrets(settings)) === undefined ? [] : ["spaces"];
  const build = [image, ...(await Promise.all(sources)), ...withSpaces].join(" ");
  const before = await daemonState(settings);
  const isCurrent = "build" in before && before.build === build;
  if (isCurrent && before.state === "running") return before.addresses;
  if (!isCurrent) await stopDaemon(settings);
  const start = isCurrent ? await logSize(settings) : await spawnDaemon(settings, image, build);
  const listening = async () => {
    const now = await daemonState(settings);
    if (now.state === "running") return now.addresses;
    const lines = await logLines(settings, start);
    const last = lines.at(-1);
    if (last) report(last.replace(/^\S+ /, ""));
    if (now.state === "crashed") throw new Error(failure(settings, "ended while it started", lines));
    return undefined;
  };
  const addresses = await waitFor(listening, { seconds: startSeconds, every: 200 });
  if (addresses) return addresses;
  throw new Error(
    failure(settings, `did not start within ${startSeconds} s`, await logLines(settings, start)),
  );
}

/** Ends the daemon, by force after half a minute. Returns whether one was running. */
export async function stopDaemon(settings: SandboxSettings): Promise<boolean> {
  const now = await daemonState(settings);
  const wasRunning = now.state === "running" || now.state === "starting";
  if (wasRunning) {
    const ended = async () => !(await isAlive(now.process)) || undefined;
    process.kill(now.process.pid, "SIGTERM");
    if (!(await waitFor(ended, { seconds: stopSeconds, every: 100 }))) {
      process.kill(now.process.pid, "SIGKILL");
      await waitFor(ended, { every: 100 });
    }
  }
  await removeDaemonRecord(settings);
  return wasRunning;
}

/** Size of the log before the new process writes to it. */
async function spawnDaemon(settings: SandboxSettings, image: string, build: string): Promise<number> {
  const log = daemonLog(settings);
  await mkdir(path.dirname(log), { recursive: true });
  const start = await logSize(settings);
  const output = await open(log, "a");
  try {
    const program = path.join(settings.root, "sandbox", "daemon.ts");
    const stdio = ["ignore", output.fd, output.fd] as const;
    const child = spawn(process.execPath, [program, image, build], {
      cwd: settings.root,
      detached: true,
      stdio: [...stdio],
    });
    await once(child, "spawn");
    child.unref();
    let ended = false;
    child.once("exit", () => (ended = true));
    // Until it has written its record, only its parent knows whether it runs.
    const recorded = async () => ended || (await daemonState(settings)).state !== "stopped" || undefined;
    await waitFor(recorded, { every: 50 });
    if (ended) throw new Error(failure(settings, "ended at once", await logLines(settings, start)));
  } finally {
    await output.close();
  }
  return start;
}

function failure(settings: SandboxSettings, what: string, lines: readonly string[]): string {
  return `the sandbox's background process ${what}. The end of ${daemonLog(settings)}:\n${lines.slice(-20).join("\n")}`;
}

async function logSize(settings: SandboxSettings): Promise<number> {
  return (await readLog(settings)).length;
}

async function logLines(settings: SandboxSettings, start: number): Promise<string[]> {
  return (await readLog(settings)).subarray(start).toString("utf8").split("\n").filter(Boolean);
}

async function readLog(settings: SandboxSettings): Promise<Buffer> {
  try {
    return await readFile(daemonLog(settings));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
}
