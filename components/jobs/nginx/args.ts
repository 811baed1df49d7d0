import type * as pulumi from "@pulumi/pulumi";
import type { ClusterConnection } from "../../cluster/connection.ts";
import type { Duration } from "../../duration.ts";

/** What nginx needs to answer https. */
export interface NginxTls {
  /**
   * PEM: the site's certificate, then those that signed it. One that nginx would not load, or that is for another name than
   * the blog's URL has, is refused. From 30 days before its end on every preview and update warns; one that has expired is
   * warned of and served.
   */
  certificate: pulumi.Input<string>;
  /** PEM: the certificate's private key, without a passphrase. Secret. */
  privateKey: pulumi.Input<string>;
}

/** How nginx runs. */
export interface NginxSettings {
  /**
   * `system`, one instance on every node, or `service`, `count` instances. A change replaces the job.
   * @default `"system"`
   */
  type?: string;
  /**
   * Instances of type `service`, at most one a node since each takes the node's port.
   * @default `1`
   */
  count?: number;
  /**
   * Container image, whose stop signal is SIGQUIT as that of the official ones: requests that are under way end first. A change restarts nginx, one node after another.
   * @default `"nginx:1.30.7"`
   */
  image?: string;
  /**
   * Port on every address of the node. A change restarts nginx, one node after another.
   * @default `80`
   */
  httpPort?: number;
  /**
   * Port for TLS; unused without `tls`. A change restarts nginx, one node after another.
   * @default `443`
   */
  httpsPort?: number;
  /**
   * Answer https, and redirect from http. Kept as a secret in Pulumi's state, in the Nomad Variable `nomad/jobs/JOB` and in
   * the task's secrets directory. A changed certificate is loaded without a restart.
   * @default - http only
   */
  tls?: NginxTls;
  /**
   * 1 to 100. A change updates the job.
   * @default `80`
   */
  priority?: number;
  /**
   * Id of the job, and name of its Nomad service. A change replaces the job.
   * @default `"nginx"`
   */
  jobId?: string;
  /**
   * CIDRs that may reach Ghost's administration: `/ghost` and the Admin API. Everybody else gets 403 there; the Content API,
   * the Members API and what Ghost signs for itself stay open. An empty list lets in nobody. A change is loaded without a
   * restart.
   * @default - the cluster's `operatorCidrs` for a `BlogPlatform`, nobody for an `Nginx` alone
   */
  adminCidrs?: string[];
  /**
   * Allows `0.0.0.0/0` and `::/0` in `adminCidrs`: whoever opens `/ghost` of a new blog first becomes its owner. A change is
   * loaded without a restart.
   * @default `false`
   */
  allowAdminFromAnywhere?: boolean;
  /**
   * CIDRs of proxies before nginx, such as a CDN: the client's address and scheme are taken from their `X-Forwarded-For` and
   * `X-Forwarded-Proto`, and from nobody else's. A change is loaded without a restart.
   * @default `[]`
   */
  trustedProxies?: string[];
  /**
   * Largest request body in MiB; a larger one is answered with 413. A change is loaded without a restart.
   * @default `64`
   */
  maxBodySize?: number;
  /**
   * Largest size of the cache of pages and images on each node, in MiB. A change is loaded without a restart.
   * @default `256`
   */
  cacheSize?: number;
  /**
   * Requests a second that one client may make on average, and four times as many at once; more are answered with 429.
   * Administrators are not counted. A change is loaded without a restart.
   * @default `50`
   */
  clientRequestRate?: number;
  /**
   * Requests of one client that may be under way at once; more are answered with 429. Administrators are not counted. A change
   * is loaded without a restart.
   * @default `100`
   */
  clientConnections?: number;
  /**
   * Origins that may show the blog in a frame beside the blog itself, for example `https://www.example.com`. A change is loaded
   * without a restart.
   * @default `[]`
   */
  frameAncestors?: string[];
  /**
   * Value of the header Strict-Transport-Security, sent with https: browsers then refuse plain http for as long as it says,
   * whatever becomes of the certificate. For example `max-age=31536000`. A change is loaded without a restart.
   * @default - the header is not sent
   */
  strictTransportSecurity?: string;
  /**
   * Pass what the social web asks (`/.ghost/activitypub/`, `/.well-known/webfinger`, `/.well-known/nodeinfo`) to Ghost's service
   * for it, `ap.ghost.org`, which then may read the blog's name and public key from `/ghost`. It needs a blog at the root of a
   * public host, with https. A change is loaded without a restart.
   * @default `false`
   */
  socialWeb?: boolean;
  /**
   * Further directives of nginx for each server that answers readers, such as `location` blocks; a location for one path comes
   * before Ghost's. Its braces and quotes are checked here, the rest only by nginx, which keeps its old configuration if it
   * does not like the new one, and does not start anew with it. At most 16 KiB. A change is loaded without a restart.
   * @default `""`
   */
  serverText?: string;
  /**
   * How long an instance that is to end, in a drain or for a new version of the job, goes on answering: meanwhile its health
   * page `/nginx-health` says 503, so that a load balancer before it sends its requests to the others. At most `60s`. Behind
   * the `loadBalancer` of a `BlogPlatform`, which notices within 12 s, it is `20s` if left out. A change restarts nothing.
   * @default `"0s"`
   */
  shutdownDelay?: Duration;
  /**
   * MHz. A change restarts nginx, one node after another.
   * @default `100`
   */
  cpu?: number;
  /**
   * MiB. 2,000 readers who do not read take 73, and a reload has old and new workers side by side. A change restarts nginx,
   * one node after another.
   * @default `128`
   */
  memory?: number;
  /**
   * HTML shown with status 503 while the upstream does not answer, at most 32 KiB. A change is loaded without a restart.
   * @default - a plain page that tries again by itself
   */
  holdingPage?: string;
}

export interface NginxArgs extends NginxSettings {
  /** The cluster that nginx runs on. */
  connection: pulumi.Input<ClusterConnection>;
  /**
   * Nomad service to which requests go, wherever it runs.
   * @default `"ghost"`
   */
  upstreamService?: string;
  /**
   * More of `trustedProxies`, known later: for example the network of a load balancer that is made in the same update.
   * @default - none
   */
  furtherTrustedProxies?: pulumi.Input<string[]>;
  /**
   * Path of the blog's URL, for example `/blog`: Ghost's administration is below it. A change is loaded without a restart.
   * @default `""`
   */
  basePath?: string;
}
