import type { HostSummary } from "./mackerel-hosts.ts";
import type { InstalledTool } from "../tools/tool.ts";
import type { NomadAllocation, NomadJob, NomadNode } from "../stack/nomad-cli.ts";
import type { StackOutputs } from "../stack/stack.ts";
import type { BlogAnswer } from "./read-blog.ts";

/** What `npm run status -- --json` prints. */
export interface StatusReport {
  readonly nodes: readonly NodeStatus[];
  readonly jobs: readonly JobStatus[];
  readonly mackerel: { readonly hosts: readonly MackerelHostStatus[] };
  /** What each of `addresses.blog` answers; empty while the sandbox is stopped. */
  readonly blog: readonly BlogAnswer[];
  /** Null: not known, because the sandbox is stopped or its cluster not made yet. */
  readonly addresses: {
    /**
     * URLs at which the blog can be read: its own, or one a reserved address; empty before the first update. While the
     * sandbox is stopped, those of the stack's output.
     */
    readonly blog: readonly string[];
    /** URL that readers use. */
    readonly blogUrl: string | null;
    readonly nomad: string | null;
    readonly digitalocean: string | null;
    readonly mackerel: string | null;
  };
  readonly plugins: Readonly<Record<string, "official" | "stand-in">>;
  /** Why a part above is empty or unknown; empty if all was read. */
  readonly problems: readonly string[];
}

export interface NodeStatus {
  readonly name: string;
  readonly publicIp: string;
  readonly privateIp: string;
  readonly reservedIp?: string;
  /** As Nomad says it; "absent" if Nomad does not know the node, "unknown" if Nomad did not answer. */
  readonly nomadStatus: string;
}

export interface JobStatus {
  readonly id: string;
  readonly type: string;
  readonly priority: number;
  readonly status: string;
  readonly allocations: readonly AllocationStatus[];
}

export interface AllocationStatus {
  readonly node: string;
  readonly status: string;
  /** What Nomad said last of its tasks, each as `task: text`. */
  readonly lastEvents: readonly string[];
}

export interface MackerelHostStatus {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly status: string;
  /** ISO 8601, null before the first metric. */
  readonly lastMetricAt: string | null;
}

/** What was read, each part apart, so that one service's silence hides no other's answer. */
export interface StatusSources {
  readonly outputs?: StackOutputs | undefined;
  readonly nomad?: NomadAnswers | undefined;
  readonly hosts?: readonly HostSummary[] | undefined;
  readonly blog?: readonly BlogAnswer[] | undefined;
  readonly services?: { readonly digitalocean: string; readonly mackerel: string } | undefined;
  readonly plugins: readonly InstalledTool[];
  readonly problems: readonly string[];
}

export interface NomadAnswers {
  readonly nodes: readonly NomadNode[];
  readonly jobs: readonly NomadJob[];
  readonly allocations: readonly NomadAllocation[];
}

export function statusReport(sources: StatusSources): StatusReport {
  const { outputs, nomad, hosts = [], blog, services, plugins, problems } = sources;
  return {
    nodes: (outputs?.nodes ?? []).map(({ name, publicIp, privateIp, reservedIp }) => ({
      name,
      publicIp,
      privateIp,
      ...(reservedIp ? { reservedIp } : {}),
      nomadStatus: nomad ? (nomad.nodes.find((node) => node.Name === name)?.Status ?? "absent") : "unknown",
    })),
    jobs: (nomad?.jobs ?? []).map((job) => ({
      id: job.ID,
      type: job.Type,
      priority: job.Priority,
      status: job.Status,
      allocations: allocationsOf(job, nomad?.allocations ?? []),
    })),
    mackerel: {
      hosts: hosts.map(({ id, name, roles, status, lastMetricAt }) => ({
        id,
        name,
        roles,
        status,
        lastMetricAt: lastMetricAt === undefined ? null : new Date(lastMetricAt * 1000).toISOString(),
      })),
    },
    blog: blog ?? [],
    addresses: {
      blog: blog?.map(({ address }) => address) ?? outputs?.blogAddresses ?? [],
      blogUrl: outputs?.blogUrl ?? null,
      nomad: outputs?.nomadAddress ?? null,
      digitalocean: services?.digitalocean ?? null,
      mackerel: services?.mackerel ?? null,
    },
    plugins: Object.fromEntries(
      plugins.map(({ name, origin }) => [
        name.replace(/^pulumi-(resource|language)-/, ""),
        origin === "stand-in" ? "stand-in" : "official",
      ]),
    ),
    problems,
  };
}

/** Those that Nomad means to run, by node; what it has replaced or stopped is history. */
function allocationsOf(job: NomadJob, allocations: readonly NomadAllocation[]): JobStatus["allocations"] {
  return allocations
    .filter((one) => one.JobID === job.ID && one.Namespace === job.Namespace)
    .filter((one) => one.DesiredStatus === "run" && one.NextAllocation === "")
    .map((one) => ({
      node: one.NodeName,
      status: one.ClientStatus,
      lastEvents: Object.entries(one.TaskStates ?? {}).flatMap(([task, { Events }]) => {
        const text = Events.at(-1)?.DisplayMessage;
        return text === undefined ? [] : [`${task}: ${text}`];
      }),
    }))
    .sort((one, other) => one.node.localeCompare(other.node));
}
