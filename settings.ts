import type * as pulumi from "@pulumi/pulumi";
import { blogDefaults, blogMonitoringDefaults } from "./components/blog/defaults.ts";
import { clusterDefaults } from "./components/cluster/defaults.ts";
import type { BlogPlatformArgs, MackerelAgentArgs } from "./components/index.ts";
import { ghostBackupsDefaults } from "./components/jobs/ghost/backups/defaults.ts";
import {
  ghostDatabaseDefaults,
  ghostDefaults,
  ghostMailDefaults,
  ghostMailgunDefaults,
  ghostOwnerDefaults,
} from "./components/jobs/ghost/defaults.ts";
import { systemMonitoringAgentDefaults } from "./components/jobs/monitoring/defaults.ts";
import { mackerelAgentDefaults } from "./components/jobs/monitoring/presets/mackerel-agent.ts";
import { nginxDefaults } from "./components/jobs/nginx/defaults.ts";

// A new setting is one more row of the table below: its key, the argument that it becomes, its type, its default or what
// happens without it, an example and a description. `node docs/write-settings.ts` then writes it into docs/settings.md,
// docs/settings.schema.json and Pulumi.yaml. Reading, messages and the tests of each setting come from the row; what makes
// a value wrong beside its type is checked where the argument is, in the component's validation.ts.

/** What a stack's settings come to: the blog's arguments, with those of the Mackerel agent in place of an agent. */
export interface SettingValues extends Omit<BlogPlatformArgs, "monitoring"> {
  readonly monitoring: Omit<BlogPlatformArgs["monitoring"], "agent"> & { readonly agent: MackerelAgentArgs };
}

type Leaf =
  string | number | boolean | readonly unknown[] | Readonly<Record<string, string>> | pulumi.Input<string>;
type PathsOf<Value> = {
  [Key in keyof Value & string]: [NonNullable<Value[Key]>] extends [Leaf]
    ? Key
    : `${Key}.${PathsOf<NonNullable<Value[Key]>>}`;
}[keyof Value & string];

/** `texts` is an object whose values are texts. */
export type SettingType = "string" | "integer" | "boolean" | "string[]" | "object[]" | "texts";

/** One setting of a stack: `pulumi config` holds it under its key. */
export interface Setting {
  readonly key: string;
  /** Where its value is in {@link SettingValues}. */
  readonly path: PathsOf<SettingValues>;
  readonly type: SettingType;
  /** The value, or in words what happens without one. */
  readonly default?: { readonly value: unknown } | { readonly text: string };
  /** Passes the default to the components, which have another or none. */
  readonly passesDefault?: true;
  readonly description: string;
  /** Another value than the default, for documentation, messages and tests. Every setting but a truth value has one. */
  readonly example?: unknown;
  /** Set with `pulumi config set --secret`. */
  readonly secret?: true;
  /** Has to be set, or has to be if another required setting of its group is. */
  readonly required?: true;
}

/** Settings that are set together or not at all, by their place in {@link SettingValues}. */
export const settingGroups = [
  ...["ghostOwner", "ghost.database", "ghost.mail", "ghost.mailgun", "backups", "nginx.tls"],
];

const value = (of: unknown) => ({ value: of });
const text = (of: string) => ({ text: of });

/** In the order of the documentation: the cluster, the blog, Ghost, nginx, Mackerel. */
export const settings: readonly Setting[] = [
  {
    key: "operatorCidrs",
    path: "cluster.operatorCidrs",
    type: "string[]",
    default: value([]),
    passesDefault: true,
    example: ["192.0.2.7/32"],
    description:
      "CIDRs that may use the Nomad API, and SSH if there is an SSH key; the machine that runs Pulumi must be in one of them",
  },
  {
    key: "allowOperatorsFromAnywhere",
    path: "cluster.allowOperatorsFromAnywhere",
    type: "boolean",
    default: value(clusterDefaults.allowOperatorsFromAnywhere),
    description: "Allows 0.0.0.0/0 and ::/0 in operatorCidrs",
  },
  {
    key: "clusterName",
    path: "cluster.clusterName",
    type: "string",
    default: text("`nomad-STACK`"),
    example: "nomad-blog",
    description:
      "Name of the VPC and the firewall and first part of the droplets' names, unique in the account; another one is refused for a running cluster, so set it before a stack is renamed",
  },
  {
    key: "region",
    path: "cluster.region",
    type: "string",
    default: value(clusterDefaults.region),
    example: "fra1",
    description: "DigitalOcean region",
  },
  {
    key: "datacenter",
    path: "cluster.datacenter",
    type: "string",
    default: text("the region"),
    example: "dc1",
    description: "Nomad datacenter; a change replaces every droplet",
  },
  {
    key: "size",
    path: "cluster.size",
    type: "string",
    default: value(clusterDefaults.size),
    example: "s-4vcpu-8gb",
    description: "Droplet size; a change keeps the disks, and a smaller disk than droplets have is refused",
  },
  {
    key: "image",
    path: "cluster.image",
    type: "string",
    default: value(clusterDefaults.image),
    example: "debian-13-x64",
    description: "Droplet image, a Debian; a change replaces every droplet",
  },
  {
    key: "rebuild",
    path: "cluster.rebuild",
    type: "string",
    default: text("none"),
    example: "2026-12",
    description: "Any text; a change replaces every droplet, with the image and the packages of today",
  },
  {
    key: "serverCount",
    path: "cluster.serverCount",
    type: "integer",
    default: value(clusterDefaults.serverCount),
    example: 5,
    description: "Nodes that are server and client, 1, 3 or 5",
  },
  {
    key: "clientCount",
    path: "cluster.clientCount",
    type: "integer",
    default: value(clusterDefaults.clientCount),
    example: 2,
    description: "Further nodes that are only client",
  },
  {
    key: "vpcIpRange",
    path: "cluster.vpcIpRange",
    type: "string",
    default: text("a free /20 that DigitalOcean chooses"),
    example: "10.20.0.0/20",
    description: "Private range of the VPC, /16 to /28, that no other VPC of the account overlaps",
  },
  {
    key: "sshKeys",
    path: "cluster.sshKeys",
    type: "string[]",
    default: value(clusterDefaults.sshKeys),
    example: ["512190"],
    description:
      "Ids or MD5 fingerprints of SSH keys in the account, for root on the nodes; with neither these nor sshPublicKeys nobody can log in; a change replaces every droplet",
  },
  {
    key: "sshPublicKeys",
    path: "cluster.sshPublicKeys",
    type: "string[]",
    default: value(clusterDefaults.sshPublicKeys),
    example: [
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me@example.com",
    ],
    description:
      "SSH public keys for root on the nodes, such as the content of id_ed25519.pub, which are put into the account; a change replaces every droplet",
  },
  {
    key: "tags",
    path: "cluster.tags",
    type: "string[]",
    default: value(clusterDefaults.tags),
    example: ["team:web"],
    description: "Further tags of the droplets",
  },
  {
    key: "nomadVersion",
    path: "cluster.nomadVersion",
    type: "string",
    default: value(clusterDefaults.nomadVersion),
    example: "2.0.6",
    description: "Nomad version, at least 1.11; a change replaces every droplet",
  },
  {
    key: "nomadSha256",
    path: "cluster.nomadSha256",
    type: "string",
    default: text("that of the default version"),
    example: "4c9b8a0850d6fd9caadbbab09b3e6fdf8b77aa777729543c70c61b85acca68c1",
    description: "sha256 of that version's linux_amd64 zip; required with any other version than the default",
  },
  {
    key: "nomadDownloadUrl",
    path: "cluster.nomadDownloadUrl",
    type: "string",
    default: value(clusterDefaults.nomadDownloadUrl),
    example: "https://mirror.example.com/nomad",
    description:
      "Base URL of Nomad's releases, with the layout of the default; a change replaces every droplet",
  },
  {
    key: "aptMirror",
    path: "cluster.aptMirror",
    type: "string",
    default: text("the image's mirrors"),
    example: "https://mirror.example.com",
    description: "URL under which debian and debian-security lie; a change replaces every droplet",
  },
  {
    key: "dockerRegistryMirrors",
    path: "cluster.dockerRegistryMirrors",
    type: "string[]",
    default: value(clusterDefaults.dockerRegistryMirrors),
    example: ["https://mirror.gcr.io"],
    description: "URLs of mirrors of Docker Hub; a change replaces every droplet",
  },
  {
    key: "hostVolumes",
    path: "cluster.hostVolumes",
    type: "object[]",
    default: value(clusterDefaults.hostVolumes),
    example: [{ name: "logs", path: "/var/log", readOnly: true }],
    description:
      "Directories that every node offers to jobs beside agent-state, each with name, path and readOnly; a change replaces every droplet",
  },
  {
    key: "namespaces",
    path: "cluster.namespaces",
    type: "string[]",
    default: value(clusterDefaults.namespaces),
    example: ["monitoring"],
    description: "Nomad namespaces beside default, for stacks that keep their jobs apart",
  },
  {
    key: "teams",
    path: "cluster.teams",
    type: "object[]",
    default: value(clusterDefaults.teams),
    example: [{ name: "shop", namespaces: ["shop"], hostVolumes: [] }],
    description:
      "Who deploys jobs from other stacks, each with name, namespaces and hostVolumes; each gets a connection of its own in the output teamConnections",
  },
  {
    key: "protectVolumes",
    path: "cluster.protectVolumes",
    type: "boolean",
    default: value(clusterDefaults.protectVolumes),
    description: "Refuse to delete volumes; set it to false and update before a destroy",
  },
  {
    key: "guardReplacements",
    path: "cluster.guardReplacements",
    type: "boolean",
    default: text("whether `protectVolumes` protects a volume"),
    description:
      "Drain a droplet first also where only `--replace` or `pulumi state taint` replaces it; then `pulumi destroy` needs `--run-program`",
  },
  {
    key: "readyTimeout",
    path: "cluster.readyTimeout",
    type: "string",
    default: value(clusterDefaults.readyTimeout),
    example: "20m",
    description: "Longest wait for a cluster to form or to answer",
  },
  {
    key: "maxDrain",
    path: "cluster.maxDrain",
    type: "string",
    default: value(clusterDefaults.maxDrain),
    example: "10m",
    description: "Longest drain of one node before its droplet is replaced",
  },
  {
    key: "joinTimeout",
    path: "cluster.joinTimeout",
    type: "string",
    default: value(clusterDefaults.joinTimeout),
    example: "15m",
    description: "Longest wait for a new node to join, and then for the jobs to run again",
  },
  {
    key: "replaceUnreachableCluster",
    path: "cluster.replaceUnreachableCluster",
    type: "boolean",
    default: value(clusterDefaults.replaceUnreachableCluster),
    description:
      "Go on although the cluster does not answer; every droplet may be replaced at once and its state lost",
  },
  {
    key: "snapshotDirectory",
    path: "cluster.snapshotDirectory",
    type: "string",
    default: value(clusterDefaults.snapshotDirectory),
    example: "/var/backups/nomad",
    description: "Directory of the encrypted snapshots of Nomad's state, one before each rolling update",
  },
  {
    key: "blogUrl",
    path: "url",
    type: "string",
    default: text("that of `domain`; else the load balancer's or the first server's address"),
    example: "http://blog.example.com",
    description: "Where readers find the blog; https:// needs a certificate",
  },
  {
    key: "blogContentSize",
    path: "contentSize",
    type: "integer",
    default: value(blogDefaults.contentSize),
    example: 20,
    description: "Volume of the blog's posts, images and themes, in GiB; it can grow",
  },
  {
    key: "blogContentSlot",
    path: "contentSlot",
    type: "string",
    default: value(blogDefaults.contentSlot),
    example: "server-2",
    description:
      "Slot whose droplet has that volume and runs Ghost; a change replaces the droplets of both slots",
  },
  {
    key: "loadBalancer",
    path: "loadBalancer",
    type: "boolean",
    default: value(blogDefaults.loadBalancer),
    description:
      "Readers come through a load balancer ($12 a month), and the nodes' port of nginx is open to it only",
  },
  {
    key: "loadBalancerCertificate",
    path: "loadBalancerCertificate",
    type: "string",
    default: text("http only"),
    example: "blog-2027",
    description:
      "Name of a certificate in the account, for the host of blogUrl, with which the load balancer answers https; refused with domain",
  },
  {
    key: "domain",
    path: "domain",
    type: "string",
    default: text("none"),
    example: "blog.example.com",
    description:
      "Host name of the blog, for example blog.example.com, for which DNS records are made, and with loadBalancer a certificate of Let's Encrypt that DigitalOcean renews",
  },
  {
    key: "dnsZone",
    path: "dnsZone",
    type: "string",
    default: text("what follows the first dot of `domain`, or `domain` itself if that is a top-level domain"),
    example: "example.com",
    description: "Domain of the account in which the records of domain are made",
  },
  {
    key: "createDnsZone",
    path: "createDnsZone",
    type: "boolean",
    default: value(blogDefaults.createDnsZone),
    description:
      "Add dnsZone to the account; while protectVolumes is true Pulumi refuses to delete it, and all records in it with it",
  },
  {
    key: "ghostOwnerEmail",
    path: "ghostOwner.email",
    type: "string",
    required: true,
    example: "owner@example.com",
    description:
      "Address with which the owner of a new blog signs in, made before Ghost answers anybody; then the name is required too; a later change changes nothing in Ghost",
  },
  {
    key: "ghostOwnerName",
    path: "ghostOwner.name",
    type: "string",
    required: true,
    example: "A. Writer",
    description: "Name of that owner, which readers see",
  },
  {
    key: "ghostOwnerBlogTitle",
    path: "ghostOwner.blogTitle",
    type: "string",
    default: value(ghostOwnerDefaults.blogTitle),
    example: "A Blog",
    description: "Title that a new blog gets with its owner",
  },
  {
    key: "ghostImage",
    path: "ghost.image",
    type: "string",
    default: value(ghostDefaults.image),
    example: "ghost:6.66.0",
    description: "Container image of Ghost; a change restarts Ghost, which migrates its database",
  },
  {
    key: "ghostMemory",
    path: "ghost.memory",
    type: "integer",
    default: value(ghostDefaults.memory),
    example: 768,
    description: "Memory of Ghost in MiB",
  },
  {
    key: "ghostCpu",
    path: "ghost.cpu",
    type: "integer",
    default: value(ghostDefaults.cpu),
    example: 1000,
    description: "MHz of Ghost",
  },
  {
    key: "ghostEnvironment",
    path: "ghost.environment",
    type: "texts",
    default: value(ghostDefaults.environment),
    example: { imageOptimization__resize: "false" },
    description:
      "Further variables of Ghost's configuration, such as `imageOptimization__resize`, with `pulumi config set --path ghostEnvironment.NAME VALUE`; no secrets, since who may read the job reads them; a change restarts Ghost",
  },
  {
    key: "ghostDatabaseHost",
    path: "ghost.database.host",
    type: "string",
    required: true,
    example: "db.example.com",
    description:
      "Server of an external MySQL 8, in place of SQLite on the volume; then the user, the password and the name are required too",
  },
  {
    key: "ghostDatabasePort",
    path: "ghost.database.port",
    type: "integer",
    default: value(ghostDatabaseDefaults.port),
    example: 25060,
    description: "Port of the MySQL server",
  },
  {
    key: "ghostDatabaseUser",
    path: "ghost.database.user",
    type: "string",
    required: true,
    example: "ghost",
    description: "User of the database",
  },
  {
    key: "ghostDatabasePassword",
    path: "ghost.database.password",
    type: "string",
    required: true,
    secret: true,
    example: "PASSWORD",
    description: "The database user's password",
  },
  {
    key: "ghostDatabaseName",
    path: "ghost.database.name",
    type: "string",
    required: true,
    example: "ghost",
    description: "Name of the database, which must exist",
  },
  {
    key: "ghostDatabaseCaCertificate",
    path: "ghost.database.caCertificate",
    type: "string",
    default: text("no TLS"),
    example: "-----BEGIN CERTIFICATE-----...",
    description: "PEM of the authority that signed the MySQL server's certificate",
  },
  {
    key: "ghostMailHost",
    path: "ghost.mail.host",
    type: "string",
    required: true,
    example: "smtp.example.com",
    description: "SMTP server; then the user, the password and the sender are required too",
  },
  {
    key: "ghostMailPort",
    path: "ghost.mail.port",
    type: "integer",
    default: value(ghostMailDefaults.port),
    example: 2587,
    description: "Port of the SMTP server; DigitalOcean blocks 25, 465 and 587 on droplets",
  },
  {
    key: "ghostMailSecure",
    path: "ghost.mail.secure",
    type: "boolean",
    default: value(ghostMailDefaults.secure),
    description: "TLS from the start, as on port 465, and not by STARTTLS",
  },
  {
    key: "ghostMailUser",
    path: "ghost.mail.user",
    type: "string",
    required: true,
    example: "postmaster@example.com",
    description: "User of the SMTP server",
  },
  {
    key: "ghostMailPassword",
    path: "ghost.mail.password",
    type: "string",
    required: true,
    secret: true,
    example: "PASSWORD",
    description: "The mail server's password",
  },
  {
    key: "ghostMailFrom",
    path: "ghost.mail.from",
    type: "string",
    required: true,
    example: "Blog <blog@example.com>",
    description: "Sender, for example Blog <blog@example.com>",
  },
  {
    key: "ghostMailgunDomain",
    path: "ghost.mailgun.domain",
    type: "string",
    required: true,
    example: "mg.example.com",
    description: "Domain that Mailgun sends newsletters from; then the API key is required too",
  },
  {
    key: "ghostMailgunApiKey",
    path: "ghost.mailgun.apiKey",
    type: "string",
    required: true,
    secret: true,
    example: "KEY",
    description: "Mailgun's API key",
  },
  {
    key: "ghostMailgunBaseUrl",
    path: "ghost.mailgun.baseUrl",
    type: "string",
    default: value(ghostMailgunDefaults.baseUrl),
    example: "https://api.eu.mailgun.net/v3",
    description: "URL of Mailgun's API; domains of the European Union have https://api.eu.mailgun.net/v3",
  },
  {
    key: "backupsEndpoint",
    path: "backups.endpoint",
    type: "string",
    required: true,
    example: "https://sgp1.digitaloceanspaces.com",
    description:
      "URL of a service with the S3 API to back the blog up to, for example https://sgp1.digitaloceanspaces.com; none without it",
  },
  {
    key: "backupsBucket",
    path: "backups.bucket",
    type: "string",
    required: true,
    example: "blog-backups",
    description: "Bucket of the backups, which must exist and be private",
  },
  {
    key: "backupsRegion",
    path: "backups.region",
    type: "string",
    required: true,
    example: "sgp1",
    description: "Region of the bucket, for example sgp1",
  },
  {
    key: "backupsAccessKeyId",
    path: "backups.accessKeyId",
    type: "string",
    required: true,
    secret: true,
    example: "DO00EXAMPLE",
    description: "Id of a key that may read and write the bucket",
  },
  {
    key: "backupsSecretAccessKey",
    path: "backups.secretAccessKey",
    type: "string",
    required: true,
    secret: true,
    example: "SECRET_KEY",
    description: "The key itself",
  },
  {
    key: "backupsPassphrase",
    path: "backups.passphrase",
    type: "string",
    required: true,
    secret: true,
    example: "PASSPHRASE",
    description: "Encrypts files; keep it elsewhere too, and do not change it for a folder that is in use",
  },
  {
    key: "backupsPrefix",
    path: "backups.prefix",
    type: "string",
    default: value(ghostBackupsDefaults.prefix),
    example: "news",
    description: "Folder in the bucket, used by one blog at a time; a change starts new backups",
  },
  {
    key: "backupsDatabaseInterval",
    path: "backups.databaseInterval",
    type: "string",
    default: value(ghostBackupsDefaults.databaseInterval),
    example: "5s",
    description: "Longest time until a change of the database is sent",
  },
  {
    key: "backupsDatabaseRetention",
    path: "backups.databaseRetention",
    type: "string",
    default: value(ghostBackupsDefaults.databaseRetention),
    example: "168h",
    description: "How long any moment of the database can be gone back to",
  },
  {
    key: "backupsFilesInterval",
    path: "backups.filesInterval",
    type: "string",
    default: value(ghostBackupsDefaults.filesInterval),
    example: "10m",
    description: "Pause between backups of images, themes and other files",
  },
  {
    key: "backupsKeepDaily",
    path: "backups.keepDaily",
    type: "integer",
    default: value(ghostBackupsDefaults.keepDaily),
    example: 14,
    description: "Days of which one backup of the files is kept",
  },
  {
    key: "backupsKeepWeekly",
    path: "backups.keepWeekly",
    type: "integer",
    default: value(ghostBackupsDefaults.keepWeekly),
    example: 8,
    description: "Weeks of which one backup of the files is kept",
  },
  {
    key: "backupsKeepMonthly",
    path: "backups.keepMonthly",
    type: "integer",
    default: value(ghostBackupsDefaults.keepMonthly),
    example: 24,
    description: "Months of which one backup of the files is kept",
  },
  {
    key: "backupsMemory",
    path: "backups.memory",
    type: "integer",
    default: value(ghostBackupsDefaults.memory),
    example: 256,
    description: "Memory in MiB of each of the two tasks that back up",
  },
  {
    key: "nginxType",
    path: "nginx.type",
    type: "string",
    default: value(nginxDefaults.type),
    example: "service",
    description: "system for nginx on every node, service for nginxCount instances",
  },
  {
    key: "nginxCount",
    path: "nginx.count",
    type: "integer",
    default: text(`\`${nginxDefaults.count}\` with type service`),
    example: 3,
    description: "Instances of type service, at most one a node",
  },
  {
    key: "nginxImage",
    path: "nginx.image",
    type: "string",
    default: value(nginxDefaults.image),
    example: "nginx:1.31.0",
    description: "Container image of nginx; a change restarts nginx, one node after another",
  },
  {
    key: "nginxHttpPort",
    path: "nginx.httpPort",
    type: "integer",
    default: value(nginxDefaults.httpPort),
    example: 8080,
    description: "Port on every address of the node",
  },
  {
    key: "nginxHttpsPort",
    path: "nginx.httpsPort",
    type: "integer",
    default: value(nginxDefaults.httpsPort),
    example: 8443,
    description: "Port for TLS, unused without a certificate",
  },
  {
    key: "adminCidrs",
    path: "nginx.adminCidrs",
    type: "string[]",
    default: text("`operatorCidrs`"),
    example: ["192.0.2.7/32"],
    description:
      "CIDRs that may reach Ghost's administration, /ghost and the Admin API; everybody else gets 403 there; an empty list lets in nobody",
  },
  {
    key: "allowAdminFromAnywhere",
    path: "nginx.allowAdminFromAnywhere",
    type: "boolean",
    default: value(nginxDefaults.allowAdminFromAnywhere),
    description: "Allows 0.0.0.0/0 and ::/0 in adminCidrs",
  },
  {
    key: "trustedProxies",
    path: "nginx.trustedProxies",
    type: "string[]",
    default: value(nginxDefaults.trustedProxies),
    example: ["203.0.113.0/24"],
    description:
      "CIDRs of proxies before nginx, such as a CDN, that are believed what they say of a client's address and scheme",
  },
  {
    key: "nginxCacheSize",
    path: "nginx.cacheSize",
    type: "integer",
    default: value(nginxDefaults.cacheSize),
    example: 500,
    description: "Largest size of the cache of pages and images on each node, in MiB",
  },
  {
    key: "nginxClientRequestRate",
    path: "nginx.clientRequestRate",
    type: "integer",
    default: value(nginxDefaults.clientRequestRate),
    example: 100,
    description:
      "Requests a second that one client may make, four times as many at once; more are answered with 429; administrators are not counted",
  },
  {
    key: "nginxClientConnections",
    path: "nginx.clientConnections",
    type: "integer",
    default: value(nginxDefaults.clientConnections),
    example: 50,
    description:
      "Requests of one client that may be under way at once; more are answered with 429; administrators are not counted",
  },
  {
    key: "nginxFrameAncestors",
    path: "nginx.frameAncestors",
    type: "string[]",
    default: value(nginxDefaults.frameAncestors),
    example: ["https://www.example.com"],
    description: "Origins that may show the blog in a frame beside the blog itself",
  },
  {
    key: "nginxStrictTransportSecurity",
    path: "nginx.strictTransportSecurity",
    type: "string",
    default: text("not sent"),
    example: "max-age=31536000",
    description:
      "Value of the header of this name, sent with https: browsers refuse plain http for as long as it says; max-age=31536000, for example",
  },
  {
    key: "socialWeb",
    path: "nginx.socialWeb",
    type: "boolean",
    default: value(nginxDefaults.socialWeb),
    description: "Pass what the social web asks to Ghost's service for it, ap.ghost.org",
  },
  {
    key: "nginxServerText",
    path: "nginx.serverText",
    type: "string",
    default: text("none"),
    example: "location = /robots.txt { return 404; }",
    description: "Further directives of nginx for the servers that answer readers, such as location blocks",
  },
  {
    key: "nginxShutdownDelay",
    path: "nginx.shutdownDelay",
    type: "string",
    default: text("`20s` behind the load balancer, else `0s`"),
    example: "30s",
    description:
      "How long nginx goes on answering when it is to end, with 503 at its health page, so that a load balancer sends nobody there any more",
  },
  {
    key: "nginxMaxBodySize",
    path: "nginx.maxBodySize",
    type: "integer",
    default: value(nginxDefaults.maxBodySize),
    example: 100,
    description: "Largest request body in MiB",
  },
  {
    key: "nginxTlsCertificate",
    path: "nginx.tls.certificate",
    type: "string",
    required: true,
    secret: true,
    example: "-----BEGIN CERTIFICATE-----...",
    description: "PEM of the site's certificate and of those that signed it; then the key is required too",
  },
  {
    key: "nginxTlsPrivateKey",
    path: "nginx.tls.privateKey",
    type: "string",
    required: true,
    secret: true,
    example: "-----BEGIN PRIVATE KEY-----...",
    description: "PEM of the certificate's private key, without a passphrase",
  },
  {
    key: "mackerelApiKey",
    path: "monitoring.apiKey",
    type: "string",
    required: true,
    secret: true,
    example: "KEY",
    description: "A Mackerel API key with read and write permission",
  },
  {
    key: "mackerelRoles",
    path: "monitoring.agent.roles",
    type: "string[]",
    default: value(["lorentzca:nomad-cluster"]),
    passesDefault: true,
    example: ["blog:nomad-cluster"],
    description: "Mackerel roles of every node, each service:role",
  },
  {
    key: "mackerelRetireHosts",
    path: "monitoring.retireHosts",
    type: "boolean",
    default: value(blogMonitoringDefaults.retireHosts),
    description: "Retire the Mackerel hosts of droplets that are gone, in each update",
  },
  {
    key: "mackerelImage",
    path: "monitoring.agent.image",
    type: "string",
    default: value(mackerelAgentDefaults.image),
    example: "mackerel/mackerel-agent:0.85.0",
    description: "Container image of the Mackerel agent; a change restarts the agents",
  },
  {
    key: "mackerelApiUrl",
    path: "monitoring.agent.apiUrl",
    type: "string",
    default: value(mackerelAgentDefaults.apiUrl),
    example: "https://mackerel.example.com",
    description: "URL of the Mackerel API",
  },
  {
    key: "mackerelPriority",
    path: "monitoring.priority",
    type: "integer",
    default: value(systemMonitoringAgentDefaults.priority),
    example: 60,
    description: "Priority of the agent's job, 1 to 100",
  },
  {
    key: "mackerelFileSystems",
    path: "monitoring.agent.fileSystems",
    type: "boolean",
    default: value(mackerelAgentDefaults.fileSystems),
    description:
      "The agents see every file system of their nodes; needs the host volume host-root of / in hostVolumes",
  },
  {
    key: "alertEmails",
    path: "monitoring.alerts.emails.operators.addresses",
    type: "string[]",
    default: text("nobody"),
    example: ["operators@example.com"],
    description:
      "Addresses that Mackerel writes to when something is wrong; this or another setting of alerts makes the monitors",
  },
  {
    key: "alertSlackUrl",
    path: "monitoring.alerts.slacks.operators.url",
    type: "string",
    default: text("none"),
    example: "https://hooks.slack.com/services/T0/B0/KEY",
    secret: true,
    description: "Incoming Webhook of Slack that Mackerel tells when something is wrong",
  },
  {
    key: "alertWebhookUrl",
    path: "monitoring.alerts.webhooks.operators.url",
    type: "string",
    default: text("none"),
    example: "https://hooks.example.com/KEY",
    secret: true,
    description: "URL to which Mackerel posts when something is wrong",
  },
  {
    key: "alertCriticalOnly",
    path: "monitoring.alerts.criticalOnly",
    type: "boolean",
    default: text("`false`"),
    description: "Tell these of critical alerts only",
  },
  {
    key: "alertMemoryWarning",
    path: "monitoring.alerts.memory.warning",
    type: "integer",
    default: text("`80`, or none if the other limit is set"),
    example: 70,
    description: "Per cent of memory in use above which an alert is a warning",
  },
  {
    key: "alertMemoryCritical",
    path: "monitoring.alerts.memory.critical",
    type: "integer",
    default: text("`90`, or none if the other limit is set"),
    example: 85,
    description: "Per cent of memory in use above which an alert is critical",
  },
  {
    key: "alertFileSystemWarning",
    path: "monitoring.alerts.fileSystems.warning",
    type: "integer",
    default: text("`80`, or none if the other limit is set"),
    example: 70,
    description: "Per cent of a file system in use above which an alert is a warning",
  },
  {
    key: "alertFileSystemCritical",
    path: "monitoring.alerts.fileSystems.critical",
    type: "integer",
    default: text("`90`, or none if the other limit is set"),
    example: 85,
    description: "Per cent of a file system in use above which an alert is critical",
  },
];
