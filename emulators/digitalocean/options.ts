import type { Hypervisor } from "./hypervisor/hypervisor.ts";
import type { Edges } from "./edges.ts";
import { storedOnlyHypervisor } from "./hypervisor/stored-only-hypervisor.ts";

export interface DigitalOceanApiOptions {
  /** Bearer tokens that are accepted; at least one. */
  readonly tokens: readonly string[];
  /**
   * SQLite file; made when it is not there. Holds user data, so only its owner may read it.
   * @default - in memory, gone when the emulator ends
   */
  readonly databaseFile?: string;
  /** Requests and failed actions are appended here, one JSON object a line. @default - in memory */
  readonly logFile?: string;
  /** Who issues certificates of the type lets_encrypt. @default - nobody: they are answered with 501 */
  readonly certificateIssuer?: CertificateIssuer;
  /** @default "127.0.0.1" */
  readonly address?: string;
  /** @default 0, any free port */
  readonly port?: number;
  /** What runs the droplets. @default - nothing: `storedOnlyHypervisor()` */
  readonly hypervisor?: Hypervisor;
  /**
   * Public addresses of droplets, load balancers and reserved IPs come from here; at least a /26.
   * @default 198.18.0.0/23 with 198.18.0.1 as its gateway
   */
  readonly publicNetwork?: { readonly cidr: string; readonly gateway: string };
  /** Regions that have a default VPC from the start, as on an account that was used there before. @default - none */
  readonly regionsWithDefaultVpc?: readonly string[];
  /** Public images beside those of the catalogue, by what tells them apart. @default - none */
  readonly images?: readonly {
    readonly slug: string;
    readonly distribution: string;
    readonly name: string;
  }[];
  /** Anchor addresses of droplets come from here. @default "10.15.0.0/16", as in sgp1 */
  readonly anchorNetwork?: string;
  /** @default droplets 25, reservedIps 3, volumes 100, loadBalancers 10: a new account's */
  readonly limits?: Partial<AccountLimits>;
  /** @default 5000 an hour and 250 a minute, as on DigitalOcean */
  readonly rateLimit?: Partial<RateLimits>;
  /** How long things take, in milliseconds. @default 300 each, shutdown and release 1000 */
  readonly delays?: Partial<TransitionDelays>;
  /** Where DigitalOcean is less kind than one may expect. @default - all in force, no image retired */
  readonly edges?: Partial<Edges>;
  /** @default the system clock */
  readonly now?: () => Date;
}

/** Stands in for Let's Encrypt. */
export interface CertificateIssuer {
  /**
   * A certificate for these names, all in PEM; the first may be a wildcard. A rejection makes the certificate's state
   * "error", and the log has its message.
   */
  issue(dnsNames: readonly string[]): Promise<{
    readonly privateKey: string;
    readonly leafCertificate: string;
    /** "" when the leaf is all there is. */
    readonly certificateChain: string;
  }>;
}

export interface AccountLimits {
  readonly droplets: number;
  readonly reservedIps: number;
  readonly volumes: number;
  readonly loadBalancers: number;
}

export interface RateLimits {
  readonly perHour: number;
  readonly perMinute: number;
}

export interface TransitionDelays {
  /** Of droplets: creation and destruction. */
  readonly droplet: number;
  /** A droplet that has become active is kept from other actions for so long. */
  readonly metadata: number;
  /** A shutdown, whether the droplet follows it or not. */
  readonly shutdown: number;
  /** VPC members and attachments of volumes stay for so long after their droplet is gone. */
  readonly release: number;
  /** All other actions. */
  readonly action: number;
  readonly firewall: number;
  /** Before a load balancer is created or changed. */
  readonly loadBalancer: number;
  /** Before a certificate of Let's Encrypt is issued. */
  readonly certificate: number;
}

export type ResolvedOptions = Required<
  Omit<
    DigitalOceanApiOptions,
    "certificateIssuer" | "databaseFile" | "logFile" | "limits" | "rateLimit" | "delays" | "edges"
  >
> & {
  readonly certificateIssuer?: CertificateIssuer;
  readonly databaseFile?: string;
  readonly logFile?: string;
  readonly limits: AccountLimits;
  readonly rateLimit: RateLimits;
  readonly delays: TransitionDelays;
  readonly edges: Partial<Edges>;
};

export function resolveOptions(options: DigitalOceanApiOptions): ResolvedOptions {
  if (options.tokens.length === 0) throw new Error("tokens must name at least one token to accept");
  return {
    address: "127.0.0.1",
    port: 0,
    hypervisor: storedOnlyHypervisor(),
    publicNetwork: { cidr: "198.18.0.0/23", gateway: "198.18.0.1" },
    regionsWithDefaultVpc: [],
    images: [],
    anchorNetwork: "10.15.0.0/16",
    now: () => new Date(),
    ...options,
    limits: { droplets: 25, reservedIps: 3, volumes: 100, loadBalancers: 10, ...options.limits },
    rateLimit: { perHour: 5000, perMinute: 250, ...options.rateLimit },
    delays: {
      ...{ droplet: 300, action: 300, firewall: 300, loadBalancer: 300, certificate: 300 },
      ...{ metadata: 300, shutdown: 1000, release: 1000 },
      ...options.delays,
    },
    edges: options.edges ?? {},
  };
}
