import { readFileSync } from "node:fs";
import { nanoseconds } from "../../../duration.ts";
import { variablePath } from "../../spec/job.ts";
import type { ContainerSecurity } from "../../spec/container-security.ts";
import type { Task } from "../../spec/job.ts";
import type { Template } from "../../spec/template.ts";
import type { ResolvedGhostBackups } from "./defaults.ts";
import { variablesOf } from "./secrets.ts";

/** What is backed up. */
export interface BackedUpContent {
  readonly jobId: string;
  /** Directory of Ghost's content in every container. */
  readonly directory: string;
  /** The SQLite database in it. */
  readonly database: string;
}

/**
 * Two tasks that run before Ghost, each of which restores its part if it is not on the volume, and two beside Ghost. Nomad
 * stops the latter after Ghost, so the last changes are sent too. What fails beside Ghost leaves Ghost alone.
 */
export function backupTasks(
  backups: ResolvedGhostBackups,
  content: BackedUpContent,
): Record<string, Task<never, "content">> {
  const { directory, database } = content;
  const litestream = {
    image: backups.litestreamImage,
    templates: [
      { text: litestreamConfiguration(backups, database), destination: "local/litestream.yml" },
      keyTemplate(content.jobId, variablesOf.litestream),
    ],
    ...commonSettings(backups, directory),
  };
  const restic = (script: string) => ({
    image: backups.resticImage,
    entrypoint: ["/bin/sh"],
    args: [`/local/${script}`],
    environment: { ...goMemory(backups), ...resticEnvironment(backups, content) },
    templates: [
      {
        text: readFileSync(new URL(`files/${script}`, import.meta.url), "utf8"),
        destination: `local/${script}`,
      },
      keyTemplate(content.jobId, variablesOf.restic),
    ],
    ...commonSettings(backups, directory),
  });
  const configuration = ["-config", "/local/litestream.yml", "-no-expand-env"];
  return {
    "restore-database": {
      ...litestream,
      environment: goMemory(backups),
      args: [
        ...["restore", ...configuration, "-if-db-not-exists", "-if-replica-exists"],
        ...["-integrity-check", "quick", database],
      ],
      lifecycle: { hook: "prestart" },
    },
    "restore-files": { ...restic("restore-files.sh"), lifecycle: { hook: "prestart" } },
    "backup-database": {
      ...litestream,
      environment: goMemory(backups),
      args: ["replicate", ...configuration],
      ...besideGhost,
    },
    "backup-files": { ...restic("backup-files.sh"), ...besideGhost },
  };
}

/** For ever, so that a task that cannot back up does not end Ghost's allocation. */
const besideGhost = {
  lifecycle: { hook: "poststart", sidecar: true },
  restart: { attempts: 5, interval: "5m", delay: "15s", mode: "delay" },
  killTimeout: "30s",
} as const;

function commonSettings({ cpu, memory }: ResolvedGhostBackups, directory: string) {
  return {
    volumeMounts: [{ volume: "content", destination: directory }] as const,
    resources: { cpu, memory },
    security: {
      // As root, they read and write what belongs to Ghost's user, and give it back to that user.
      capabilities: ["CHOWN", "DAC_OVERRIDE", "FOWNER"],
      noNewPrivileges: true,
      pidsLimit: 256,
    } satisfies ContainerSecurity,
  };
}

/** Has Go's runtime free memory before the container is killed for it. */
function goMemory({ memory }: ResolvedGhostBackups): Record<string, string> {
  return { GOMEMLIMIT: `${Math.floor(memory * 0.8)}MiB` };
}

/** Litestream reads YAML, of which JSON is a part. */
export function litestreamConfiguration(backups: ResolvedGhostBackups, database: string): string {
  const { endpoint, bucket, region, prefix } = backups;
  return JSON.stringify(
    {
      // Of one day every single change is kept, so that a moment between two of them can be gone back to.
      "l0-retention": "24h",
      snapshot: { interval: "24h", retention: backups.databaseRetention },
      // Below the time that Nomad leaves the task after its stop signal.
      "shutdown-sync-timeout": "20s",
      dbs: [
        {
          path: database,
          replica: {
            ...{ type: "s3", endpoint, bucket, region, path: `${prefix}/database` },
            "sync-interval": backups.databaseInterval,
          },
        },
      ],
    },
    undefined,
    2,
  );
}

function resticEnvironment(
  { endpoint, bucket, region, prefix, filesInterval, ...keep }: ResolvedGhostBackups,
  { jobId, directory, database }: BackedUpContent,
): Record<string, string> {
  return {
    RESTIC_REPOSITORY: `s3:${endpoint}/${bucket}/${prefix}/files`,
    RESTIC_CACHE_DIR: "/local/cache",
    AWS_DEFAULT_REGION: region,
    // Containers have names of their own, and restic keeps the snapshots of one host together.
    BACKUP_HOST: jobId,
    BACKUP_CONTENT: directory,
    BACKUP_DATABASE: database,
    BACKUP_INTERVAL_SECONDS: String(Math.ceil(nanoseconds(filesInterval) / 1e9)),
    BACKUP_KEEP_DAILY: String(keep.keepDaily),
    BACKUP_KEEP_WEEKLY: String(keep.keepWeekly),
    BACKUP_KEEP_MONTHLY: String(keep.keepMonthly),
  };
}

function keyTemplate(jobId: string, items: Readonly<Record<string, string>>): Template {
  const lines = Object.entries(items).map(
    ([variable, item]) => `${variable}={{ .${item}.Value | toJSON }}\n`,
  );
  return {
    text: `{{ with nomadVar "${variablePath(jobId)}" }}${lines.join("")}{{ end }}`,
    destination: "secrets/key.env",
    permissions: "0400",
    environment: true,
  };
}
