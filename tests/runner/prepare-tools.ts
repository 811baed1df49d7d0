import path from "node:path";
import { runSteps } from "../../sandbox/progress.ts";
import type { Step } from "../../sandbox/progress.ts";
import { sandboxSettings } from "../../sandbox/settings.ts";
import { ensureDockerDaemon } from "../../sandbox/tools/docker-daemon.ts";
import { installTool } from "../../sandbox/tools/install-tool.ts";
import { installYamlHost } from "../../sandbox/tools/pulumi-plugins.ts";
import { ensureSystemPackages } from "../../sandbox/tools/system-packages.ts";
import { litestream, mackerelAgent, nomad, pulumi, versitygw } from "../../sandbox/tools/tool-table.ts";
import type { InstalledTool, Tool } from "../../sandbox/tools/tool.ts";
import { noResults } from "./test-results.ts";
import type { TestResults } from "./test-results.ts";
import type { Timing } from "./times.ts";

/** Sees to the programs of the system that lint, contract and end-to-end tests run. */
export async function prepareSystem(root: string): Promise<TestResults> {
  const { cacheDir } = sandboxSettings(root);
  return runTimed([
    { title: "System packages", run: (report) => ensureSystemPackages(cacheDir, report) },
    { title: "Docker", run: (report) => ensureDockerDaemon(cacheDir, report) },
  ]);
}

/**
 * Puts Pulumi with its YAML language host, Nomad and the Mackerel agent on PATH for the tests, found, downloaded or built
 * as for the sandbox.
 */
export async function prepareTools(root: string): Promise<TestResults> {
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
  const results = await runTimed(
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
      install(litestream),
      install(versitygw),
    ],
    { concurrent: true },
  );
  process.env["PATH"] = [...directories, process.env["PATH"]].join(path.delimiter);
  return results;
}

async function runTimed(steps: readonly Step[], options = {}): Promise<TestResults> {
  const times: Timing[] = [];
  const timed = steps.map((step): Step => ({
    title: step.title,
    run: async (report) => {
      const started = Date.now();
      const result = await step.run(report);
      times.push({ part: "setup", name: step.title, seconds: (Date.now() - started) / 1000 });
      return result;
    },
  }));
  await runSteps(timed, options);
  return { ...noResults, times };
}
