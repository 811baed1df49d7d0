import { withDefaults } from "../../validation.ts";
import type { NginxArgs } from "./args.ts";
import type { ServedTls } from "./tls.ts";

/** What is taken for settings that are left out. */
export const nginxDefaults = {
  jobId: "nginx",
  type: "system",
  count: 1,
  // Newest of the stable branch.
  image: "nginx:1.30.7",
  httpPort: 80,
  httpsPort: 443,
  upstreamService: "ghost",
  basePath: "",
  priority: 80,
  maxBodySize: 64,
  allowAdminFromAnywhere: false,
  trustedProxies: [] as string[],
  cacheSize: 256,
  clientRequestRate: 50,
  clientConnections: 100,
  frameAncestors: [] as string[],
  socialWeb: false,
  serverText: "",
  shutdownDelay: "0s",
  cpu: 100,
  memory: 128,
} as const;

/** {@link NginxArgs} with every default filled in. */
export type ResolvedNginxArgs = Readonly<
  Required<
    Omit<
      NginxArgs,
      "connection" | "tls" | "holdingPage" | "strictTransportSecurity" | "furtherTrustedProxies"
    >
  > &
    Pick<NginxArgs, "tls" | "holdingPage" | "strictTransportSecurity">
> & {
  /** `tls`, if the caller validates it. */
  readonly servedTls?: ServedTls;
};

export function resolveNginxArgs(args: Omit<NginxArgs, "connection">): ResolvedNginxArgs {
  return { ...withDefaults(args, nginxDefaults), adminCidrs: args.adminCidrs ?? [] };
}

/** Ports that nginx answers on, which a firewall has to let through. */
export function nginxPorts({ httpPort, httpsPort, tls }: ResolvedNginxArgs): number[] {
  return tls === undefined ? [httpPort] : [httpPort, httpsPort];
}

/** Nomad service under which instances of nginx find each other; names of services have 63 characters at most. */
export function peersServiceName(jobId: string): string {
  return `${jobId.slice(0, 57)}-peers`;
}
