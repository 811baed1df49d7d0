import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";

/** A running `nomad agent`. */
export interface NomadProcess {
  /** False once it has ended, whoever ended it. */
  running(): boolean;
  /** The last lines that it wrote. */
  log(): Promise<string>;
  /** Ends it and removes its directory, with what it mounted there. */
  stop(): Promise<void>;
}

/**
 * Starts an agent that keeps everything in a directory, which exists. `configuration` is that of Nomad as JSON; its `data_dir` is
 * set here.
 */
export async function startNomadProcess(
  program: string,
  directory: string,
  configuration: object,
  options: readonly string[] = [],
): Promise<NomadProcess> {
  const file = (name: string) => path.join(directory, name);
  await mkdir(file("data"));
  await writeFile(file("nomad.json"), JSON.stringify({ ...configuration, data_dir: file("data") }));
  const agent = execa(program, ["agent", ...options, "-config", file("nomad.json")], {
    cwd: directory,
    reject: false,
    buffer: false,
    stdin: "ignore",
    stdout: { file: file("nomad.log") },
    stderr: { file: file("nomad-errors.log") },
  });
  return {
    running: () => agent.nodeChildProcess.exitCode === null,
    async log() {
      const written = await Promise.all(
        ["nomad.log", "nomad-errors.log"].map((name) => readFile(file(name), "utf8")),
      );
      return written.join("").split("\n").slice(-20).join("\n");
    },
    async stop() {
      agent.kill("SIGINT");
      await agent;
      await unmountUnder(directory);
      // Of a process that a test has stopped already the directory is gone.
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Nomad leaves the secrets directories of allocations mounted when it ends. */
async function unmountUnder(directory: string): Promise<void> {
  const { stdout } = await execa("findmnt", ["--noheadings", "--raw", "--output", "TARGET"]);
  const mounted = stdout.split("\n").filter((target) => target.startsWith(`${directory}/`));
  // The innermost first.
  if (mounted.length > 0) await execa("umount", mounted.reverse());
}
