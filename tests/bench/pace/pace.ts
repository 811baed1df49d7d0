import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { openSandbox } from "../../../sandbox/sandbox.ts";
import type { SandboxSettings } from "../../../sandbox/settings.ts";
import { stackConfigFile } from "../../../sandbox/stack/pulumi-environment.ts";
import { timedCommand } from "../measure.ts";
import type { Run } from "../statistics.ts";
import { flatStack } from "./flat-stack.ts";

/** One command of the Pulumi CLI, on the project's program and on the flat one. */
export interface PaceResult {
  /** `preview` or `up`, which each change nothing. */
  readonly command: string;
  readonly program: readonly Run[];
  readonly flat: readonly Run[];
}

/** A stack on which commands are measured. */
interface PacedStack {
  readonly cwd: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const commands = [
  ["preview", "--expect-no-changes"],
  ["up", "--yes", "--expect-no-changes"],
] as const;
/** Name of the flat program's project, and of its stack. */
const flat = "flat";

/**
 * Measures a preview and an update that change nothing on the sandbox's stack and, by turns, on the same resources in the
 * flat program. It is the Pulumi CLI alone that is measured, without npm and the sandbox's command before it.
 */
export async function measurePace(
  settings: SandboxSettings,
  rounds: number,
  progress: (text: string) => void,
): Promise<PaceResult[]> {
  const { tools, environment } = await openSandbox(settings);
  const { pulumi } = tools;
  const program: PacedStack = {
    cwd: settings.root,
    args: ["--config-file", stackConfigFile(settings)],
    environment,
  };
  const directory = await mkdtemp(path.join(os.tmpdir(), "bench-flat-"));
  try {
    const flatProgram = await importFlatStack(pulumi.path, program, directory);
    const once = async (name: string, command: readonly string[], stack: PacedStack): Promise<Run> => {
      const { cwd, args, environment } = stack;
      const run = await timedCommand({ program: pulumi.path, args: [...command, ...args], cwd, environment });
      progress(`${name}: ${run.seconds.toFixed(1)} s, ${run.userSeconds.toFixed(1)} s of processor time`);
      return run;
    };
    const results: PaceResult[] = [];
    for (const command of commands) {
      const result = { command: command[0], program: [] as Run[], flat: [] as Run[] };
      for (let round = 1; round <= rounds; round++) {
        const label = `${command[0]}, ${round} of ${rounds}`;
        result.program.push(await once(`${label}, this program`, command, program));
        result.flat.push(await once(`${label}, flat program`, command, flatProgram));
      }
      results.push(result);
    }
    return results;
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Imports the stack's resources into a stack of the flat program, whose state is in `directory`. */
async function importFlatStack(pulumi: string, from: PacedStack, directory: string): Promise<PacedStack> {
  const inside = (name: string) => path.join(directory, name);
  const flatEnvironment = {
    ...from.environment,
    PULUMI_STACK: flat,
    PULUMI_BACKEND_URL: `file://${inside("backend")}`,
    BENCH_FLAT_RESOURCES: inside("resources.json"),
  };
  await mkdir(inside("backend"));
  const cli = async (args: readonly string[], { cwd, environment }: Omit<PacedStack, "args">) => {
    const options = { cwd, env: environment, stdin: "ignore" } as const;
    return (await execa(pulumi, [...args, "--non-interactive"], options)).stdout;
  };
  const { state, resources } = flatStack(await cli(["stack", "export", "--show-secrets"], from), flat, flat);
  await writeFile(inside("state.json"), JSON.stringify(state), { mode: 0o600 });
  await writeFile(inside("resources.json"), JSON.stringify(resources), { mode: 0o600 });
  // `stack init` writes a configuration file beside Pulumi.yaml, so it runs on a project of the same name elsewhere.
  await writeFile(inside("Pulumi.yaml"), `{ name: ${flat}, runtime: nodejs }`);
  const elsewhere = { cwd: directory, environment: flatEnvironment };
  await cli(["stack", "init", flat], elsewhere);
  await cli(["stack", "import", "--file", inside("state.json")], elsewhere);
  // The configuration of the providers is the same.
  return { cwd: path.join(import.meta.dirname, "flat"), args: from.args, environment: flatEnvironment };
}
