import type * as pulumi from "@pulumi/pulumi";
import type { ArgumentIssue } from "../validation.ts";
import { clusterArgsProblems } from "../cluster/validation.ts";
import type { NomadClusterArgs } from "../cluster/args.ts";
import { resolveClusterArgs } from "../cluster/defaults.ts";
import { ghostDefaults, ghostProblems } from "../jobs/ghost/job.ts";
import type { GhostSettings } from "../jobs/ghost/job.ts";
import type { MonitoringAgent } from "../jobs/monitoring/monitoring-agent.ts";
import { nginxDefaults, nginxPorts } from "../jobs/nginx/job.ts";
import { nginxProblems } from "../jobs/nginx/validation.ts";
import type { NginxSettings } from "../jobs/nginx/nginx.ts";
import { agentNeedsProblems, monitoringAgentProblems } from "../jobs/monitoring/validation.ts";

/** How the nodes are watched. */
export interface BlogMonitoring {
  /** Which agent, and how it is configured. */
  agent: MonitoringAgent;
  /** The vendor's API key: required if the agent needs one, refused if it has no use for it. Secret. */
  apiKey?: pulumi.Input<string>;
  /** 1 to 100. Default 50: it evicts only jobs of 40 or less, so neither nginx nor Ghost. */
  priority?: number;
  /**
   * Whether an update retires the Mackerel hosts of the cluster's droplets that are gone from the account, and their
   * metrics with them. Default true. See `retireHosts`.
   */
  retireHosts?: boolean;
  /** Nomad namespace of the agent, one of the cluster's `namespaces`. Default `default`. A change replaces the job. */
  namespace?: string;
}

export interface BlogPlatformArgs {
  /** The cluster. The blog adds a volume, nginx's ports and its jobs' memory to what is here. */
  cluster: NomadClusterArgs;
  /** Where readers find the blog. Default: the first server's reserved address. `https://` needs `nginx.tls`. */
  url?: string;
  /** Volume of the posts, images and themes, in GiB. Default 10. It can grow. */
  contentSize?: number;
  /** Slot whose droplet has that volume, and so runs Ghost. Default `server-1`. A change replaces the droplets of both slots. */
  contentSlot?: string;
  /** How Ghost runs. Default: as `GhostSettings` says. */
  ghost?: GhostSettings;
  /** How nginx runs. Default: as `NginxSettings` says. */
  nginx?: NginxSettings;
  /** How the nodes are watched. */
  monitoring: BlogMonitoring;
}

/** Host volume of the blog's content. */
export const contentVolume = "blog-content";

/** The cluster's arguments with what the blog needs of it. */
export function blogClusterArgs(args: BlogPlatformArgs): NomadClusterArgs {
  const { cluster, ghost, nginx, monitoring } = args;
  return {
    ...cluster,
    // The caller's own come first, so that problems name them by the caller's index.
    volumes: [
      ...(cluster.volumes ?? []),
      { name: contentVolume, slot: args.contentSlot ?? "server-1", size: args.contentSize ?? 10 },
    ],
    publicPorts: [...new Set([...(cluster.publicPorts ?? []), ...nginxPublicPorts(nginx)])],
    memoryForJobs:
      (cluster.memoryForJobs ?? 0) +
      (ghost?.memory ?? ghostDefaults.memory) +
      (nginx?.memory ?? nginxDefaults.memory) +
      monitoring.agent.memory,
  };
}

/** Everything that is wrong with the arguments, as far as they can be judged without the account. */
export function blogPlatformProblems(name: string, args: BlogPlatformArgs): ArgumentIssue[] {
  const { ghost = {}, nginx = {}, monitoring } = args;
  const [httpPort, httpsPort] = nginxPorts(nginx);
  const problems = [
    ...clusterProblems(name, args),
    // An address, which every blog has that names none, is a URL.
    ...under("ghost", ghostProblems({ ...ghost, url: args.url })).map((problem) =>
      problem.propertyPath === "ghost.url" ? { ...problem, propertyPath: "url" } : problem,
    ),
    ...under("nginx", nginxProblems(nginx)),
    ...under("monitoring", monitoringAgentProblems(monitoring)),
    ...under("monitoring", agentNeedsProblems(monitoring, resolveClusterArgs(name, args.cluster))),
    ...staticPortProblems({
      "nginx.httpPort": httpPort!,
      ...(httpsPort !== undefined && { "nginx.httpsPort": httpsPort }),
      ...prefixed("monitoring.agent.ports.", monitoring.agent.ports ?? {}),
    }),
  ];
  if (args.url?.startsWith("https:") === true && nginx.tls === undefined)
    problems.push({
      propertyPath: "url",
      reason: `"${args.url}" needs nginx.tls, a certificate and its key, or no browser gets to it`,
    });
  const nodes = (args.cluster.serverCount ?? 3) + (args.cluster.clientCount ?? 0);
  if (nginx.type === "service" && (nginx.count ?? 1) > nodes)
    problems.push({
      propertyPath: "nginx.count",
      reason: `${nginx.count} instances need as many nodes, since each takes its node's port, and there are ${nodes}`,
    });
  return problems;
}

/** What is wrong with the cluster's arguments, and with those of the blog that become some of them. */
function clusterProblems(name: string, args: BlogPlatformArgs): ArgumentIssue[] {
  const content = `volumes[${args.cluster.volumes?.length ?? 0}]`;
  const blogs: Record<string, string> = {
    [`${content}.slot`]: "contentSlot",
    [`${content}.size`]: "contentSize",
  };
  return clusterArgsProblems(name, blogClusterArgs(args)).map((problem) => ({
    ...problem,
    propertyPath: blogs[problem.propertyPath] ?? `cluster.${problem.propertyPath}`,
  }));
}

/** Those that nginx could have; its own check names the others. */
function nginxPublicPorts(nginx: NginxSettings = {}): number[] {
  return nginxProblems(nginx).length > 0 ? [] : nginxPorts(nginx);
}

/** Static ports of jobs that run on the same nodes, by the argument that says them: none twice. */
export function staticPortProblems(ports: Readonly<Record<string, number>>): ArgumentIssue[] {
  const takenBy = new Map<number, string>();
  const problems: ArgumentIssue[] = [];
  for (const [propertyPath, port] of Object.entries(ports)) {
    const other = takenBy.get(port);
    if (other !== undefined)
      problems.push({
        propertyPath,
        reason: `${port} is taken by ${other}, and a static port can be used once a node; give another`,
      });
    takenBy.set(port, propertyPath);
  }
  return problems;
}

function under(propertyPath: string, problems: readonly ArgumentIssue[]): ArgumentIssue[] {
  return problems.map((problem) => ({ ...problem, propertyPath: `${propertyPath}.${problem.propertyPath}` }));
}

function prefixed(prefix: string, values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [prefix + key, value]));
}
