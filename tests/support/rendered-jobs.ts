import type { ApiJob } from "../../components/index.ts";
import type { GhostArgs, GhostSettings } from "../../components/jobs/ghost/args.ts";
import { resolveGhostSettings } from "../../components/jobs/ghost/defaults.ts";
import * as ghost from "../../components/jobs/ghost/job.ts";
import type { SystemMonitoringAgentArgs } from "../../components/jobs/monitoring/args.ts";
import { resolveMonitoringAgentArgs } from "../../components/jobs/monitoring/defaults.ts";
import * as monitoring from "../../components/jobs/monitoring/job.ts";
import type { NginxArgs } from "../../components/jobs/nginx/args.ts";
import { resolveNginxArgs } from "../../components/jobs/nginx/defaults.ts";
import * as nginx from "../../components/jobs/nginx/job.ts";

// The jobs as the components render them, with the defaults of what is left out.

/** Of a certificate the job has only the fact that there is one. */
const tls = { certificate: "", privateKey: "" };

export interface NginxJobArgs extends Omit<NginxArgs, "connection" | "tls"> {
  readonly datacenter: string;
  readonly tls: boolean;
}

export function nginxJob({ datacenter, tls: withTls, ...args }: NginxJobArgs): ApiJob {
  return nginx.nginxJob(resolveNginxArgs({ ...args, ...(withTls && { tls }) }), datacenter);
}

/** Items of the job's Variable, but for the certificate. */
export function nginxSite({
  tls: withTls,
  ...args
}: Omit<NginxJobArgs, "datacenter">): Record<string, string> {
  return nginx.nginxSite(resolveNginxArgs({ ...args, ...(withTls && { tls }) }));
}

export type GhostJobArgs = GhostSettings & Pick<GhostArgs, "owner" | "backups"> & ghost.GhostPlace;

export function ghostJob({ datacenter, url, contentVolume, ...settings }: GhostJobArgs): ApiJob {
  return ghost.ghostJob(resolveGhostSettings(settings), { datacenter, url, contentVolume });
}

type MonitoringJobArgs = Omit<SystemMonitoringAgentArgs, "connection" | "apiKey"> & {
  readonly datacenter: string;
};

export function monitoringAgentJob({ datacenter, ...args }: MonitoringJobArgs): ApiJob {
  return monitoring.monitoringAgentJob(resolveMonitoringAgentArgs(args), datacenter);
}
