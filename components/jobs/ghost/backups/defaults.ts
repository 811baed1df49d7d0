import { withDefaults } from "../../../validation.ts";
import type { GhostBackups } from "./args.ts";

/** What is taken for settings that are left out. */
export const ghostBackupsDefaults = {
  prefix: "blog",
  databaseInterval: "1s",
  databaseRetention: "720h",
  filesInterval: "5m",
  keepDaily: 7,
  keepWeekly: 5,
  keepMonthly: 12,
  litestreamImage: "litestream/litestream:0.5.18",
  resticImage: "restic/restic:0.18.1",
  cpu: 100,
  memory: 192,
};

/** {@link GhostBackups} with every default filled in. */
export type ResolvedGhostBackups = Readonly<Required<GhostBackups>>;

export function resolveGhostBackups(backups: GhostBackups): ResolvedGhostBackups {
  return withDefaults(backups, ghostBackupsDefaults);
}

/** MiB of the tasks that run beside Ghost. */
export function backupsMemory(backups: Pick<ResolvedGhostBackups, "memory"> | undefined): number {
  return backups === undefined ? 0 : 2 * backups.memory;
}
