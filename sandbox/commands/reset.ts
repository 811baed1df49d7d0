import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { stopDaemon } from "../daemon/daemon-control.ts";
import { releaseVolumes, removeBridges, removeDroplets } from "../droplets/all-droplets.ts";
import { runSteps } from "../progress.ts";
import type { SandboxSettings } from "../settings.ts";
import { ensureDockerDaemon } from "../tools/docker-daemon.ts";
import { programOnPath } from "../tools/machine-facts.ts";
import { runningUpdates } from "../stack/stack-lock.ts";

/** Removes everything that the sandbox made, except the shared cache; also what an interrupted command left behind. */
export async function reset(settings: SandboxSettings): Promise<void> {
  await runSteps([
    {
      title: "Processes",
      run: async () => {
        await endUpdates(settings);
        return (await stopDaemon(settings)) ? "ended" : "none were running";
      },
    },
    { title: "Droplets", run: (report) => droplets(settings, report) },
    {
      title: "Volumes",
      run: async () => {
        const count = await releaseVolumes(settings);
        return count === 0 ? "none" : `${count} released`;
      },
    },
    { title: "Networks", run: () => networks(settings) },
    {
      title: "Files",
      run: async () => {
        await rm(settings.stateDir, { recursive: true, force: true });
        return `${settings.stateDir} removed, ${settings.cacheDir} kept`;
      },
    },
  ]);
}

/** An update keeps running when its `npm start` is killed. */
async function endUpdates(settings: SandboxSettings): Promise<void> {
  for (const pid of await runningUpdates(settings)) process.kill(pid, "SIGKILL");
}

async function droplets(settings: SandboxSettings, report: (text: string) => void): Promise<string> {
  if (!(await programOnPath("docker"))) return "no Docker, so none";
  // A Docker that was stopped may still hold containers; one that this sandbox never used does not.
  if (existsSync(settings.stateDir)) await ensureDockerDaemon(settings.cacheDir, report);
  const count = await removeDroplets(settings);
  return count === 0 ? "none" : `${count} removed`;
}

async function networks(settings: SandboxSettings): Promise<string> {
  for (const program of ["ip", "nft", "iptables"]) {
    if (!(await programOnPath(program))) return `no ${program}, so none`;
  }
  await removeBridges(settings);
  return "removed";
}
