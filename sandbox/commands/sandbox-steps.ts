import { ensureDaemon } from "../daemon/daemon-control.ts";
import type { ServiceAddresses } from "../daemon/daemon-record.ts";
import type { ServedImage } from "../images/served-image.ts";
import { pushImage } from "../mirrors/registry.ts";
import type { ResultStep } from "../progress.ts";
import type { Sandbox } from "../sandbox.ts";
import type { SandboxSecrets } from "../secrets.ts";
import { ports } from "../settings.ts";
import type { SandboxSettings } from "../settings.ts";
import { configureStack, machineConfiguration } from "../stack/stack-configuration.ts";
import { clearStaleLock } from "../stack/stack-lock.ts";
import { waitForAgents } from "../status/wait-for-agents.ts";
import { waitForBlog } from "../status/wait-for-blog.ts";
import type { NomadArchive } from "../tools/nomad-archive.ts";

/** What `npm start` does once the machine is ready: the services, the stack, and waiting for what `pulumi up` made. */

export const services = (settings: SandboxSettings, dropletImage: string): ResultStep<ServiceAddresses> => ({
  title: "Services of the sandbox",
  run: (report) => ensureDaemon(settings, dropletImage, report),
  summary: ({ gateway }) => `on ${gateway}`,
});

export const registry = (
  addresses: ServiceAddresses,
  served: readonly ServedImage[],
): ResultStep<readonly ServedImage[]> => ({
  title: "Images in the registry mirror",
  run: async (report) => {
    const mirror = {
      url: addresses.registry,
      address: addresses.gateway,
      port: ports.registry,
      close: () => Promise.resolve(),
    };
    for (const image of served) {
      report(image.reference);
      const local = image.origin === "official" ? image.reference : { archive: image.archive };
      await pushImage(mirror, local, image.reference);
    }
    return served;
  },
  summary: (pushed) => pushed.map(({ reference }) => reference).join(", "),
});

export const stackConfiguration = (
  { settings, pulumi }: Sandbox,
  secrets: SandboxSecrets,
  addresses: ServiceAddresses,
  archive: NomadArchive,
): ResultStep<void> => ({
  title: "Stack configuration",
  run: async (report) => {
    await clearStaleLock(settings, pulumi, report);
    const machine = machineConfiguration(settings, addresses, archive);
    await configureStack(settings, pulumi, secrets, machine);
  },
  summary: () => undefined,
});

export const blog = (sandbox: Sandbox): ResultStep<string> => ({
  title: "Blog",
  run: (report) => waitForBlog(sandbox, report),
  summary: (answering) => answering,
});

export const agents = (sandbox: Sandbox): ResultStep<string> => ({
  title: "Mackerel agents",
  run: (report) => waitForAgents(sandbox, report),
  summary: (reporting) => reporting,
});
