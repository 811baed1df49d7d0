import { readFileSync } from "node:fs";

/** A task of a registered job, in Nomad's JSON, as far as it is read here. */
interface RegisteredTask {
  readonly Name: string;
  readonly Config: Readonly<Record<string, unknown>>;
  readonly Env: Readonly<Record<string, string>> | null;
  readonly Templates: readonly { readonly EmbeddedTmpl: string; readonly DestPath: string }[] | null;
}

/** Ghost's job in Nomad's JSON, as far as it is read here. */
export interface RegisteredJob {
  readonly ID: string;
  readonly Namespace: string;
  readonly Datacenters: readonly string[];
  readonly NodePool?: string;
  readonly Priority: number;
  readonly Stop: boolean;
  readonly TaskGroups: readonly {
    readonly Name: string;
    readonly Volumes: object | null;
    readonly Tasks: readonly RegisteredTask[];
  }[];
}

/** Paths of the Variables of Ghost's job and of the one that restores. */
export const variableOf = (jobId: string) => `nomad/jobs/${jobId}`;
export const restoreJobId = (jobId: string) => `${jobId}-restore`;

/** What a task of the job does: a script of `files/` or a command of Litestream's. */
interface Work {
  readonly script?: string;
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** One run of the tasks: those of `first` side by side, then `last`. */
export interface Run {
  readonly first: Readonly<Record<string, { readonly like: BackupTask } & Work>>;
  readonly last: { readonly name: string; readonly like: BackupTask } & Work;
}

type BackupTask = "backup-database" | "backup-files";

export const listing: (database: string) => Run = (database) => ({
  first: { "list-database": { like: "backup-database", script: "list-database.sh", args: [database] } },
  last: { name: "list-files", like: "backup-files", script: "list-files.sh" },
});

/** `id` names the restore on the volume; `timestamp` is undefined for the newest state of the database. */
export function restoring(
  { content, database }: BackedUpPaths,
  restore: { readonly id: string; readonly snapshot: string; readonly timestamp: string | undefined },
): Run {
  const { id, snapshot, timestamp } = restore;
  const environment = { RESTORE_ID: id, RESTORE_SNAPSHOT: snapshot };
  const at = timestamp === undefined ? [] : ["-timestamp", timestamp];
  const output = ["-o", `${content}/.restore-${id}${database}`];
  return {
    first: {
      "restore-database": {
        like: "backup-database",
        args: [
          ...["restore", "-config", "/local/litestream.yml", "-no-expand-env", "-integrity-check", "quick"],
          ...[...at, ...output, database],
        ],
      },
      "restore-files": { like: "backup-files", script: "restore-files.sh", environment },
    },
    last: { name: "replace-content", like: "backup-files", script: "replace-content.sh", environment },
  };
}

/** Removes the directory `kept`, which a restore left on the volume. */
export const removing = (kept: string): Run => ({
  first: {},
  last: {
    name: "remove-kept",
    like: "backup-files",
    script: "remove-kept.sh",
    environment: { RESTORE_KEPT: kept },
  },
});

/** Where Ghost has its content and its database, in every container. */
export interface BackedUpPaths {
  readonly content: string;
  readonly database: string;
}

/** Fails if the job has no backups. */
export function backedUpPaths(job: RegisteredJob): BackedUpPaths {
  const { BACKUP_CONTENT: content, BACKUP_DATABASE: database } = taskOf(job, "backup-files").Env ?? {};
  if (content === undefined || database === undefined)
    throw new Error(`the task backup-files of the job "${job.ID}" does not say what it backs up`);
  return { content, database };
}

/** A batch job on the volume of Ghost's job, with its images, settings and keys. It is tried once. */
export function restoreJob(job: RegisteredJob, run: Run): object {
  const { Namespace, Datacenters, NodePool, Priority } = job;
  const [group] = job.TaskGroups;
  const id = restoreJobId(job.ID);
  const { name, ...last } = run.last;
  return {
    ID: id,
    Name: id,
    Type: "batch",
    ...{ Namespace, Datacenters, Priority },
    ...(NodePool !== undefined && { NodePool }),
    TaskGroups: [
      {
        Name: id,
        Count: 1,
        Volumes: group?.Volumes ?? null,
        RestartPolicy: { Attempts: 0, Mode: "fail" },
        ReschedulePolicy: { Attempts: 0, Unlimited: false },
        Tasks: [
          ...Object.entries(run.first).map(([first, work]) => ({
            ...workingTask(job, first, work),
            Lifecycle: { Hook: "prestart", Sidecar: false },
          })),
          { ...workingTask(job, name, last), Lifecycle: null },
        ],
      },
    ],
  };
}

function workingTask(job: RegisteredJob, name: string, work: { readonly like: BackupTask } & Work): object {
  const { like, script, args = [], environment } = work;
  const task = taskOf(job, like);
  const { entrypoint, ...config } = task.Config;
  const templates = (task.Templates ?? []).map((template) => ({
    ...template,
    EmbeddedTmpl: template.EmbeddedTmpl.replaceAll(
      `"${variableOf(job.ID)}"`,
      `"${variableOf(restoreJobId(job.ID))}"`,
    ),
  }));
  return {
    ...task,
    Name: name,
    Config:
      script === undefined
        ? { ...config, ...(entrypoint !== undefined && { entrypoint }), args }
        : { ...config, entrypoint: ["/bin/sh"], args: [`/local/${script}`, ...args] },
    Env: { ...task.Env, ...environment },
    RestartPolicy: { Attempts: 0, Mode: "fail" },
    Templates: [
      ...templates,
      ...(script === undefined ? [] : [{ EmbeddedTmpl: textOf(script), DestPath: `local/${script}` }]),
    ],
  };
}

function textOf(script: string): string {
  return readFileSync(new URL(`files/${script}`, import.meta.url), "utf8");
}

function taskOf(job: RegisteredJob, name: BackupTask): RegisteredTask {
  const task = job.TaskGroups.flatMap(({ Tasks }) => Tasks).find(({ Name }) => Name === name);
  if (task === undefined)
    throw new Error(
      `the job "${job.ID}" has no backups, so there is nothing to restore; docs/backups.md says how to have them`,
    );
  return task;
}
