import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import writeFileAtomic from "write-file-atomic";
import type { SandboxSettings } from "../settings.ts";
import { isAlive } from "./process-identity.ts";
import type { ProcessIdentity } from "./process-identity.ts";

/** Where the services of a running daemon are. None ends in a slash. */
export interface ServiceAddresses {
  /** The host's address on the sandbox's public network. */
  readonly gateway: string;
  readonly digitalocean: string;
  readonly mackerel: string;
  readonly downloads: string;
  readonly registry: string;
  /** Debian's archives are below it as /debian and /debian-security. */
  readonly apt: string;
  /** An S3 API, if the sandbox has backups. */
  readonly spaces?: string;
}

export interface DaemonRecord extends ProcessIdentity {
  /** Identifies what it runs: the droplet image and the sources of sandbox and emulators. */
  readonly build: string;
  /** Undefined until every service listens. */
  readonly addresses?: ServiceAddresses;
}

export type DaemonState =
  | { readonly state: "stopped" }
  | { readonly state: "crashed" }
  | { readonly state: "starting"; readonly build: string; readonly process: ProcessIdentity }
  | {
      readonly state: "running";
      readonly build: string;
      readonly process: ProcessIdentity;
      readonly addresses: ServiceAddresses;
    };

const recordFile = (settings: SandboxSettings) => path.join(settings.stateDir, "daemon.json");
export const daemonLog = (settings: SandboxSettings) => path.join(settings.stateDir, "logs", "daemon.log");

export async function writeDaemonRecord(settings: SandboxSettings, record: DaemonRecord): Promise<void> {
  await writeFileAtomic(recordFile(settings), JSON.stringify(record, null, 2));
}

/** The last thing that a daemon does; a record whose process is gone means that it crashed. */
export async function removeDaemonRecord(settings: SandboxSettings): Promise<void> {
  await rm(recordFile(settings), { force: true });
}

export async function daemonState(settings: SandboxSettings): Promise<DaemonState> {
  let text: string;
  try {
    text = await readFile(recordFile(settings), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { state: "stopped" };
    throw error;
  }
  const { addresses, build, ...process } = JSON.parse(text) as DaemonRecord;
  if (!(await isAlive(process))) return { state: "crashed" };
  return addresses ? { state: "running", build, process, addresses } : { state: "starting", build, process };
}
