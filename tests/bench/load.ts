import path from "node:path";
import type { StatusReport } from "../../sandbox/status/status-report.ts";
import { readStatus } from "../../sandbox/status/read-status.ts";
import { runInNetworkOf } from "../../sandbox/droplets/commands.ts";
import { containerState } from "../../sandbox/droplets/container.ts";
import { containerName } from "../../sandbox/droplets/names.ts";
import { openSandbox } from "../../sandbox/sandbox.ts";
import { sandboxSettings } from "../../sandbox/settings.ts";
import { npmOutput } from "./measure.ts";

/** What one run of the load generator counted. */
export interface LoadRun {
  readonly requestsPerSecond: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  /** Those with a status of 200 to 299. */
  readonly answers: number;
  /** Other statuses, broken connections and timeouts. */
  readonly failures: number;
}

export interface LoadTarget {
  readonly name: string;
  readonly url: string;
}

export interface LoadResults {
  /** Nomad node that runs ghost and the nginx that was asked. */
  readonly node: string;
  readonly connections: number;
  /** Length of one run. */
  readonly seconds: number;
  readonly targets: readonly (LoadTarget & { readonly runs: readonly LoadRun[] })[];
}

export const loadSettings = { connections: 20, seconds: 10, warmUpSeconds: 3, rounds: 3 } as const;

/** The part of Nomad's service registrations that is read. */
export interface ServiceRegistration {
  readonly Address: string;
  readonly Port: number;
}

/**
 * Ghost by itself and through the nginx on its node, by turns, with a warm-up of each that does not count. The load comes
 * from the network of ghost's droplet, since the firewall lets nobody else ask ghost itself; so neither way leaves it.
 */
export async function measureLoad(root: string, progress: (text: string) => void): Promise<LoadResults> {
  const settings = sandboxSettings(root);
  const sandbox = await openSandbox(settings);
  const status = await readStatus(sandbox);
  const node = ghostNode(status);
  const services = await npmOutput([
    ...["run", "--silent", "nomad", "--", "service", "info", "-json", "ghost"],
  ]);
  const blog = new URL(status.addresses.blog[0] ?? "http://127.0.0.1");
  const targets = loadTargets(JSON.parse(services) as ServiceRegistration[], blog, node);
  const headers = JSON.stringify(readerHeaders(blog, sandbox.services?.gateway ?? "127.0.0.1"));
  const dropletId = Number(node.name.slice(node.name.lastIndexOf("-") + 1));
  const { pid } = await containerState(containerName(settings.id, dropletId));
  if (pid === undefined) throw new Error(`the droplet of ${node.name} does not run`);
  const { connections, seconds, warmUpSeconds, rounds } = loadSettings;

  const once = async ({ name, url }: LoadTarget, duration: number): Promise<LoadRun> => {
    const generator = path.join(import.meta.dirname, "load-generator.ts");
    const text = await runInNetworkOf(pid, process.execPath, [
      ...[generator, url, headers, String(connections), String(duration)],
    ]);
    const run = JSON.parse(text) as LoadRun;
    const problem = loadProblem(name, run);
    if (problem !== undefined) throw new Error(problem);
    return run;
  };

  const both = [targets.ghost, targets.nginx].map((target) => ({ ...target, runs: [] as LoadRun[] }));
  for (const target of both) {
    progress(`${target.name}: warms up`);
    await once(target, warmUpSeconds);
  }
  for (let round = 1; round <= rounds; round++) {
    for (const target of both) {
      const run = await once(target, seconds);
      progress(
        `${target.name}, ${round} of ${rounds}: ${run.requestsPerSecond.toFixed(0)} requests a second`,
      );
      target.runs.push(run);
    }
  }
  return { node: node.name, connections, seconds, targets: both };
}

/** The node that runs ghost. Throws what is missing in a sandbox that cannot be measured. */
export function ghostNode(
  status: Pick<StatusReport, "nodes" | "jobs" | "problems">,
): StatusReport["nodes"][number] {
  if (status.problems.length > 0)
    throw new Error(`the load goes to a running sandbox, and here ${status.problems.join("; ")}`);
  const ghost = status.jobs.find(({ id }) => id === "ghost");
  const allocation = ghost?.allocations.find((one) => one.status === "running");
  const node = status.nodes.find(({ name }) => name === allocation?.node);
  if (node === undefined)
    throw new Error("ghost does not run: `npm run nomad -- job status ghost` says why; mend that first");
  return node;
}

/**
 * What a request has from the load balancer if the blog is read by https there: else Ghost redirects it. nginx believes it from
 * an address of the VPC, and does not limit the operators, one of whom the client is said to be.
 */
export function readerHeaders({ host, protocol }: URL, operator: string): Record<string, string> {
  if (protocol !== "https:") return { host };
  return { host, "x-forwarded-proto": "https", "x-forwarded-for": operator };
}

/**
 * Where the same front page is had from ghost itself and from nginx before it, on ghost's node: a client of the node itself
 * may ask nginx as often as it likes.
 */
export function loadTargets(
  services: readonly ServiceRegistration[],
  { protocol }: URL,
  { privateIp }: Pick<StatusReport["nodes"][number], "privateIp">,
): {
  readonly ghost: LoadTarget;
  readonly nginx: LoadTarget;
} {
  const [service] = services;
  if (service === undefined || services.length > 1)
    throw new Error(`Nomad knows ${services.length} instances of the service ghost, not one: try again`);
  return {
    ghost: { name: "ghost alone", url: `http://${service.Address}:${service.Port}/` },
    nginx: {
      name: "through nginx",
      url: `http://${protocol === "https:" ? privateIp : "127.0.0.1"}/`,
    },
  };
}

/** Why a run says nothing of the front page, or undefined if every request was answered with it. */
export function loadProblem(
  name: string,
  { answers, failures }: Pick<LoadRun, "answers" | "failures">,
): string | undefined {
  if (answers > 0 && failures === 0) return undefined;
  return `${name}: ${failures} of ${answers + failures} requests did not get the front page, so the run does not count`;
}
