import type { Job } from "../job.ts";
import { jobPolicy } from "../job-policy.ts";

export const backups = jobPolicy(
  {
    name: "backups",
    description: "Every blog with its database on a volume is backed up.",
    enforcementLevel: "advisory",
    severity: "high",
    remediationSteps: "Give the blog `backups`; docs/backups.md says what it needs.",
  },
  backupsProblems,
);

/** The groups that run Ghost with SQLite, and nothing that copies its database to another place. */
export function backupsProblems({ groups }: Job): string[] {
  return groups
    .filter(
      ({ tasks }) =>
        tasks.some(({ environment }) => environment["database__client"] === "sqlite3") &&
        !tasks.some(({ config }) => /(^|\/)litestream:/.test(String(config["image"]))),
    )
    .map(
      ({ name }) =>
        `group ${name}: the blog has no backups, so what it holds is lost together with its volume`,
    );
}
