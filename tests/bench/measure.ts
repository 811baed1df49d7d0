import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { parseProcessTimes, summarizeRun } from "./statistics.ts";
import type { Run } from "./statistics.ts";

const root = path.resolve(import.meta.dirname, "../..");
const probe = pathToFileURL(path.join(import.meta.dirname, "process-probe.mjs")).href;

/** Runs `npm ARGUMENTS` in this clone. Its output goes to standard error, since standard output is the report's. */
export async function npm(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { exitCode } = await execa("npm", args, {
    cwd: root,
    env: environment,
    stdin: "ignore",
    stdout: process.stderr,
    stderr: "inherit",
    reject: false,
  });
  if (exitCode !== 0) throw new Error(`npm ${args.join(" ")} failed: the lines above say why`);
}

/** As `npm`, timed. Fails if the command does. */
export async function timed(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "bench-"));
  const file = path.join(folder, "processes");
  try {
    await writeFile(file, "");
    const options = [process.env["NODE_OPTIONS"], `--import=${probe}`].filter(Boolean).join(" ");
    const begin = performance.now();
    await npm(args, { ...environment, NODE_OPTIONS: options, BENCH_PROCESS_TIMES: file });
    const seconds = (performance.now() - begin) / 1000;
    return summarizeRun(seconds, parseProcessTimes(await readFile(file, "utf8")));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What a command of this clone prints. */
export async function npmOutput(args: readonly string[]): Promise<string> {
  const { stdout } = await execa("npm", args, { cwd: root, stdin: "ignore", stderr: "inherit" });
  return stdout;
}
