import path from "node:path";
import { openSandbox } from "../sandbox.ts";
import type { SandboxSettings } from "../settings.ts";
import { stackConfigFile, stackName } from "../stack/pulumi-environment.ts";
import { runOnTerminal } from "../stack/run-on-terminal.ts";

/** Runs the preview report's program on the sandbox stack, as an operator runs it on theirs; returns its exit code. */
export async function report(settings: SandboxSettings, args: readonly string[]): Promise<number> {
  const { environment } = await openSandbox(settings);
  const program = path.join(settings.root, "cli", "main.ts");
  const own = ["--stack", stackName, "--config-file", stackConfigFile(settings)];
  const options = { cwd: settings.root, env: environment, extendEnv: false } as const;
  return runOnTerminal(process.execPath, [program, "report", ...own, ...args], options);
}
