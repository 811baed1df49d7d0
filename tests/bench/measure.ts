import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { parseProcessTimes, parseUserSeconds, summarizeRun } from "./statistics.ts";
import type { Run } from "./statistics.ts";

const root = path.resolve(import.meta.dirname, "../..");
const probe = pathToFileURL(path.join(import.meta.dirname, "process-probe.mjs")).href;

/** A program with its arguments, and where it runs. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Default: this clone. */
  readonly cwd?: string;
  /** Further environment variables. Default none. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Its output goes to standard error, since standard output is the report's. */
async function run({ program, args, cwd = root, environment = {} }: Command): Promise<void> {
  const { exitCode } = await execa(program, args, {
    cwd,
    env: environment,
    stdin: "ignore",
    stdout: process.stderr,
    stderr: "inherit",
    reject: false,
  });
  if (exitCode !== 0) throw new Error(`${program} ${args.join(" ")} failed: the lines above say why`);
}

/** Runs `npm ARGUMENTS` in this clone. */
export function npm(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  return run({ program: "npm", args, environment });
}

/** As `npm`, timed. Fails if the command does. */
export function timed(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Run> {
  return timedCommand({ program: "npm", args, environment });
}

/** Runs a command and times it. Fails if the command does. */
export async function timedCommand({ program, args, cwd, environment }: Command): Promise<Run> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "bench-"));
  const file = (name: string) => path.join(folder, name);
  try {
    await writeFile(file("processes"), "");
    const options = [process.env["NODE_OPTIONS"], `--import=${probe}`].filter(Boolean).join(" ");
    const begin = performance.now();
    await run({
      program: "sh",
      // The times of the shell's children are those of all processes that the command waited for.
      args: ["-c", '"$@"; status=$?; times >"$BENCH_TIMES"; exit $status', "sh", program, ...args],
      ...(cwd !== undefined && { cwd }),
      environment: {
        ...environment,
        NODE_OPTIONS: options,
        BENCH_PROCESS_TIMES: file("processes"),
        BENCH_TIMES: file("times"),
      },
    });
    const seconds = (performance.now() - begin) / 1000;
    const processes = parseProcessTimes(await readFile(file("processes"), "utf8"));
    return summarizeRun(seconds, parseUserSeconds(await readFile(file("times"), "utf8")), processes);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What a command of this clone prints. */
export async function npmOutput(args: readonly string[]): Promise<string> {
  const { stdout } = await execa("npm", args, { cwd: root, stdin: "ignore", stderr: "inherit" });
  return stdout;
}
