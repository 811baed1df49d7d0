import type { NomadClusterArgs } from "../cluster/args.ts";
import { backupsMemory } from "../jobs/ghost/backups/defaults.ts";
import type { ResolvedGhostSettings } from "../jobs/ghost/defaults.ts";
import { chosenAgent } from "../jobs/monitoring/presets/preset.ts";
import { healthPath } from "../jobs/nginx/configuration/locations.ts";
import { nginxPorts } from "../jobs/nginx/defaults.ts";
import type { ResolvedNginxArgs } from "../jobs/nginx/defaults.ts";
import { healthCheckTimes, noticeSeconds } from "../network/load-balancer.ts";
import { withDefaults } from "../validation.ts";
import type { BlogPlatformArgs } from "./args.ts";
import { httpsHost } from "./url.ts";
import type { BlogWithDefaults } from "./url.ts";

/** What is taken for arguments that are left out. */
export const blogDefaults = {
  contentSize: 10,
  contentSlot: "server-1",
  loadBalancer: true,
  createDnsZone: false,
};
export const blogMonitoringDefaults = { retireHosts: true };

/** Seconds for Nomad's service discovery, and for nginx to read its configuration again. */
const discoverySeconds = 8;

/** How long nginx goes on behind the load balancer when it is to end. */
export const balancedShutdownDelay = `${noticeSeconds(healthCheckTimes) + discoverySeconds}s`;

/** Host volume of the blog's content. */
export const contentVolume = "blog-content";

/** The blog's arguments with their defaults. */
export function blogWithDefaults(args: BlogPlatformArgs): BlogWithDefaults {
  return withDefaults(args, blogDefaults);
}

/** The cluster's arguments with what the blog needs of it. The caller's own come first in every list. */
export function blogClusterArgs(
  args: BlogWithDefaults,
  jobs: { readonly ghost: ResolvedGhostSettings; readonly nginx: ResolvedNginxArgs },
): NomadClusterArgs {
  const {
    cluster,
    monitoring,
    loadBalancerCertificate: certificateName,
    domain,
    dnsZone,
    createDnsZone,
    contentSlot,
    contentSize,
    loadBalancer,
  } = args;
  const [httpPort] = nginxPorts(jobs.nginx);
  const host = httpsHost(args.url);
  return {
    ...cluster,
    ...(domain !== undefined && {
      domain: {
        name: domain,
        ...(dnsZone !== undefined && { zone: dnsZone }),
        createZone: createDnsZone,
      },
    }),
    volumes: [...(cluster.volumes ?? []), { name: contentVolume, slot: contentSlot, size: contentSize }],
    ...(loadBalancer
      ? {
          loadBalancer: {
            port: httpPort!,
            healthPath,
            ...(certificateName !== undefined && { certificateName }),
            ...(certificateName !== undefined && host !== undefined && { hostName: host }),
          },
        }
      : { publicPorts: [...new Set([...(cluster.publicPorts ?? []), ...nginxPorts(jobs.nginx)])] }),
    memoryForJobs:
      (cluster.memoryForJobs ?? 0) +
      jobs.ghost.memory +
      backupsMemory(jobs.ghost.backups) +
      jobs.nginx.memory +
      (monitoring.resources?.memory ?? chosenAgent(monitoring).memory),
  };
}
