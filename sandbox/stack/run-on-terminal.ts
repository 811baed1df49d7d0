import { execa } from "execa";

export interface TerminalOptions {
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly extendEnv: false;
}

/** Runs a program on the user's terminal and returns its exit code. The program alone answers to Ctrl-C. */
export async function runOnTerminal(
  program: string,
  args: readonly string[],
  options: TerminalOptions,
): Promise<number> {
  const wait = () => undefined;
  process.on("SIGINT", wait);
  try {
    return exitCodeOf(await execa(program, args, { ...options, stdio: "inherit", reject: false }));
  } finally {
    process.off("SIGINT", wait);
  }
}

/** 143 if a signal ended the process. */
export function exitCodeOf(result: {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly shortMessage?: string | undefined;
}): number {
  if (result.exitCode !== undefined) return result.exitCode;
  if (result.signal !== undefined) return 128 + 15;
  throw new Error(result.shortMessage);
}
