import path from "node:path";
import { runSteps } from "../../sandbox/progress.ts";
import { sandboxSettings } from "../../sandbox/settings.ts";
import { ensureDockerDaemon } from "../../sandbox/tools/docker-daemon.ts";
import { installTool } from "../../sandbox/tools/install-tool.ts";
import { ensureSystemPackages } from "../../sandbox/tools/system-packages.ts";
import { mackerelAgent, nomad, pulumi } from "../../sandbox/tools/tool-table.ts";

/** Sees to the programs of the system that lint, contract and end-to-end tests run. */
export async function prepareSystem(root: string): Promise<void> {
  const { cacheDir } = sandboxSettings(root);
  await runSteps([
    { title: "System packages", run: (report) => ensureSystemPackages(cacheDir, report) },
    { title: "Docker", run: (report) => ensureDockerDaemon(cacheDir, report) },
  ]);
}

/** Puts Pulumi, Nomad and the Mackerel agent on PATH for the tests, found, downloaded or built as for the sandbox. */
export async function prepareTools(root: string): Promise<void> {
  const { cacheDir } = sandboxSettings(root);
  const directories: string[] = [];
  const steps = [pulumi, nomad, mackerelAgent].map((tool) => ({
    title: tool.name,
    run: async (report: (text: string) => void) => {
      const installed = await installTool(tool, cacheDir, report);
      directories.push(path.dirname(installed.path));
      return `${installed.version}, ${installed.origin}`;
    },
  }));
  await runSteps(steps, { concurrent: true });
  process.env["PATH"] = [...directories, process.env["PATH"]].join(path.delimiter);
}
