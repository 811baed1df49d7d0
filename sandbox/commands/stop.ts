import { execa } from "execa";
import { stopDaemon } from "../daemon/daemon-control.ts";
import { sandboxLabel } from "../droplets/names.ts";
import { Volumes } from "../droplets/volumes/volumes.ts";
import { runSteps } from "../progress.ts";
import type { SandboxSettings } from "../settings.ts";

/** Ends the sandbox's processes and shuts its droplets down. State stays, and `start` goes on from it. */
export async function stop(settings: SandboxSettings): Promise<void> {
  await runSteps([
    {
      title: "Services of the sandbox",
      run: async () => ((await stopDaemon(settings)) ? "ended" : "none were running"),
    },
    { title: "Droplets", run: () => stopDroplets(settings) },
    { title: "Volumes", run: () => releaseVolumes(settings) },
  ]);
}

async function stopDroplets(settings: SandboxSettings): Promise<string> {
  const running = await dropletContainers(settings, ["--filter", "status=running"]);
  if (running === undefined) return "Docker does not run, so none do";
  if (running.length > 0) await execa("docker", ["stop", "--time", "30", ...running]);
  return running.length === 0 ? "none were running" : `${running.length} shut down`;
}

/** Takes the volumes' loop devices from the host, whose droplets have ended. */
export async function releaseVolumes(settings: SandboxSettings): Promise<string> {
  const count = await new Volumes(settings).releaseAll();
  return count === 0 ? "none" : `${count} released`;
}

/** Ids of the sandbox's containers, or undefined where Docker does not answer. */
export async function dropletContainers(
  settings: SandboxSettings,
  filters: readonly string[] = [],
): Promise<string[] | undefined> {
  const args = ["ps", "--quiet", "--all", "--filter", `label=${sandboxLabel}=${settings.id}`, ...filters];
  const result = await execa("docker", args, { reject: false, timeout: 30_000 });
  return result.exitCode === 0 ? result.stdout.split("\n").filter(Boolean) : undefined;
}
