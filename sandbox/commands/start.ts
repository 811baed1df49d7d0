import { ensureDaemon } from "../daemon/daemon-control.ts";
import type { ServiceAddresses } from "../daemon/daemon-record.ts";
import { pushImage } from "../mirrors/registry.ts";
import { runSteps } from "../progress.ts";
import { sandboxSecrets } from "../secrets.ts";
import { ports } from "../settings.ts";
import type { SandboxSettings } from "../settings.ts";
import { writeInstallation } from "./installation.ts";
import { prepareMachine } from "./prepare-machine.ts";
import type { PreparedMachine } from "./prepare-machine.ts";
import { clearStaleLock, pulumiCli } from "./pulumi-cli.ts";
import { stackConfigFile, writePluginDirectory } from "./pulumi-environment.ts";
import { readStatus } from "../status/read-status.ts";
import { configureStack, machineConfiguration } from "./stack.ts";
import { statusText } from "../status/status-text.ts";
import { UsageError } from "./usage-error.ts";
import { waitForAgents } from "../status/wait-for-agents.ts";
import { waitForBlog } from "../status/wait-for-blog.ts";

/** From whatever state the sandbox is in to a running one. Each step is idempotent, so an interrupted start goes on. */
export async function start(settings: SandboxSettings): Promise<void> {
  const secrets = await sandboxSecrets(settings);
  const machine = await prepareMachine(settings);
  await writeInstallation(settings, machine.installation);
  await writePluginDirectory(settings, machine.installation.plugins);

  let addresses: ServiceAddresses | undefined;
  await runSteps([
    {
      title: "Services of the sandbox",
      run: async (report) => {
        addresses = await ensureDaemon(settings, machine.dropletImage, report);
        return `on ${addresses.gateway}`;
      },
    },
    {
      title: "Images in the registry mirror",
      run: async (report) => {
        await pushImages(addresses, machine, report);
        return machine.images.map(({ reference }) => reference).join(", ");
      },
    },
    {
      title: "Stack configuration",
      run: async (report) => {
        if (!addresses) throw new Error("the services have no address");
        const cli = await pulumiCli(settings);
        await clearStaleLock(settings, cli, report);
        await configureStack(
          settings,
          cli,
          secrets,
          machineConfiguration(settings, addresses, machine.nomadArchive),
        );
        return undefined;
      },
    },
  ]);
  await update(settings);
  await runSteps([
    { title: "Blog", run: (report) => waitForBlog(settings, report) },
    { title: "Mackerel agents", run: (report) => waitForAgents(settings, report) },
  ]);
  const status = await readStatus(settings);
  console.log(`\n${statusText(status, Date.now())}\n\n${nextSteps(status.addresses.blog[0])}`);
}

async function pushImages(
  addresses: ServiceAddresses | undefined,
  machine: PreparedMachine,
  report: (text: string) => void,
): Promise<void> {
  if (!addresses) throw new Error("the services have no address");
  const registry = {
    url: addresses.registry,
    address: addresses.gateway,
    port: ports.registry,
    close: () => Promise.resolve(),
  };
  for (const image of machine.images) {
    report(image.reference);
    const local = image.origin === "official" ? image.reference : { archive: image.archive };
    await pushImage(registry, local, image.reference);
  }
}

async function update(settings: SandboxSettings): Promise<void> {
  const cli = await pulumiCli(settings);
  const options = [
    "--config-file",
    stackConfigFile(settings),
    "--yes",
    "--skip-preview",
    "--suppress-outputs",
  ];
  const exitCode = await cli.onTerminal(["up", ...options]);
  if (exitCode !== 0) {
    throw new UsageError("`pulumi up` failed: the lines above say why. `npm start` goes on from here.");
  }
}

const nextSteps = (blog = "http://ADDRESS") => `What to try next:
  curl ${blog.padEnd(36)}the blog, as at every address above
  npm run status                           the same, read live
  npm run nomad -- node status             the Nomad CLI on the cluster
  npm run nomad -- job status mackerel
  npm run pulumi -- preview --diff         the Pulumi CLI on the stack
  npm run pulumi -- config set clientCount 1 && npm run pulumi -- up --yes
  npm stop                                 ends it and keeps its state; npm run reset removes it`;
