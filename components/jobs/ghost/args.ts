import type * as pulumi from "@pulumi/pulumi";
import type { ClusterConnection } from "../../cluster/connection.ts";
import type { GhostBackups } from "./backups/args.ts";

/** A MySQL 8 server that is run by somebody else, such as DigitalOcean. A change restarts Ghost. */
export interface GhostDatabase {
  /** Name or address of the server. */
  host: string;
  /**
   * Port of the server.
   * @default `3306`
   */
  port?: number;
  /** Name of the database user. */
  user: string;
  /** Kept in a Nomad Variable, never in the job. Secret. A change restarts Ghost. */
  password: pulumi.Input<string>;
  /** Name of the database, which must exist. */
  name: string;
  /**
   * PEM of the authority that signed the server's certificate.
   * @default - no TLS
   */
  caCertificate?: string;
}

/** An SMTP server, for invitations and links to sign in; newsletters need `GhostMailgun`. A change restarts Ghost. */
export interface GhostMail {
  /** Name or address of the server. */
  host: string;
  /**
   * Port of the server. DigitalOcean blocks 25, 465 and 587 on droplets: with one of these no mail is sent, a warning says so,
   * and Ghost asks for no code by mail.
   * @default `2525`
   */
  port?: number;
  /**
   * True for TLS from the start, as on port 465; false for STARTTLS.
   * @default `false`
   */
  secure?: boolean;
  /** Name of the user who sends. */
  user: string;
  /** Kept in a Nomad Variable, never in the job. Secret. A change restarts Ghost. */
  password: pulumi.Input<string>;
  /** Sender, for example `Blog <blog@example.com>`. */
  from: string;
}

/** Mailgun, through which Ghost sends newsletters by its API; no other service will do. A change restarts Ghost. */
export interface GhostMailgun {
  /** Domain that Mailgun sends from, for example `mg.example.com`. */
  domain: string;
  /** Kept in a Nomad Variable, never in the job. Secret. A change restarts Ghost. */
  apiKey: pulumi.Input<string>;
  /**
   * URL of Mailgun's API; domains of the European Union have `https://api.eu.mailgun.net/v3`.
   * @default `"https://api.mailgun.net/v3"`
   */
  baseUrl?: string;
}

/**
 * The first person who may do everything in Ghost. Only a blog without an owner gets this one: a change afterwards changes
 * nothing in Ghost, where owners change themselves, and restarts nothing.
 */
export interface GhostOwner {
  /** Address for signing in. */
  email: string;
  /** Name that readers see. */
  name: string;
  /**
   * Title of the new blog, which Ghost asks for at the same time.
   * @default `"Ghost"`, as without an owner
   */
  blogTitle?: string;
}

/** How Ghost runs. */
export interface GhostSettings {
  /**
   * Official image of Ghost or one with its layout. A change restarts Ghost, which migrates its database.
   * @default `"ghost:6.65.0"`
   */
  image?: string;
  /**
   * An external MySQL 8. A change does not move posts from one database to the other.
   * @default - SQLite on the content volume
   */
  database?: GhostDatabase;
  /**
   * How Ghost sends mail.
   * @default - it sends none, and asks for no code by mail, which nobody would receive, at a login from a new device
   */
  mail?: GhostMail;
  /**
   * How Ghost sends newsletters.
   * @default - it sends none, unless its own settings name Mailgun
   */
  mailgun?: GhostMailgun;
  /**
   * Further variables of Ghost's configuration, with `__` between its levels, such as `imageOptimization__resize`: not secrets,
   * since who may read the job reads them. One that the other arguments set is refused. A change restarts Ghost.
   * @default `{}`
   */
  environment?: Record<string, string>;
  /**
   * MHz. A change restarts Ghost.
   * @default `500`
   */
  cpu?: number;
  /**
   * MiB; Ghost is killed when it uses more. A change restarts Ghost.
   * @default `512`
   */
  memory?: number;
  /**
   * 1 to 100. A change updates the job.
   * @default `70`
   */
  priority?: number;
  /**
   * Id of the job and name of its service. A change replaces the job.
   * @default `"ghost"`
   */
  jobId?: string;
}

export interface GhostArgs extends GhostSettings {
  /** The cluster that runs the blog. */
  connection: pulumi.Input<ClusterConnection>;
  /** Where readers find the blog, `http://` or `https://`. A change restarts Ghost. */
  url: pulumi.Input<string>;
  /** Host volume for posts, images, themes and the SQLite database; Ghost runs only on the node that offers it. */
  contentVolume: string;
  /**
   * Whom Ghost gets as its owner before it answers anybody, with a password that is the output `ownerPassword`. Adding it or
   * leaving it out restarts Ghost; no other change of it does.
   * @default - none, and whoever opens `/ghost` of a new blog first becomes its owner
   */
  owner?: GhostOwner;
  /**
   * Where the database, images and themes are backed up to, and come from when the volume is empty. Refused with an external
   * MySQL.
   * @default - no backups
   */
  backups?: GhostBackups;
}
