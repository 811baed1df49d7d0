import path from "node:path";
import { runSteps } from "../../sandbox/progress.ts";
import { sandboxSettings } from "../../sandbox/settings.ts";
import { ensureDockerDaemon } from "../../sandbox/tools/docker-daemon.ts";
import { installTool } from "../../sandbox/tools/install-tool.ts";
import { installYamlHost } from "../../sandbox/tools/pulumi-plugins.ts";
import { ensureSystemPackages } from "../../sandbox/tools/system-packages.ts";
import { mackerelAgent, nomad, pulumi } from "../../sandbox/tools/tool-table.ts";
import type { InstalledTool, Tool } from "../../sandbox/tools/tool.ts";

/** Sees to the programs of the system that lint, contract and end-to-end tests run. */
export async function prepareSystem(root: string): Promise<void> {
  const { cacheDir } = sandboxSettings(root);
  await runSteps([
    { title: "System packages", run: (report) => ensureSystemPackages(cacheDir, report) },
    { title: "Docker", run: (report) => ensureDockerDaemon(cacheDir, report) },
  ]);
}

/**
 * Puts Pulumi with its YAML language host, Nomad and the Mackerel agent on PATH for the tests, found, downloaded or built
 * as for the sandbox.
 */
export async function prepareTools(root: string): Promise<void> {
  const { cacheDir } = sandboxSettings(root);
  const directories: string[] = [];
  const use = (tool: InstalledTool) => {
    directories.push(path.dirname(tool.path));
    return `${tool.version}, ${tool.origin}`;
  };
  const install = (tool: Tool) => ({
    title: tool.name,
    run: async (report: (text: string) => void) => use(await installTool(tool, cacheDir, report)),
  });
  await runSteps(
    [
      {
        title: "pulumi with its YAML host",
        run: async (report) => {
          const cli = await installTool(pulumi, cacheDir, report);
          return `${use(cli)}; ${use(await installYamlHost(cli, cacheDir, report))}`;
        },
      },
      install(nomad),
      install(mackerelAgent),
    ],
    { concurrent: true },
  );
  process.env["PATH"] = [...directories, process.env["PATH"]].join(path.delimiter);
}
