import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { daemonState } from "../daemon/daemon-record.ts";
import { programName } from "../daemon/process-identity.ts";
import type { SandboxSettings } from "../settings.ts";
import { readInstallation } from "./installation.ts";
import { pulumiEnvironment } from "./pulumi-environment.ts";

/** The Pulumi CLI on the sandbox stack. */
export interface PulumiCli {
  /** Runs it on the user's terminal and returns its exit code. */
  onTerminal(args: readonly string[]): Promise<number>;
  /** Runs it without questions and returns what it printed; fails with its errors. */
  output(args: readonly string[], input?: string): Promise<string>;
  /** Begins to run it without questions, all that it prints on this process's standard error. */
  begin(args: readonly string[]): PulumiProcess;
}

export interface PulumiProcess {
  /** Exit code; 143 if a signal ended it. */
  readonly ended: Promise<number>;
  /** Ends it at once, as the kernel does when memory runs out. */
  kill(): void;
}

export async function pulumiCli(settings: SandboxSettings): Promise<PulumiCli> {
  const { pulumi } = await readInstallation(settings);
  const options = { cwd: settings.root, env: await cliEnvironment(settings), extendEnv: false } as const;
  return {
    onTerminal: (args) => runOnTerminal(pulumi.path, args, options),
    output: async (args, input) => {
      const result = await execa(pulumi.path, [...args, "--non-interactive"], {
        ...options,
        ...(input === undefined ? { stdin: "ignore" } : { input }),
      });
      return result.stdout;
    },
    begin: (args) => {
      const subprocess = execa(pulumi.path, [...args, "--non-interactive"], {
        ...options,
        stdio: ["ignore", 2, 2],
        reject: false,
      });
      return {
        ended: subprocess.then(exitCodeOf),
        kill: () => void subprocess.kill("SIGKILL"),
      };
    },
  };
}

/** Environment of programs that run the Pulumi CLI on the sandbox stack; the CLI is on its PATH. */
export async function cliEnvironment(settings: SandboxSettings): Promise<Record<string, string>> {
  const { pulumi } = await readInstallation(settings);
  const daemon = await daemonState(settings);
  const digitalocean = daemon.state === "running" ? daemon.addresses.digitalocean : undefined;
  const PATH = [path.dirname(pulumi.path), process.env["PATH"] ?? ""].join(path.delimiter);
  return pulumiEnvironment(settings, digitalocean, { ...process.env, PATH });
}

/** Runs a program on the user's terminal and returns its exit code. The program alone answers to Ctrl-C. */
export async function runOnTerminal(
  program: string,
  args: readonly string[],
  options: { cwd: string; env: Record<string, string>; extendEnv: false },
): Promise<number> {
  const wait = () => undefined;
  process.on("SIGINT", wait);
  try {
    return exitCodeOf(await execa(program, args, { ...options, stdio: "inherit", reject: false }));
  } finally {
    process.off("SIGINT", wait);
  }
}

function exitCodeOf(result: {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly shortMessage?: string | undefined;
}): number {
  if (result.exitCode !== undefined) return result.exitCode;
  if (result.signal !== undefined) return 128 + 15;
  throw new Error(result.shortMessage);
}

/**
 * Deals with the lock of an update that was cut off: waits for its process if that still works on the stack, else
 * gives the lock back.
 */
export async function clearStaleLock(
  settings: SandboxSettings,
  cli: PulumiCli,
  report: (text: string) => void,
): Promise<void> {
  for (;;) {
    const pids = await lockHolders(settings);
    if (pids.length === 0) return;
    const names = await Promise.all(pids.map((pid) => programName(pid)));
    const holder = pids.find((_pid, index) => names[index] === "pulumi");
    if (holder === undefined) {
      await cli.output(["cancel", "--yes"]);
      return;
    }
    report(`waiting for the update of process ${holder}`);
    await delay(500);
  }
}

/** Pids in the locks on the sandbox stack. */
export async function lockHolders(settings: SandboxSettings): Promise<number[]> {
  const directory = path.join(settings.stateDir, "pulumi", ".pulumi", "locks");
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const locks = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".json"));
    return await Promise.all(
      locks.map(async (entry) => {
        const text = await readFile(path.join(entry.parentPath, entry.name), "utf8");
        return (JSON.parse(text) as { pid: number }).pid;
      }),
    );
  } catch (error) {
    // No lock was ever taken, or one was given back just now.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
