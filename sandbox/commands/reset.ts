import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { execa } from "execa";
import { stopDaemon } from "../daemon/daemon-control.ts";
import { programName } from "../daemon/process-identity.ts";
import { removeNetworks } from "../droplets/network/public-network.ts";
import { runSteps } from "../progress.ts";
import type { SandboxSettings } from "../settings.ts";
import { ensureDockerDaemon } from "../tools/docker-daemon.ts";
import { programOnPath } from "../tools/machine-facts.ts";
import { lockHolders } from "./pulumi-cli.ts";
import { dropletContainers, releaseVolumes } from "./stop.ts";

/** Removes all that the sandbox made but the shared cache. Goes through whatever is left of a sandbox that was killed. */
export async function reset(settings: SandboxSettings): Promise<void> {
  await runSteps([
    {
      title: "Processes",
      run: async () => {
        await endUpdates(settings);
        return (await stopDaemon(settings)) ? "ended" : "none were running";
      },
    },
    { title: "Droplets", run: (report) => removeDroplets(settings, report) },
    { title: "Volumes", run: () => releaseVolumes(settings) },
    { title: "Networks", run: () => removeBridges(settings) },
    {
      title: "Files",
      run: async () => {
        await rm(settings.stateDir, { recursive: true, force: true });
        return `${settings.stateDir} removed, ${settings.cacheDir} kept`;
      },
    },
  ]);
}

/** An update whose `npm start` was killed goes on by itself. */
async function endUpdates(settings: SandboxSettings): Promise<void> {
  for (const pid of await lockHolders(settings)) {
    if ((await programName(pid)) === "pulumi") process.kill(pid, "SIGKILL");
  }
}

async function removeDroplets(settings: SandboxSettings, report: (text: string) => void): Promise<string> {
  if (!(await programOnPath("docker"))) return "no Docker, so none";
  // A Docker that was stopped may still hold containers; one that this sandbox never used does not.
  if (existsSync(settings.stateDir)) await ensureDockerDaemon(settings.cacheDir, report);
  const all = (await dropletContainers(settings)) ?? [];
  if (all.length > 0) await execa("docker", ["rm", "--force", "--volumes", ...all]);
  return all.length === 0 ? "none" : `${all.length} removed`;
}

async function removeBridges(settings: SandboxSettings): Promise<string> {
  for (const program of ["ip", "nft", "iptables"]) {
    if (!(await programOnPath(program))) return `no ${program}, so none`;
  }
  await removePorts(settings);
  await removeNetworks(settings);
  return "removed";
}

/** The kernel takes its time to remove the host ends of a removed container's cables. */
async function removePorts(settings: SandboxSettings): Promise<void> {
  const { stdout } = await execa("ip", ["-json", "link", "show", "type", "veth"]);
  const links = JSON.parse(stdout || "[]") as { ifname?: string }[];
  for (const { ifname } of links) {
    if (!ifname?.startsWith(`p${settings.id}`) && !ifname?.startsWith(`q${settings.id}`)) continue;
    const { failed, stderr } = await execa("ip", ["link", "delete", ifname], { reject: false });
    if (failed && !stderr.includes("Cannot find device"))
      throw new Error(`ip link delete ${ifname}: ${stderr}`);
  }
}
