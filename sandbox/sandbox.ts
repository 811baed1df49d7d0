import { daemonState } from "./daemon/daemon-record.ts";
import type { DaemonState, ServiceAddresses } from "./daemon/daemon-record.ts";
import type { SandboxSettings } from "./settings.ts";
import { pulumiCli } from "./stack/pulumi-cli.ts";
import type { PulumiCli } from "./stack/pulumi-cli.ts";
import { cliEnvironment } from "./stack/pulumi-environment.ts";
import { sandboxStack } from "./stack/stack.ts";
import type { SandboxStack } from "./stack/stack.ts";
import { readInstallation } from "./tools/installation.ts";
import type { Installation } from "./tools/installation.ts";

/** A sandbox that was started at least once, as it was found when it was opened. */
export interface Sandbox {
  readonly settings: SandboxSettings;
  readonly tools: Installation;
  readonly daemon: DaemonState;
  /** Where its services listen; undefined unless the background process runs. */
  readonly services: ServiceAddresses | undefined;
  /** Environment of programs that run the Pulumi CLI on the sandbox's stack; the CLI is on its PATH. */
  readonly environment: Readonly<Record<string, string>>;
  readonly pulumi: PulumiCli;
  readonly stack: SandboxStack;
}

/** Reads the records of a sandbox once. Fails with what to do if it was never started. */
export async function openSandbox(settings: SandboxSettings): Promise<Sandbox> {
  const tools = await readInstallation(settings);
  const daemon = await daemonState(settings);
  const services = daemon.state === "running" ? daemon.addresses : undefined;
  const environment = cliEnvironment(settings, tools.pulumi, services?.digitalocean);
  const pulumi = pulumiCli(tools.pulumi, { cwd: settings.root, env: environment, extendEnv: false });
  const stack = sandboxStack(settings, pulumi);
  return { settings, tools, daemon, services, environment, pulumi, stack };
}
