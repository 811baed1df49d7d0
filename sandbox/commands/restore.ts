import path from "node:path";
import { openSandbox } from "../sandbox.ts";
import type { SandboxSettings } from "../settings.ts";
import { stackName } from "../stack/pulumi-environment.ts";
import { runOnTerminal } from "../stack/run-on-terminal.ts";

/** Runs the program that restores a blog, on the sandbox's stack if the arguments name none; returns its exit code. */
export async function restore(settings: SandboxSettings, args: readonly string[]): Promise<number> {
  const isForAnother = args.some((arg) => /^(--stack(=.*)?|-s.*|--help|-h)$/.test(arg));
  const own = isForAnother ? [] : ["--stack", stackName];
  const env = isForAnother ? definedIn(process.env) : (await openSandbox(settings)).environment;
  const program = path.join(settings.root, "cli", "main.ts");
  const options = { cwd: settings.root, env, extendEnv: false } as const;
  return runOnTerminal(process.execPath, [program, "restore", ...own, ...args], options);
}

function definedIn(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
