import path from "node:path";
import { execa } from "execa";
import { dropletIdOf } from "./droplet-id.ts";
import { containerName } from "../../sandbox/droplets/names.ts";
import { environment, root, settings } from "./end-to-end/tested-sandbox.ts";
import { runningNodes } from "./status.ts";
import type { Owner } from "./blog/ghost-owner.ts";
import type { Status } from "./status.ts";

export { blogUrl, names, settings } from "./end-to-end/tested-sandbox.ts";

/** Runs a command of the sandbox of that name as its npm script does; fails with all that it printed. */
export async function namedSandbox(name: string, ...args: string[]): Promise<string> {
  const { stdout } = await execa(process.execPath, [path.join(root, "sandbox/cli.ts"), ...args], {
    cwd: root,
    env: { NOMAD_SANDBOX: name },
    stdin: "ignore",
  });
  return stdout;
}

export const sandbox = (...args: string[]): Promise<string> =>
  namedSandbox(environment.NOMAD_SANDBOX, ...args);

/** Runs a command of the sandbox and gives back all that it printed, whether or not it failed. */
export async function sandboxPrinted(...args: string[]): Promise<{ exitCode: number; all: string }> {
  const { exitCode = -1, all } = await execa(process.execPath, [path.join(root, "sandbox/cli.ts"), ...args], {
    cwd: root,
    env: environment,
    stdin: "ignore",
    reject: false,
    all: true,
  });
  return { exitCode, all };
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

/** As `nomad job allocs -json` lists it. */
export interface Allocation {
  ID: string;
  NodeName: string;
  ClientStatus: string;
  TaskStates: Record<string, { State: string; StartedAt: string }>;
}

export async function runningAllocations(job: string): Promise<Allocation[]> {
  const all = JSON.parse(await nomad("job", "allocs", "-json", job)) as Allocation[];
  return all.filter((allocation) => allocation.ClientStatus === "running");
}

/** Ids of a job's running allocations, sorted. */
export async function allocationIds(job: string): Promise<string[]> {
  return (await runningAllocations(job)).map(({ ID }) => ID).sort();
}

/** Name of the node that runs Ghost. */
export async function ghostNode(): Promise<string> {
  const [node] = runningNodes(await status(), "ghost");
  if (node === undefined) throw new Error("ghost does not run");
  return node;
}

/** When the running tasks of a job's running allocations were started. */
export async function taskStarts(job: string): Promise<string[]> {
  return (await runningAllocations(job)).flatMap(({ TaskStates }) =>
    Object.values(TaskStates)
      .filter(({ State }) => State === "running")
      .map((task) => task.StartedAt),
  );
}

/** Ghost's owner, whom the sandbox's stack made. */
export async function blogOwner(): Promise<Owner> {
  const [name, email] = [await config("ghostOwnerName"), await config("ghostOwnerEmail")];
  const password = await pulumi("stack", "output", "ghostOwnerPassword", "--show-secrets");
  return { name, email, password: password.trim() };
}

const config = async (key: string): Promise<string> => (await pulumi("config", "get", key)).trim();

/** Ids of a job's containers on a node. */
export async function containersOf(nodeName: string, job: string): Promise<string[]> {
  const here = (await runningAllocations(job)).filter(({ NodeName }) => NodeName === nodeName);
  const names = here.flatMap(({ ID }) => ["--filter", `name=${ID}`]);
  if (here.length === 0) throw new Error(`${job} does not run on ${nodeName}`);
  return (await onDroplet(nodeName, "docker", "ps", "--quiet", ...names)).split("\n").filter(Boolean);
}

/** Runs a command as root on a droplet, past its network: what its console would do. */
export async function onDroplet(nodeName: string, ...command: string[]): Promise<string> {
  const container = containerName(settings.id, dropletIdOf(nodeName));
  const { stdout } = await execa("docker", ["exec", container, ...command]);
  return stdout;
}

/** Tries again every `pause` seconds until `attempt` no longer throws; its last error after `seconds`. */
export async function eventually<Value>(
  seconds: number,
  attempt: () => Promise<Value>,
  pause = 2,
): Promise<Value> {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause * 1000));
    }
  }
}
