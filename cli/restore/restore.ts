import { availableBackups, filesBackupOf } from "./available.ts";
import type { AvailableBackups } from "./available.ts";
import { timeText } from "./moment.ts";
import type { Moment } from "./moment.ts";
import type { RestoreCluster } from "./nomad-calls.ts";
import { backedUpPaths, listing, removing, restoreJobId, restoring } from "./restore-job.ts";
import type { RegisteredJob } from "./restore-job.ts";
import { RunFailed, runJob } from "./run-job.ts";

/** A restore into a running blog. */
export interface Restore {
  readonly jobId: string;
  readonly at: Moment;
  /** What the operator says is replaced; the id of the job, or nothing is changed. */
  readonly replace: string | undefined;
}

/** Fails if there is no such job, if it has no backups, or if a restore is going on. */
async function ghostJob(cluster: RestoreCluster, jobId: string): Promise<RegisteredJob> {
  const job = await cluster.job(jobId);
  if (job === undefined)
    throw new Error(`the cluster has no job "${jobId}"; --job names Ghost's, as the setting ghostJobId does`);
  backedUpPaths(job);
  const other = await cluster.job(restoreJobId(jobId));
  if (other !== undefined && !other.Stop && (await isRunning(cluster, restoreJobId(jobId))))
    throw new Error(
      `the job "${restoreJobId(jobId)}" is running: somebody else restores this blog, or a restore was cut off; wait for its end, or stop it with \`nomad job stop -purge ${restoreJobId(jobId)}\``,
    );
  return job;
}

async function isRunning(cluster: RestoreCluster, jobId: string): Promise<boolean> {
  return (await cluster.allocations(jobId)).some(({ ClientStatus }) =>
    ["pending", "running"].includes(ClientStatus),
  );
}

export async function availableFor(cluster: RestoreCluster, jobId: string): Promise<AvailableBackups> {
  return available(cluster, await ghostJob(cluster, jobId));
}

async function available(cluster: RestoreCluster, job: RegisteredJob): Promise<AvailableBackups> {
  const printed = await runJob(cluster, job, listing(backedUpPaths(job).database));
  return availableBackups(printed["list-database"]!, printed["list-files"]!);
}

/** Deletes what a restore kept. */
export async function removeKept(cluster: RestoreCluster, jobId: string, kept: string): Promise<void> {
  if (!/^\.before-restore-\w+$/.test(kept))
    throw new Error(`--remove-kept "${kept}" is not the name of a directory that --list shows`);
  await runJob(cluster, await ghostJob(cluster, jobId), removing(kept));
}

/**
 * Stops Ghost, restores beside its content, puts that in the content's place, and starts Ghost again. Returns the name of the
 * directory with the content from before. Whatever fails before the exchange leaves the content as it is, and Ghost running.
 */
export async function restore(
  cluster: RestoreCluster,
  { jobId, at, replace }: Restore,
  report: (text: string) => void,
): Promise<string> {
  const job = await ghostJob(cluster, jobId);
  if (replace !== jobId)
    throw new Error(
      `the blog has content, which is kept beside what is restored: say \`--replace ${jobId}\` if that is meant. Nothing was changed`,
    );
  report("looking what can be restored");
  const files = filesBackupOf(await available(cluster, job), at);
  const id = timeText(new Date()).replace(/\.\d+/, "").replaceAll(/[-:]/g, "");
  report(
    `stopping Ghost; should this be cut off, \`nomad job start ${jobId}\` starts it again, with the content that there is`,
  );
  await cluster.stop(jobId);
  await cluster.until("Ghost did not stop", 5, async () =>
    (await isRunning(cluster, jobId)) ? undefined : true,
  );
  let contentIsWhole = true;
  try {
    report(
      `restoring the database of ${at === "latest" ? "now" : timeText(at)}, and the files of ${timeText(files.time)}`,
    );
    const timestamp = at === "latest" ? undefined : at.toISOString();
    await runJob(cluster, job, restoring(backedUpPaths(job), { id, snapshot: files.id, timestamp }));
  } catch (error) {
    if (!(error instanceof RunFailed)) throw error;
    contentIsWhole = !error.lastTaskBegan;
    throw new Error(
      contentIsWhole
        ? `${error.message}\nThe blog's content is as it was`
        : `${error.message}\nGhost is stopped: of the content a part may be in .before-restore-${id} on the volume, and of the restored one in .restore-${id}. Put it together there, then \`nomad job start ${jobId}\``,
      { cause: error },
    );
  } finally {
    if (contentIsWhole) await startGhost(cluster, job, report);
  }
  return `.before-restore-${id}`;
}

async function startGhost(
  cluster: RestoreCluster,
  job: RegisteredJob,
  report: (text: string) => void,
): Promise<void> {
  report("starting Ghost");
  const before = await cluster.allocations(job.ID);
  await cluster.register({ ...job, Stop: false });
  await cluster.until("Ghost did not become healthy", 15, async () => {
    const [newest] = await cluster.allocations(job.ID);
    const isNew = newest !== undefined && before.every(({ ID }) => ID !== newest.ID);
    return isNew && newest.DeploymentStatus?.Healthy === true ? true : undefined;
  });
}
