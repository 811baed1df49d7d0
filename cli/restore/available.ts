import type { Moment } from "./moment.ts";
import { timeText } from "./moment.ts";

/** A backup of the files, as restic lists it. */
export interface FilesBackup {
  readonly id: string;
  readonly time: Date;
}

/** What can be restored. */
export interface AvailableBackups {
  /** The first and the last moment that the database can be restored to; undefined if there is no backup of it. */
  readonly database: { readonly first: Date; readonly last: Date } | undefined;
  /** The oldest first. */
  readonly files: readonly FilesBackup[];
  /** Directories with the content from before a restore, on the volume. */
  readonly kept: readonly string[];
}

interface ListedFiles {
  readonly snapshots: readonly { readonly id: string; readonly time: string }[] | null;
  readonly kept: readonly string[];
}

/** Reads what `list-database.sh` and `list-files.sh` print. */
export function availableBackups(database: string, files: string): AvailableBackups {
  const times = [...database.matchAll(/^\d +\w+ +\w+ +\d+ +(\S+)$/gm)]
    .map(([, time]) => new Date(time!))
    .toSorted(byTime);
  const { snapshots, kept } = JSON.parse(files) as ListedFiles;
  return {
    database: times.length === 0 ? undefined : { first: times[0]!, last: times.at(-1)! },
    files: (snapshots ?? [])
      .map(({ id, time }) => ({ id, time: new Date(time) }))
      .toSorted((one, other) => byTime(one.time, other.time)),
    kept,
  };
}

function byTime(one: Date, other: Date): number {
  return one.getTime() - other.getTime();
}

/**
 * The backup of the files that belongs to the database of a moment: the first one after it, since it has every image that was
 * there, or the newest. Fails if the moment cannot be restored.
 */
export function filesBackupOf({ database, files }: AvailableBackups, moment: Moment): FilesBackup {
  const newest = files.at(-1);
  if (database === undefined || newest === undefined)
    throw new Error(
      `there is no backup of the ${database === undefined ? "database" : "files"} yet: nothing was changed`,
    );
  if (moment === "latest") return newest;
  if (moment < database.first)
    throw new Error(
      `--at ${timeText(moment)} is before the first backup of the database, of ${timeText(database.first)}: nothing was changed`,
    );
  return files.find(({ time }) => time >= moment) ?? newest;
}

/** What `--list` prints. */
export function listText({ database, files, kept }: AvailableBackups): string {
  const moments =
    database === undefined
      ? "none yet"
      : `any moment from ${timeText(database.first)} to now; the last change that was sent is of ${timeText(database.last)}`;
  const backups = files.map(({ id, time }) => `  ${id.slice(0, 8)}  ${timeText(time)}`);
  return [
    `Database: ${moments}`,
    files.length === 0 ? "Files: none yet" : "Files:",
    ...backups,
    ...(kept.length === 0
      ? []
      : ["Kept on the volume from before a restore:", ...kept.map((name) => `  ${name}`)]),
  ].join("\n");
}
