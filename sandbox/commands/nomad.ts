import { openSandbox } from "../sandbox.ts";
import type { SandboxSettings } from "../settings.ts";
import { nomadCli } from "../stack/nomad-cli.ts";

/** Runs the Nomad CLI with the cluster's address, CA and management token; returns its exit code. */
export async function nomad(settings: SandboxSettings, args: readonly string[]): Promise<number> {
  const sandbox = await openSandbox(settings);
  const cli = await nomadCli(sandbox, await sandbox.stack.outputs());
  return cli.onTerminal(args);
}
