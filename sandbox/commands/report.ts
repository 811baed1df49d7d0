import path from "node:path";
import type { SandboxSettings } from "../settings.ts";
import { cliEnvironment, runOnTerminal } from "./pulumi-cli.ts";
import { stackConfigFile, stackName } from "./pulumi-environment.ts";

/** Runs the preview report's program on the sandbox stack, as an operator runs it on theirs; returns its exit code. */
export async function report(settings: SandboxSettings, args: readonly string[]): Promise<number> {
  const program = path.join(settings.root, "cli", "main.ts");
  const own = ["--stack", stackName, "--config-file", stackConfigFile(settings)];
  const env = await cliEnvironment(settings);
  return runOnTerminal(process.execPath, [program, "report", ...own, ...args], {
    cwd: settings.root,
    env,
    extendEnv: false,
  });
}
