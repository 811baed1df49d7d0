import { stopDaemon } from "../daemon/daemon-control.ts";
import { releaseVolumes, stopDroplets } from "../droplets/all-droplets.ts";
import { endLoadBalancers } from "../droplets/load-balancers/load-balancers.ts";
import { runSteps } from "../progress.ts";
import type { SandboxSettings } from "../settings.ts";

/** Ends the sandbox's processes and shuts its droplets down. State stays, and `start` goes on from it. */
export async function stop(settings: SandboxSettings): Promise<void> {
  await runSteps([
    {
      title: "Services of the sandbox",
      run: async () => ((await stopDaemon(settings)) ? "ended" : "none were running"),
    },
    {
      title: "Load balancers",
      run: async () => {
        const count = await endLoadBalancers(settings);
        return count === 0 ? "none were running" : `${count} ended`;
      },
    },
    {
      title: "Droplets",
      run: async () => {
        const count = await stopDroplets(settings);
        if (count === undefined) return "Docker does not run, so none do";
        return count === 0 ? "none were running" : `${count} shut down`;
      },
    },
    {
      title: "Volumes",
      run: async () => {
        const count = await releaseVolumes(settings);
        return count === 0 ? "none" : `${count} released`;
      },
    },
  ]);
}
