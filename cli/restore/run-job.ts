import type { Allocation, RestoreCluster } from "./nomad-calls.ts";
import { restoreJob, restoreJobId, variableOf } from "./restore-job.ts";
import type { RegisteredJob, Run } from "./restore-job.ts";

/** Longest run of one job: a large blog is gigabytes from a bucket. */
const longestRun = 6 * 60;

/** What the tasks of a run printed, by their names. */
export type Printed = Readonly<Record<string, string>>;

/** A run that failed. */
export class RunFailed extends Error {
  /** Whether its last task had begun, which changes what is on the volume. */
  readonly lastTaskBegan: boolean;

  constructor(message: string, lastTaskBegan: boolean) {
    super(message);
    this.lastTaskBegan = lastTaskBegan;
  }
}

/**
 * Runs the tasks on Ghost's node and removes the job and its Variable again, whatever became of them. Fails with what the task that
 * failed said.
 */
export async function runJob(cluster: RestoreCluster, ghost: RegisteredJob, run: Run): Promise<Printed> {
  const id = restoreJobId(ghost.ID);
  const items = Object.entries((await cluster.variable(variableOf(ghost.ID))) ?? {}).filter(([item]) =>
    item.startsWith("backup"),
  );
  try {
    // Nomad lets a job read its own Variable only.
    await cluster.setVariable(variableOf(id), Object.fromEntries(items));
    await cluster.register(restoreJob(ghost, run));
    const ended = await cluster.until(`the job "${id}" did not end`, longestRun, () => endOf(cluster, id));
    const names = [...Object.keys(run.first), run.last.name];
    if (ended.ClientStatus !== "complete") throw await failureOf(cluster, ended, run.last.name);
    const texts = names.map(async (name) => [name, await cluster.log(ended.ID, name, "stdout")] as const);
    return Object.fromEntries(await Promise.all(texts));
  } finally {
    await cluster.stop(id, { purge: true });
    await cluster.removeVariable(variableOf(id));
  }
}

async function endOf(cluster: RestoreCluster, id: string): Promise<Allocation | undefined> {
  const [allocation] = await cluster.allocations(id);
  if (allocation !== undefined)
    return ["complete", "failed", "lost"].includes(allocation.ClientStatus) ? allocation : undefined;
  const refusal = await cluster.refusal(id);
  if (refusal === undefined) return undefined;
  throw new RunFailed(`Nomad has no place for the job "${id}": ${refusal}`, false);
}

async function failureOf(
  cluster: RestoreCluster,
  { ID, ClientStatus, TaskStates }: Allocation,
  last: string,
): Promise<RunFailed> {
  const states = Object.entries(TaskStates ?? {});
  const failed = states.filter(([, { Failed }]) => Failed).map(([name]) => name);
  const texts = failed.map(async (name) => {
    const said = [await cluster.log(ID, name, "stdout"), await cluster.log(ID, name, "stderr")]
      .join("")
      .trim();
    return `the task ${name} failed: ${said.split("\n").slice(-10).join("\n") || "it said nothing"}`;
  });
  const began = (TaskStates?.[last]?.StartedAt ?? null) !== null;
  const what = (await Promise.all(texts)).join("\n") || `the job's allocation is ${ClientStatus}`;
  return new RunFailed(what, began);
}
