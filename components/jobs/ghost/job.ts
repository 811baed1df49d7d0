import type * as pulumi from "@pulumi/pulumi";
import type { ArgumentIssue } from "../../validation.ts";
import type { ApiJob } from "../spec/api-job.ts";
import { jobProblems } from "../spec/validation.ts";
import { serviceTaskGroup } from "../spec/job.ts";
import { imageProblem, serviceJob } from "../spec/render.ts";
import { variablePath } from "../spec/variable-path.ts";

/** A MySQL 8 server that is run by somebody else, such as DigitalOcean. */
export interface GhostDatabase {
  host: string;
  /** Default 3306. */
  port?: number;
  user: string;
  /** Kept in a Nomad Variable, never in the job. A change restarts Ghost. */
  password: pulumi.Input<string>;
  /** Name of the database, which must exist. */
  name: string;
  /** PEM of the authority that signed the server's certificate. Default: no TLS. */
  caCertificate?: string;
}

/** An SMTP server. */
export interface GhostMail {
  host: string;
  /** Default 587. */
  port?: number;
  /** True for TLS from the start, as on port 465. Default false: STARTTLS. */
  secure?: boolean;
  user: string;
  /** Kept in a Nomad Variable, never in the job. A change restarts Ghost. */
  password: pulumi.Input<string>;
  /** Sender, for example `Blog <blog@example.com>`. */
  from: string;
}

/** How Ghost runs. */
export interface GhostSettings {
  /** Official image of Ghost or one with its layout. Default `ghost:6.65.0`. A change restarts Ghost, which migrates its database. */
  image?: string;
  /** An external MySQL 8. Default: SQLite on the content volume. A change does not move posts from one to the other. */
  database?: GhostDatabase;
  /**
   * How Ghost sends mail. Default: it sends none, and asks for no code by mail when somebody logs in from a new
   * device, which nobody would receive.
   */
  mail?: GhostMail;
  /** MHz. Default 500. */
  cpu?: number;
  /** MiB; Ghost is killed when it uses more. Default 512. */
  memory?: number;
  /** 1 to 100. Default 70. */
  priority?: number;
  /** Id of the job and name of its service. Default `ghost`. A change replaces the job. */
  jobId?: string;
}

/** What decides on the job's text. */
export interface GhostJobArgs extends GhostSettings {
  readonly datacenter: string;
  /** Where readers find the blog. */
  readonly url: string;
  /** Host volume of its content. */
  readonly contentVolume: string;
}

export const ghostDefaults = { image: "ghost:6.65.0", cpu: 500, memory: 512, priority: 70, jobId: "ghost" };

const contentDirectory = "/var/lib/ghost/content";

/** What is wrong with a blog's URL, or undefined. */
export function ghostUrlProblem(url: string): string | undefined {
  const parsed = URL.parse(url);
  if (parsed === null || !["http:", "https:"].includes(parsed.protocol))
    return `"${url}" is not an http or https URL, for example "https://blog.example.com"`;
  if (parsed.search || parsed.hash || parsed.username)
    return `"${url}" has more than a host, a port and a path`;
  return undefined;
}

/** Everything that is wrong with the arguments, but for Outputs that are known later. */
export function ghostProblems(args: GhostSettings & { readonly url: unknown }): ArgumentIssue[] {
  const problems = jobProblems(args);
  const check = (propertyPath: string, reason: string | undefined) => {
    if (reason !== undefined) problems.push({ propertyPath, reason });
  };
  if (typeof args.url === "string") check("url", ghostUrlProblem(args.url));
  check("image", imageProblem(args.image ?? ghostDefaults.image));
  const required = (part: string, values: Record<string, string>) => {
    for (const [field, value] of Object.entries(values))
      check(`${part}.${field}`, value.trim() === "" ? "is empty" : undefined);
  };
  const port = (part: string, value: number | undefined) =>
    check(
      `${part}.port`,
      value === undefined || (Number.isInteger(value) && value >= 1 && value <= 65_535)
        ? undefined
        : `${value} is not a port from 1 to 65535`,
    );
  const { database, mail } = args;
  if (database) {
    required("database", { host: database.host, user: database.user, name: database.name });
    port("database", database.port);
  }
  if (mail) {
    required("mail", { host: mail.host, user: mail.user, from: mail.from });
    port("mail", mail.port);
  }
  return problems;
}

/** Items of the job's Variable; none if Ghost needs no password. */
export function ghostSecrets({ database, mail }: GhostSettings): Record<string, pulumi.Input<string>> {
  return {
    ...(database && { databasePassword: database.password }),
    ...(mail && { mailPassword: mail.password }),
  };
}

/** The job, rendered. It names the Variable of the passwords, never a password. */
export function ghostJob(args: GhostJobArgs): ApiJob {
  const { url, image, cpu, memory, priority, jobId } = { ...ghostDefaults, ...args };
  const passwords = passwordTemplate(args, jobId);
  return serviceJob({
    id: jobId,
    priority,
    datacenters: [args.datacenter],
    groups: {
      [jobId]: serviceTaskGroup({
        ports: { http: { to: 2368 } },
        volumes: { content: { source: args.contentVolume } },
        services: [
          {
            name: jobId,
            port: "http",
            check: {
              path: "/ghost/api/admin/site/",
              // Ghost redirects what did not come by the scheme of its URL.
              headers: { "X-Forwarded-Proto": new URL(url).protocol.slice(0, -1) },
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
          ghost: {
            image,
            ports: ["http"],
            environment: ghostEnvironment(args),
            ...(passwords !== undefined && {
              templates: [
                { text: passwords, destination: "secrets/ghost.env", permissions: "0400", environment: true },
              ],
            }),
            volumeMounts: [{ volume: "content", destination: contentDirectory }],
            resources: { cpu, memory },
            killTimeout: "30s",
          },
        },
      }),
    },
  });
}

/** Ghost takes its configuration from variables with `__` between the levels (Ghost documentation, "Configuration"). */
function ghostEnvironment({ url, database, mail }: GhostJobArgs): Record<string, string> {
  return {
    NODE_ENV: "production",
    url,
    server__host: "0.0.0.0",
    server__port: "2368",
    // Requests may end before Nomad kills the task.
    server__shutdownTimeout: "20000",
    paths__contentPath: contentDirectory,
    logging__transports: '["stdout"]',
    ...(database ? mysqlEnvironment(database) : sqliteEnvironment),
    ...(mail ? mailEnvironment(mail) : { security__staffDeviceVerification: "false" }),
  };
}

const sqliteEnvironment = {
  database__client: "sqlite3",
  database__connection__filename: `${contentDirectory}/data/ghost.db`,
  database__useNullAsDefault: "true",
};

function mysqlEnvironment(database: GhostDatabase): Record<string, string> {
  return {
    database__client: "mysql",
    database__connection__host: database.host,
    database__connection__port: String(database.port ?? 3306),
    database__connection__user: database.user,
    database__connection__database: database.name,
    ...(database.caCertificate !== undefined && {
      database__connection__ssl__ca: database.caCertificate,
    }),
  };
}

function mailEnvironment(mail: GhostMail): Record<string, string> {
  return {
    mail__transport: "SMTP",
    mail__from: mail.from,
    mail__options__host: mail.host,
    mail__options__port: String(mail.port ?? 587),
    mail__options__secure: String(mail.secure ?? false),
    mail__options__auth__user: mail.user,
  };
}

function passwordTemplate(args: GhostJobArgs, jobId: string): string | undefined {
  const variables: Record<keyof ReturnType<typeof ghostSecrets>, string> = {
    databasePassword: "database__connection__password",
    mailPassword: "mail__options__auth__pass",
  };
  const lines = Object.keys(ghostSecrets(args)).map(
    (item) => `${variables[item]}={{ .${item}.Value | toJSON }}\n`,
  );
  if (lines.length === 0) return undefined;
  return `{{ with nomadVar "${variablePath(jobId)}" }}${lines.join("")}{{ end }}`;
}
