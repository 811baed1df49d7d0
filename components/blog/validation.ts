import type { NomadClusterArgs } from "../cluster/args.ts";
import type { ResolvedClusterArgs } from "../cluster/defaults.ts";
import { validateCluster } from "../cluster/validation.ts";
import type { ResolvedGhostSettings } from "../jobs/ghost/defaults.ts";
import { validateGhost } from "../jobs/ghost/validation.ts";
import type { SystemMonitoringAgentArgs } from "../jobs/monitoring/args.ts";
import type { ResolvedMonitoringAgentArgs } from "../jobs/monitoring/defaults.ts";
import { chosenAgent } from "../jobs/monitoring/presets/preset.ts";
import { validateAgentNeeds, validateMonitoringAgent } from "../jobs/monitoring/validation.ts";

import { nginxPorts } from "../jobs/nginx/defaults.ts";
import type { ResolvedNginxArgs } from "../jobs/nginx/defaults.ts";
import { validateNginx } from "../jobs/nginx/validation.ts";
import { isAnywhere } from "../network/ip-range.ts";
import { issuesOf, under } from "../validation.ts";
import type { Check, Validation } from "../validation.ts";
import { blogAlertIssues } from "./alerts.ts";
import type { BlogPlatformArgs } from "./args.ts";
import {
  balancedShutdownDelay,
  blogClusterArgs,
  blogMonitoringDefaults,
  blogWithDefaults,
} from "./defaults.ts";
import { basePath, blogDomainChecks, blogUrl, httpsHost } from "./url.ts";
import type { BlogWithDefaults } from "./url.ts";

/** What the parts of a blog are made of. */
export interface ResolvedBlogArgs {
  /** As the cluster takes them, and with its defaults. */
  readonly cluster: { readonly args: NomadClusterArgs; readonly resolved: ResolvedClusterArgs };
  readonly ghost: ResolvedGhostSettings;
  readonly nginx: ResolvedNginxArgs;
  readonly agent: {
    readonly args: Omit<SystemMonitoringAgentArgs, "connection">;
    readonly resolved: ResolvedMonitoringAgentArgs;
  };
  readonly retireHosts: boolean;
}

/**
 * Judges the arguments of a blog and of all its parts, as far as that is possible without the account. `name` is the
 * component's.
 */
export function validateBlog(name: string, given: BlogPlatformArgs): Validation<ResolvedBlogArgs> {
  const args = blogWithDefaults(given);
  const { retireHosts = blogMonitoringDefaults.retireHosts, ...agentArgs } = args.monitoring;
  // Mackerel's; the agent's job knows nothing of them.
  delete agentArgs.alerts;
  const url = blogUrl(args);
  const ghost = validateGhost({
    ...args.ghost,
    url,
    ...(args.ghostOwner && { owner: args.ghostOwner }),
    ...(args.backups && { backups: args.backups }),
  });
  const { operatorCidrs } = args.cluster;
  const nginx = validateNginx({
    ...(args.loadBalancer && { shutdownDelay: balancedShutdownDelay }),
    ...args.nginx,
    adminCidrs: args.nginx?.adminCidrs ?? operatorCidrs,
    basePath: basePath(url),
  });
  const agent = validateMonitoringAgent(agentArgs);
  const jobs = { ghost: ghost.resolved, nginx: nginx.resolved };
  const clusterArgs = blogClusterArgs(args, jobs);
  const cluster = validateCluster(`${name}-cluster`, clusterArgs);
  const nameInBlog = clusterNames(args);
  const namedByNginx = new Set(under("nginx", nginx.issues).map(({ propertyPath }) => propertyPath));
  return {
    resolved: {
      cluster: { args: clusterArgs, resolved: cluster.resolved },
      ...jobs,
      agent: { args: agentArgs, resolved: agent.resolved },
      retireHosts,
    },
    issues: [
      ...cluster.issues
        .map((issue) => ({ ...issue, propertyPath: nameInBlog(issue.propertyPath) }))
        .filter(({ propertyPath }) => propertyPath !== nginxPortsPath && !namedByNginx.has(propertyPath)),
      ...ghost.issues.map((issue) => ({ ...issue, propertyPath: ghostName(issue.propertyPath) })),
      ...under("nginx", nginx.issues).filter(({ propertyPath }) => !isOfOperators(propertyPath, args)),
      ...under("monitoring", agent.issues),
      ...under("monitoring", validateAgentNeeds(args.monitoring, cluster.resolved)),
      ...blogAlertIssues(args.monitoring),
      ...issuesOf([
        ...staticPortChecks(staticPorts(nginx.resolved, args)),
        ...jobIdChecks(ghost.resolved, nginx.resolved, agent.resolved),
        ["url", checkTlsIsThere(args)],
        ["loadBalancer", checkLoadBalancer(args)],
        ["loadBalancerCertificate", checkCertificateHasUse(args)],
        ...blogDomainChecks(args),
        ["nginx.adminCidrs", checkOperatorsAsAdmins(args)],
        ["nginx.count", checkNodesFor(nginx.resolved, cluster.resolved)],
      ]),
    ],
  };
}

/** Stands for a public port that the cluster has because of nginx, whose own validation names it. */
const nginxPortsPath = "nginx.ports";

const domainNames: Readonly<Record<string, string>> = {
  "domain.name": "domain",
  "domain.zone": "dnsZone",
  "domain.createZone": "createDnsZone",
};

/** Names of the cluster's arguments in the blog's, some of which become arguments of the cluster. */
export function clusterNames({
  cluster,
  loadBalancer,
  domain,
}: BlogWithDefaults): (propertyPath: string) => string {
  const content = `volumes[${cluster.volumes?.length ?? 0}]`;
  const firstOfNginx = new Set(cluster.publicPorts).size;
  return (propertyPath) => {
    if (propertyPath === `${content}.slot`) return "contentSlot";
    if (propertyPath === `${content}.size`) return "contentSize";
    // Its name is the cluster's with a part that is always the same.
    if (propertyPath === `${content}.name`) return "cluster.clusterName";
    if (loadBalancer && propertyPath === "loadBalancer") return "loadBalancer";
    if (loadBalancer && propertyPath === "loadBalancer.port") return "nginx.httpPort";
    if (loadBalancer && propertyPath === "loadBalancer.certificateName") return "loadBalancerCertificate";
    if (domain !== undefined && propertyPath in domainNames) return domainNames[propertyPath]!;
    const port = /^publicPorts\[(\d+)\]$/.exec(propertyPath)?.[1];
    if (port !== undefined && Number(port) >= firstOfNginx) return nginxPortsPath;
    return `cluster.${propertyPath}`;
  };
}

/** The URL, the owner and the backups of Ghost are the blog's. */
export function ghostName(propertyPath: string): string {
  if (/^(url|backups)\b/.test(propertyPath)) return propertyPath;
  return propertyPath.startsWith("owner.")
    ? propertyPath.replace("owner", "ghostOwner")
    : `ghost.${propertyPath}`;
}

function staticPorts(nginx: ResolvedNginxArgs, { monitoring }: BlogPlatformArgs): Record<string, number> {
  const [httpPort, httpsPort] = nginxPorts(nginx);
  const agentPorts = Object.entries(chosenAgent(monitoring).ports ?? {});
  return {
    "nginx.httpPort": httpPort!,
    ...(httpsPort !== undefined && { "nginx.httpsPort": httpsPort }),
    ...Object.fromEntries(agentPorts.map(([label, port]) => [`monitoring.agent.ports.${label}`, port])),
  };
}

/** Of jobs that run on the same nodes, by the argument that says the port: none twice. */
export function staticPortChecks(ports: Readonly<Record<string, number>>): Check[] {
  const entries = Object.entries(ports);
  return entries.map(([propertyPath, port], index) => {
    const other = entries.slice(0, index).findLast(([, taken]) => taken === port)?.[0];
    return [
      propertyPath,
      other && `${port} is taken by ${other}, and a static port can be used once a node; give another`,
    ];
  });
}

/** Ghost and nginx are in Nomad's default namespace, and the agent is unless it names another. */
function jobIdChecks(
  ghost: ResolvedGhostSettings,
  nginx: ResolvedNginxArgs,
  agent: ResolvedMonitoringAgentArgs,
): Check[] {
  const isBesideThem = agent.namespace === undefined || agent.namespace === "default";
  const ids: [string, string][] = [
    ["ghost.jobId", ghost.jobId],
    ["nginx.jobId", nginx.jobId],
    ...(isBesideThem ? [["monitoring.agent.name", agent.jobId] as [string, string]] : []),
  ];
  return ids.map(([propertyPath, jobId], index) => {
    const other = ids.slice(0, index).find(([, taken]) => taken === jobId)?.[0];
    return [
      propertyPath,
      other && `"${jobId}" is taken by ${other}, and a job has an id of its own; give another`,
    ];
  });
}

function checkCertificateHasUse({
  url,
  loadBalancer,
  loadBalancerCertificate,
  domain,
}: BlogWithDefaults): string | undefined {
  if (loadBalancerCertificate === undefined) return undefined;
  if (!loadBalancer)
    return "is given, and loadBalancer is false, so that nothing shows it; leave one of them out";
  // With a domain it is refused for that.
  return domain === undefined && httpsHost(url) === undefined
    ? "is given, and the blog's URL is not https; give the URL with the certificate's host"
    : undefined;
}

function checkTlsIsThere(args: BlogWithDefaults): string | undefined {
  const { url, nginx, loadBalancer, loadBalancerCertificate, domain } = args;
  if (httpsHost(url) === undefined || loadBalancerCertificate !== undefined) return undefined;
  if (loadBalancer && domain !== undefined) return undefined;
  return nginx?.tls === undefined && (nginx?.trustedProxies ?? []).length === 0
    ? `"${url}" needs a certificate, else no browser gets to it: give the domain or a loadBalancerCertificate, for the load balancer; or set loadBalancer to false and give nginx one with its key; or name a proxy that has one in trustedProxies`
    : undefined;
}

function checkLoadBalancer({ loadBalancer, nginx, cluster }: BlogWithDefaults): string | undefined {
  if (!loadBalancer) return undefined;
  if (cluster.loadBalancer !== undefined)
    return "is true, as it is by default, and cluster.loadBalancer is given too, and a cluster has one at most; set it to false, or leave that one out";
  return nginx?.tls === undefined
    ? undefined
    : "is true, as it is by default, and passes on HTTP only, so that nobody would be shown the certificate in nginx.tls; set it to false, or leave nginx.tls out and give a domain, for which there will be a certificate, or one of the account in loadBalancerCertificate";
}

function checkNodesFor(
  { type, count }: ResolvedNginxArgs,
  { serverCount, clientCount }: ResolvedClusterArgs,
): string | undefined {
  const nodes = serverCount + clientCount;
  return type === "service" && count > nodes
    ? `${count} instances need as many nodes, since each takes its node's port, and there are ${nodes}`
    : undefined;
}

/** Whether an issue is about the operators' ranges, which the cluster names. */
function isOfOperators(propertyPath: string, { nginx }: BlogPlatformArgs): boolean {
  return nginx?.adminCidrs === undefined && propertyPath.startsWith("nginx.adminCidrs[");
}

/** Opening Ghost's administration to the world is a decision of its own. */
function checkOperatorsAsAdmins({ cluster, nginx }: BlogPlatformArgs): string | undefined {
  if (nginx?.adminCidrs !== undefined || nginx?.allowAdminFromAnywhere === true) return undefined;
  return cluster.allowOperatorsFromAnywhere === true && cluster.operatorCidrs.some(isAnywhere)
    ? "are the operators' if left out, and those are the whole Internet: name the addresses that may reach /ghost, or set allowAdminFromAnywhere to true"
    : undefined;
}
