import * as pulumi from "@pulumi/pulumi";
import type { ApiJob } from "../spec/api-job.ts";
import type { Task } from "../spec/job.ts";
import type { Template } from "../spec/template.ts";
import { serviceTaskGroup, variablePath } from "../spec/job.ts";
import { serviceJob } from "../spec/render.ts";
import type { GhostSettings } from "./args.ts";
import { backupTasks } from "./backups/tasks.ts";
import type { ResolvedGhostSettings } from "./defaults.ts";
import { mailEnvironment } from "./mail.ts";
import { ghostTaskName, makingOwner } from "./owner.ts";
import { ghostText } from "./text.ts";

/** What decides on the job's text, beside the settings. */
export interface GhostPlace {
  readonly datacenter: string;
  /** Where readers find the blog. */
  readonly url: string;
  /** Host volume of its content. */
  readonly contentVolume: string;
}

const contentDirectory = "/var/lib/ghost/content";
const database = `${contentDirectory}/data/ghost.db`;

/** Items of the job's Variable; none if Ghost needs no password. */
export function ghostSecrets({
  database,
  mail,
  mailgun,
}: GhostSettings): Record<string, pulumi.Input<string>> {
  return {
    ...(database && { databasePassword: pulumi.output(database.password).apply(ghostText) }),
    ...(mail && { mailPassword: pulumi.output(mail.password).apply(ghostText) }),
    ...(mailgun && { mailgunApiKey: pulumi.output(mailgun.apiKey).apply(ghostText) }),
  };
}

/** The job, rendered. It names the Variable of the passwords, never a password. */
export function ghostJob(settings: ResolvedGhostSettings, place: GhostPlace): ApiJob {
  const { priority, jobId } = settings;
  const { datacenter, url, contentVolume } = place;
  const { protocol, pathname } = new URL(url);
  return serviceJob({
    id: jobId,
    priority,
    datacenters: [datacenter],
    groups: {
      [jobId]: serviceTaskGroup({
        ports: { http: { to: 2368 } },
        volumes: { content: { source: contentVolume } },
        services: [
          {
            name: jobId,
            port: "http",
            check: {
              path: `${pathname.replace(/\/+$/, "")}/ghost/api/admin/site/`,
              // Ghost redirects what did not come by the scheme of its URL.
              headers: { "X-Forwarded-Proto": protocol.slice(0, -1) },
              interval: "5s",
              timeout: "4s",
              // One that hangs is restarted; migrations of a large database take minutes.
              restart: { limit: 12, grace: "3m" },
            },
          },
        ],
        // Its volume is on one node, so a start somewhere else cannot help: it is tried again there, for ever.
        restart: { attempts: 5, interval: "5m", delay: "3s", mode: "fail" },
        reschedule: { delay: "15s", maxDelay: "5m" },
        tasks: {
          [ghostTaskName]: { ...ghostTask(settings, url), ports: ["http"] },
          ...(settings.backups &&
            backupTasks(settings.backups, { jobId, directory: contentDirectory, database })),
        },
      }),
    },
  });
}

function ghostTask(settings: ResolvedGhostSettings, url: string): Task<never, "content"> {
  const { image, cpu, memory, jobId } = settings;
  const { templates: ofOwner = [], ...start } = settings.owner ? makingOwner(jobId) : {};
  const templates = [...passwordTemplates(settings), ...ofOwner];
  return {
    image,
    environment: { ...settings.environment, ...ghostEnvironment(settings, url) },
    ...start,
    ...(templates.length > 0 && { templates }),
    security: {
      // The image's start script, as root, gives the content to the user that it then becomes.
      capabilities: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETUID", "SETGID"],
      noNewPrivileges: true,
      pidsLimit: 512,
    },
    volumeMounts: [{ volume: "content", destination: contentDirectory }],
    resources: { cpu, memory },
    killTimeout: "30s",
  };
}

/** Ghost takes its configuration from variables with `__` between the levels (Ghost documentation, "Configuration"). */
export function ghostEnvironment(settings: ResolvedGhostSettings, url: string): Record<string, string> {
  const { database } = settings;
  return {
    NODE_ENV: "production",
    url,
    server__host: "0.0.0.0",
    server__port: "2368",
    // Requests may end before Nomad kills the task.
    server__shutdownTimeout: "20000",
    paths__contentPath: contentDirectory,
    logging__transports: '["stdout"]',
    caching__frontend__maxAge: cachedPages,
    ...(database ? mysqlEnvironment(database) : sqliteEnvironment),
    ...mailEnvironment(settings),
  };
}

/**
 * For how long nginx shows a page without asking, in seconds: a change is seen after that. What it shows while it asks has its
 * own rule there.
 * Ghost says `public, max-age=` and this of a page that is the same for everybody (Ghost 6.65, `cache-control.js`).
 */
const cachedPages = "5, stale-while-revalidate=25";

const sqliteEnvironment = {
  database__client: "sqlite3",
  database__connection__filename: database,
  database__useNullAsDefault: "true",
};

function mysqlEnvironment(database: NonNullable<ResolvedGhostSettings["database"]>): Record<string, string> {
  return {
    database__client: "mysql",
    database__connection__host: ghostText(database.host),
    database__connection__port: String(database.port),
    database__connection__user: ghostText(database.user),
    database__connection__database: ghostText(database.name),
    ...(database.caCertificate !== undefined && {
      database__connection__ssl__ca: ghostText(database.caCertificate),
    }),
  };
}

const variableOfSecret: Readonly<Record<string, string>> = {
  databasePassword: "database__connection__password",
  mailPassword: "mail__options__auth__pass",
  mailgunApiKey: "bulkEmail__mailgun__apiKey",
};

/** Variables of Ghost's configuration that hold secrets. */
export const secretVariables: readonly string[] = Object.values(variableOfSecret);

function passwordTemplates(settings: ResolvedGhostSettings): Template[] {
  const lines = Object.keys(ghostSecrets(settings)).map(
    (item) => `${variableOfSecret[item]}={{ .${item}.Value | toJSON }}\n`,
  );
  if (lines.length === 0) return [];
  return [
    {
      text: `{{ with nomadVar "${variablePath(settings.jobId)}" }}${lines.join("")}{{ end }}`,
      destination: "secrets/ghost.env",
      permissions: "0400",
      environment: true,
    },
  ];
}
