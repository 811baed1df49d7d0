import { existsSync } from "node:fs";
import path from "node:path";
import { runStep, runTogether, UsageError } from "../progress.ts";
import { openSandbox } from "../sandbox.ts";
import type { Sandbox } from "../sandbox.ts";
import { sandboxSecrets } from "../secrets.ts";
import { rootsFile } from "../settings.ts";
import type { SandboxSettings } from "../settings.ts";
import { backupSecrets } from "../spaces/backups.ts";
import { stackConfigFile, writePlugins } from "../stack/pulumi-environment.ts";
import { readStatus } from "../status/read-status.ts";
import { statusText } from "../status/status-text.ts";
import { writeInstallation } from "../tools/installation.ts";
import {
  backupImages,
  docker,
  dropletImage,
  images,
  nomad,
  pulumi,
  spaces,
  systemPackages,
} from "./machine-steps.ts";
import { nextSteps } from "./next-steps.ts";
import { agents, blog, registry, services, stackConfiguration } from "./sandbox-steps.ts";

/** Brings the sandbox from any state to running. Each step is idempotent, so an interrupted start can be run again. */
export async function start(settings: SandboxSettings): Promise<void> {
  const secrets = await sandboxSecrets(settings);
  await runStep(systemPackages(settings));
  await runStep(docker(settings));
  const machine = await runTogether({
    pulumi: pulumi(settings),
    nomad: nomad(settings),
    ...images(settings),
    dropletImage: dropletImage(settings),
  });
  const forBackups =
    (await backupSecrets(settings)) &&
    (await runTogether({ spaces: spaces(settings), ...backupImages(settings) }));
  const { cli, plugins } = machine.pulumi;
  await writeInstallation(settings, { pulumi: cli, nomad: machine.nomad.tool, plugins });
  await writePlugins(settings, plugins);

  const addresses = await runStep(services(settings, machine.dropletImage));
  await runStep(
    registry(addresses, [
      ...[machine.mackerelAgent, machine.ghost, machine.nginx],
      ...(forBackups ? [forBackups.litestream, forBackups.restic] : []),
    ]),
  );
  const sandbox = await openSandbox(settings);
  await runStep(stackConfiguration(sandbox, secrets, addresses, machine.nomad.archive));
  await update(sandbox);
  await runStep(blog(sandbox));
  await runStep(agents(sandbox));
  const status = await readStatus(sandbox);
  const { blogUrl: url = null, blogAddresses: byAddress = [] } = await sandbox.stack.outputs();
  const roots = path.relative(process.cwd(), rootsFile(settings));
  const place = { url, addresses: byAddress, rootsFile: existsSync(roots) ? roots : undefined };
  console.log(`\n${statusText(status, Date.now())}\n\n${nextSteps(place)}`);
}

async function update({ pulumi, settings }: Sandbox): Promise<void> {
  const options = ["--yes", "--skip-preview", "--suppress-outputs"];
  const exitCode = await pulumi.onTerminal(["up", "--config-file", stackConfigFile(settings), ...options]);
  if (exitCode !== 0)
    throw new UsageError("`pulumi up` failed: the lines above say why. `npm start` goes on from here.");
}
