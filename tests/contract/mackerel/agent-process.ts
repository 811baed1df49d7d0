import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";

/** The agent's state folder and configuration, as a node has them. */
export interface AgentHome {
  readonly folder: string;
  readonly root: string;
}

export function agentHome(): AgentHome {
  const folder = mkdtempSync(path.join(os.tmpdir(), "mackerel-agent-"));
  return { folder, root: path.join(folder, "state", "mackerel") };
}

export interface AgentConfiguration {
  readonly url: string;
  readonly apiKey: string;
  readonly roles: readonly string[];
}

/** Writes a configuration that only its owner may read and returns its path. */
export function writeConfiguration(home: AgentHome, configuration: AgentConfiguration): string {
  const file = path.join(home.folder, "mackerel-agent.conf");
  mkdirSync(home.folder, { recursive: true });
  const text = [
    `apikey = ${JSON.stringify(configuration.apiKey)}`,
    `apibase = ${JSON.stringify(configuration.url)}`,
    `root = ${JSON.stringify(home.root)}`,
    `pidfile = ${JSON.stringify(path.join(home.folder, "pid"))}`,
    `roles = ${JSON.stringify(configuration.roles)}`,
    `display_name = "node of a test"`,
    `cloud_platform = "none"`,
    `[host_status]`,
    `on_start = "working"`,
    `on_stop = "poweroff"`,
    `[filesystems]`,
    `ignore = "/dev/loop.*"`,
  ].join("\n");
  writeFileSync(file, `${text}\n`, { mode: 0o600 });
  return file;
}

/** Runs the agent; its exit never rejects. `log` is what it has written so far. */
export function startAgent(program: string, args: readonly string[]) {
  const agent = execa(program, args, { all: true, reject: false, forceKillAfterDelay: 5_000 });
  let text = "";
  agent.all.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  return {
    log: () => text,
    exit: () => agent.then((result) => result.exitCode),
    stop: async (): Promise<number | undefined> => {
      agent.kill("SIGTERM");
      return (await agent).exitCode;
    },
  };
}
