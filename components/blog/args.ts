import type * as pulumi from "@pulumi/pulumi";
import type { MackerelAlertSettings } from "../alerts/args.ts";
import type { NomadClusterArgs } from "../cluster/args.ts";
import type { GhostOwner, GhostSettings } from "../jobs/ghost/args.ts";
import type { GhostBackups } from "../jobs/ghost/backups/args.ts";
import type { AgentOperation } from "../jobs/monitoring/args.ts";
import type { MonitoringAgent } from "../jobs/monitoring/monitoring-agent.ts";
import type { AgentPreset } from "../jobs/monitoring/presets/preset.ts";
import type { NginxSettings } from "../jobs/nginx/args.ts";

/** How the nodes are watched. */
export interface BlogMonitoring extends AgentOperation {
  /**
   * Which agent, and how it is configured.
   * @default - what `preset` makes
   */
  agent?: MonitoringAgent;
  /**
   * Instead of `agent`, one of the known agents by plain values, for programs that are not in TypeScript.
   * @default - none; `agent` is needed then
   */
  preset?: AgentPreset;
  /**
   * The vendor's API key: required if the agent needs one, refused if it has no use for it. Secret.
   * @default - none
   */
  apiKey?: pulumi.Input<string>;
  /**
   * 1 to 100. At the default it evicts only jobs of 40 or less, so neither nginx nor Ghost.
   * @default `50`
   */
  priority?: number;
  /**
   * Whether an update retires the hosts that the agent registered for droplets that are gone from the account, and their
   * metrics with them; an agent that registers none has none to retire. See `retireHosts`.
   * @default `true`
   */
  retireHosts?: boolean;
  /**
   * Whom Mackerel tells that something is wrong, of the agent of `mackerelAgent` or of the preset `mackerel` only. With `{}` and more these are
   * monitored on the hosts with the agent's roles, each with its usual limits unless others are given here: memory, every file
   * system, agents that are not heard of any more, and the blog's URL with its certificate. Changes nothing on the nodes. It needs
   * the provider plugin `mackerel`; see `MackerelAlerts`, which is for other sets of monitors.
   * @default - nothing is monitored
   */
  alerts?: MackerelAlertSettings;
  /**
   * Nomad namespace of the agent, one of the cluster's `namespaces`. A change replaces the job.
   * @default - Nomad's own, `default`
   */
  namespace?: string;
}

export interface BlogPlatformArgs {
  /** The cluster. The blog adds a volume, nginx's ports and its jobs' memory to what is here. */
  cluster: NomadClusterArgs;
  /**
   * Where readers find the blog; `https://` needs `domain` and `loadBalancer`, `nginx.tls`, or a proxy before nginx in
   * `nginx.trustedProxies`. A change restarts Ghost.
   * @default - `domain`, by https if there is a certificate for it; else the load balancer's address, or the first server's reserved address
   */
  url?: string;
  /**
   * Volume of the posts, images and themes, in GiB. It can grow.
   * @default `10`
   */
  contentSize?: number;
  /**
   * Slot whose droplet has that volume, and so runs Ghost. A change replaces the droplets of both slots.
   * @default `"server-1"`
   */
  contentSlot?: string;
  /**
   * Whether readers come through a load balancer in the VPC, at its address and by HTTP, and the nodes' port of nginx is open to
   * it only; with false they come to each server's reserved address. `nginx.tls` is refused with it: give a `domain` or a
   * `loadBalancerCertificate`. A change leaves the droplets alone and restarts Ghost, unless `url` is given.
   * @default `true`
   */
  loadBalancer?: boolean;
  /**
   * Name of a certificate in the account, for the host of `url`, with which the load balancer answers https; one for other hosts
   * is refused, and one that ends within 30 days and is not renewed by DigitalOcean is warned of. It redirects from
   * http. One of Let's Encrypt is renewed by DigitalOcean, which also makes A records of its names if the account has their domain. A
   * change restarts nothing. Refused with `domain`.
   * @default - http only, but with `domain`
   */
  loadBalancerCertificate?: string;
  /**
   * Host name of the blog, for example `blog.example.com`, in a domain whose zone is at DigitalOcean. With `loadBalancer` the name
   * leads there, and it answers https with a certificate of Let's Encrypt that DigitalOcean issues and renews, and redirects from
   * http. Without, the name leads to every server's reserved address, and https needs `nginx.tls`. A change leaves the droplets
   * alone and restarts Ghost, whose URL it is in.
   * @default - no name
   */
  domain?: string;
  /**
   * Domain of the account in which the records of `domain` are made. One that the account does not have is refused, unless
   * `createDnsZone` is true. A change replaces the records.
   * @default - what follows the first dot of `domain`, or `domain` itself if that is a top-level domain
   */
  dnsZone?: string;
  /**
   * Whether the program adds `dnsZone` to the account. Its registrar has to name DigitalOcean's name servers. Deleting it deletes
   * all records in it, so Pulumi refuses that while `cluster.protectVolumes` is true.
   * @default `false`
   */
  createDnsZone?: boolean;
  /**
   * Whom Ghost gets as its owner before it answers anybody, with a password that is the output `ghostOwnerPassword`. An owner
   * who is there already is left alone. Adding it or leaving it out restarts Ghost; no other change of it does.
   * @default - none, and who of `nginx.adminCidrs` opens `/ghost` of a new blog first becomes its owner
   */
  ghostOwner?: GhostOwner;
  /**
   * How Ghost runs.
   * @default - as `GhostSettings` says
   */
  ghost?: GhostSettings;
  /**
   * Where posts, images and themes are backed up to. A new stack, or a new volume, with the same bucket and folder starts with
   * what is there.
   * @default - no backups
   */
  backups?: GhostBackups;
  /**
   * How nginx runs.
   * @default - as `NginxSettings` says
   */
  nginx?: NginxSettings;
  /** How the nodes are watched. */
  monitoring: BlogMonitoring;
}
