import { existsSync } from "node:fs";
import { mkdir, open, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { spawn } from "node:child_process";
import { execa } from "execa";
import { waitFor } from "../wait-for.ts";
import { withLock } from "./file-lock.ts";

const startSeconds = 60;

/**
 * Starts Docker if it does not answer: as a service where systemd runs, else as a process of its own with its log and
 * pid in the cache. It is shared by all sandboxes of the machine, so neither `stop` nor `reset` ends it.
 */
export async function ensureDockerDaemon(cacheDir: string, report: (text: string) => void): Promise<string> {
  const version = await serverVersion();
  if (version) return `Docker ${version}`;
  return withLock(cacheDir, "dockerd", async () => {
    const other = await serverVersion();
    if (other) return `Docker ${other}`;
    report("starting dockerd");
    const log = path.join(cacheDir, "dockerd.log");
    if (existsSync("/run/systemd/system")) await execa("systemctl", ["start", "docker"]);
    else await startProcess(cacheDir, log);
    const started = await waitFor(serverVersion, { seconds: startSeconds, every: 300 });
    if (started) return `Docker ${started}, started`;
    const lines = existsSync(log)
      ? (await readFile(log, "utf8")).trim().split("\n").slice(-10).join("\n")
      : "";
    throw new Error(`dockerd does not answer after ${startSeconds} s; the end of ${log}:\n${lines}`);
  });
}

async function serverVersion(): Promise<string | undefined> {
  const result = await execa("docker", ["version", "--format", "{{.Server.Version}}"], {
    reject: false,
    timeout: 20_000,
  });
  return result.exitCode === 0 ? result.stdout.trim() : undefined;
}

async function startProcess(cacheDir: string, log: string): Promise<void> {
  await mkdir(cacheDir, { recursive: true });
  const output = await open(log, "a");
  try {
    const child = spawn("dockerd", [], { detached: true, stdio: ["ignore", output.fd, output.fd] });
    await new Promise((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    child.unref();
    await writeFile(path.join(cacheDir, "dockerd.pid"), `${child.pid}\n`);
  } finally {
    await output.close();
  }
}
