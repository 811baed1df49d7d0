import { execa } from "execa";

/** Runs a program of the host and returns what it printed; fails with the command and its error output. */
export async function run(program: string, args: readonly string[], input?: string): Promise<string> {
  const result = await execa(program, args, { ...(input === undefined ? { stdin: "ignore" } : { input }) });
  return result.stdout;
}

/** Like `run`, for a question whose answer may be no: undefined when the command fails. */
export async function ask(program: string, args: readonly string[]): Promise<string | undefined> {
  const result = await execa(program, args, { stdin: "ignore", reject: false });
  if (result.failed && result.exitCode === undefined) throw new Error(`${program}: ${result.shortMessage}`);
  return result.exitCode === 0 ? result.stdout : undefined;
}

/** Runs a program in the network namespace of the process `pid`. */
export function runInNetworkOf(
  pid: number,
  program: string,
  args: readonly string[],
  input?: string,
): Promise<string> {
  return run("nsenter", ["--target", String(pid), "--net", program, ...args], input);
}
