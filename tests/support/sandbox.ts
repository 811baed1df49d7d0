import path from "node:path";
import { execa } from "execa";
import { containerName } from "../../sandbox/droplets/names.ts";
import { sandboxSettings } from "../../sandbox/settings.ts";

const root = new URL("../..", import.meta.url).pathname;
const environment = { NOMAD_SANDBOX: "e2e" };

/** The end-to-end tests' own sandbox, beside the one that somebody may be using in this clone. */
export const settings = sandboxSettings(root, { ...process.env, ...environment });

/** What `npm run status -- --json` prints. */
export interface Status {
  nodes: { name: string; publicIp: string; privateIp: string; reservedIp?: string; nomadStatus: string }[];
  jobs: {
    id: string;
    type: string;
    priority: number;
    status: string;
    allocations: { node: string; status: string }[];
  }[];
  mackerel: {
    hosts: {
      id: string;
      name: string;
      roles: string[];
      status: string;
      lastMetricAt: string | number | null;
    }[];
  };
  addresses: { nomad: string; digitalocean: string; mackerel: string };
  plugins: Record<string, "official" | "stand-in">;
}

/** Runs a command of the sandbox as its npm script does; fails with all that it printed. */
export async function sandbox(...args: string[]): Promise<string> {
  const { stdout } = await execa(process.execPath, [path.join(root, "sandbox/cli.ts"), ...args], {
    cwd: root,
    env: environment,
    stdin: "ignore",
  });
  return stdout;
}

export const pulumi = (...args: string[]): Promise<string> => sandbox("pulumi", ...args);
export const nomad = (...args: string[]): Promise<string> => sandbox("nomad", ...args);

export async function status(): Promise<Status> {
  return JSON.parse(await sandbox("status", "--json")) as Status;
}

/** Sets a plain value of the sandbox stack. */
export const setConfig = (key: string, value: string): Promise<string> => pulumi("config", "set", key, value);

/** Runs `pulumi up` without questions and returns what it printed. */
export const up = (): Promise<string> => pulumi("up", "--yes", "--skip-preview", "--non-interactive");

/** Id of the droplet behind a Nomad node, whose name ends in it. */
export function dropletId(nodeName: string): number {
  return Number(nodeName.slice(nodeName.lastIndexOf("-") + 1));
}

/** Runs a command as root on a droplet, past its network: what its console would do. */
export async function onDroplet(nodeName: string, ...command: string[]): Promise<string> {
  const container = containerName(settings.id, dropletId(nodeName));
  const { stdout } = await execa("docker", ["exec", container, ...command]);
  return stdout;
}

/** Tries again every two seconds until `attempt` no longer throws; its last error after `seconds`. */
export async function eventually<Value>(seconds: number, attempt: () => Promise<Value>): Promise<Value> {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 2_000));
    }
  }
}
