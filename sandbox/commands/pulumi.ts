import type { SandboxSettings } from "../settings.ts";
import { pulumiArguments } from "./pulumi-arguments.ts";
import { pulumiCli } from "./pulumi-cli.ts";
import { stackConfigFile } from "./pulumi-environment.ts";

/** Runs the Pulumi CLI on the sandbox stack; returns its exit code. */
export async function pulumi(settings: SandboxSettings, args: readonly string[]): Promise<number> {
  const cli = await pulumiCli(settings);
  return cli.onTerminal(pulumiArguments(args, stackConfigFile(settings)));
}
