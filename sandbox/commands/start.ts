import { runStep, runTogether, UsageError } from "../progress.ts";
import { openSandbox } from "../sandbox.ts";
import type { Sandbox } from "../sandbox.ts";
import { sandboxSecrets } from "../secrets.ts";
import type { SandboxSettings } from "../settings.ts";
import { stackConfigFile, writePlugins } from "../stack/pulumi-environment.ts";
import { readStatus } from "../status/read-status.ts";
import { statusText } from "../status/status-text.ts";
import { writeInstallation } from "../tools/installation.ts";
import { docker, dropletImage, images, nomad, pulumi, systemPackages } from "./machine-steps.ts";
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
  const { cli, plugins } = machine.pulumi;
  await writeInstallation(settings, { pulumi: cli, nomad: machine.nomad.tool, plugins });
  await writePlugins(settings, plugins);

  const addresses = await runStep(services(settings, machine.dropletImage));
  await runStep(registry(addresses, [machine.mackerelAgent, machine.ghost, machine.nginx]));
  const sandbox = await openSandbox(settings);
  await runStep(stackConfiguration(sandbox, secrets, addresses, machine.nomad.archive));
  await update(sandbox);
  await runStep(blog(sandbox));
  await runStep(agents(sandbox));
  const status = await readStatus(sandbox);
  console.log(`\n${statusText(status, Date.now())}\n\n${nextSteps(status.addresses.blog[0])}`);
}

async function update({ pulumi, settings }: Sandbox): Promise<void> {
  const options = ["--yes", "--skip-preview", "--suppress-outputs"];
  const exitCode = await pulumi.onTerminal(["up", "--config-file", stackConfigFile(settings), ...options]);
  if (exitCode !== 0)
    throw new UsageError("`pulumi up` failed: the lines above say why. `npm start` goes on from here.");
}

const nextSteps = (blogAddress = "http://ADDRESS") => `What to try next:
  curl ${blogAddress.padEnd(36)}the blog, as at every address above
  npm run status                           the same, read live
  npm run nomad -- node status             the Nomad CLI on the cluster
  npm run nomad -- job status mackerel
  npm run pulumi -- preview --diff         the Pulumi CLI on the stack
  npm run pulumi -- config set clientCount 1 && npm run pulumi -- up --yes
  npm stop                                 ends it and keeps its state; npm run reset removes it`;
