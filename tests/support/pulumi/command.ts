import { execa } from "execa";
import { standInEnvironment } from "./stand-in-environment.ts";

/** What one `pulumi` command did. */
export interface PulumiResult {
  readonly exitCode: number;
  /** Standard output and standard error in the order they were written. */
  readonly output: string;
  readonly stdout: string;
}

/** Runs `pulumi ARGUMENTS` and does not throw when the command fails; `input` is its standard input. */
export type PulumiCommand = (args: readonly string[], input?: string) => Promise<PulumiResult>;

export interface PulumiCommandOptions {
  /** Where Pulumi's home and, in its folder `backend`, its state are. */
  readonly directory: string;
  /** Where the CLI runs. */
  readonly cwd: string;
  /** Instead of {@link standInEnvironment}'s; undefined takes a variable away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** The CLI with the stand-in plugins. */
export function pulumiCommand(program: string, options: PulumiCommandOptions): PulumiCommand {
  const { directory, cwd, environment } = options;
  return async (args, input) => {
    const result = await execa(program, args, {
      cwd,
      reject: false,
      all: true,
      ...(input === undefined ? { stdin: "ignore" } : { input }),
      env: { ...standInEnvironment(program, directory), ...environment },
    });
    return { exitCode: result.exitCode ?? -1, output: result.all, stdout: result.stdout };
  };
}

/** Makes the stack `test` of the project in the directory where `pulumi` runs. */
export async function initializeStack(pulumi: PulumiCommand): Promise<void> {
  const { exitCode, output } = await pulumi(["stack", "init", "test", "--non-interactive"]);
  if (exitCode !== 0) throw new Error(output);
}
