import { openSandbox } from "../sandbox.ts";
import type { SandboxSettings } from "../settings.ts";
import { stackConfigFile } from "../stack/pulumi-environment.ts";
import { pulumiArguments } from "./pulumi-arguments.ts";

/** Runs the Pulumi CLI on the sandbox stack; returns its exit code. */
export async function pulumi(settings: SandboxSettings, args: readonly string[]): Promise<number> {
  const sandbox = await openSandbox(settings);
  return sandbox.pulumi.onTerminal(pulumiArguments(args, stackConfigFile(settings)));
}
