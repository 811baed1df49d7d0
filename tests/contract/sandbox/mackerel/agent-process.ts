import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { mackerelAgent } from "../../../../components/jobs/monitoring/presets/mackerel-agent.ts";

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

/** What Nomad's template gives on the node of these tests. */
export const node = { name: "node of a test", clusterAddress: "https://192.0.2.11:4646" };

/** Writes the program's configuration, as Nomad renders it, so that only its owner may read it; returns its path. */
export function writeConfiguration(home: AgentHome, { url, apiKey, roles }: AgentConfiguration): string {
  const file = path.join(home.folder, "mackerel-agent.conf");
  mkdirSync(home.folder, { recursive: true });
  const values: Record<string, string> = {
    ".apiKey.Value": apiKey,
    ".clusterAddress.Value": node.clusterAddress,
    'env "AGENT_STATE_DIRECTORY"': home.root,
    'env "node.unique.name"': node.name,
  };
  const text = mackerelAgent({ roles: [...roles], apiUrl: url })
    .files![0]!.text.replace(/\{\{ (.*?) \| toJSON \}\}/g, (_action, value: string) =>
      JSON.stringify(values[value]),
    )
    // Another agent may run on this machine.
    .replace("/run/mackerel-agent.pid", path.join(home.folder, "pid"));
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

/** What the agent says when the machine's network interfaces changed while it listed them, as other tests change them. */
const interfacesChanged = "results may be incomplete or inconsistent";

/** Runs the agent; its exit never rejects. `log` is what it has written so far. */
export function startAgent(program: string, args: readonly string[], home: AgentHome) {
  // Where it remembers which metadata it has sent: in a container, gone with it.
  const env = { MACKEREL_PLUGIN_WORKDIR: home.folder };
  let text = "";
  const run = () => {
    text = "";
    const agent = execa(program, args, { all: true, reject: false, forceKillAfterDelay: 5_000, env });
    agent.all.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    return agent;
  };
  let agent = run();
  const exit = async (): Promise<number | undefined> => {
    const { exitCode } = await agent;
    if (!text.includes(interfacesChanged)) return exitCode;
    agent = run();
    return exit();
  };
  const exited = exit();
  return {
    log: () => text,
    exit: () => exited,
    stop: async (): Promise<number | undefined> => {
      agent.kill("SIGTERM");
      return exited;
    },
  };
}
