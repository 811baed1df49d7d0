import { readFile } from "node:fs/promises";
import path from "node:path";
import writeFileAtomic from "write-file-atomic";
import { UsageError } from "../progress.ts";
import type { SandboxSettings } from "../settings.ts";
import type { InstalledTool } from "./tool.ts";

/** The tools that `npm start` chose for this sandbox, for the commands that come after it. */
export interface Installation {
  readonly pulumi: InstalledTool;
  readonly nomad: InstalledTool;
  /** Provider plugins and the Node language host. */
  readonly plugins: readonly InstalledTool[];
}

const installationFile = (settings: SandboxSettings) => path.join(settings.stateDir, "tools.json");

export async function writeInstallation(
  settings: SandboxSettings,
  installation: Installation,
): Promise<void> {
  await writeFileAtomic(installationFile(settings), JSON.stringify(installation, null, 2));
}

/** Undefined if the sandbox was never started. */
export async function previousInstallation(settings: SandboxSettings): Promise<Installation | undefined> {
  try {
    return JSON.parse(await readFile(installationFile(settings), "utf8")) as Installation;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return undefined;
  }
}

/** Fails with what to do if the sandbox was never started. */
export async function readInstallation(settings: SandboxSettings): Promise<Installation> {
  const installation = await previousInstallation(settings);
  if (installation) return installation;
  throw new UsageError("there is no sandbox here yet: start one with `npm start`");
}
