import { errorMessage } from "../../../components/error-message.ts";
import { NomadClient } from "../../../components/clients/nomad/client.ts";
import { ApiError } from "../../../components/clients/request.ts";
import type { NomadClientOptions } from "../../../components/clients/nomad/request.ts";
import { resourceTypes } from "../change-groups.ts";
import { clusterOf } from "../cluster-access.ts";
import { fieldChanges } from "../field-changes.ts";
import { jobPicture, preemptions, purgePicture } from "./picture.ts";
import type { JobPlans } from "./picture.ts";
import { jobText, maxParallel, namespaceOf, variableReaders, withoutRolling } from "./texts.ts";
import type { JobText } from "./texts.ts";
import type { GroupPicture, JobChange, JobEffect } from "../preview-report.ts";
import { textProperty } from "../resource-changes.ts";
import type { ResourceChange } from "../resource-changes.ts";

/** What Nomad says of one job. */
export type NomadAnswer = Pick<JobChange, "fields" | "groups" | "preempted" | "notes">;

/** What happens to every job whose text changes, or whose tasks read a variable that changes. */
export async function jobChanges(
  changes: readonly ResourceChange[],
  clusters: readonly NomadClientOptions[],
): Promise<JobChange[]> {
  const jobs = changes.filter(({ type, action }) => type === resourceTypes.job && action !== "same");
  const changed = await Promise.all(
    jobs.map(async (change) => {
      const cluster = clusterOf(change, changes, clusters);
      return jobChange(change, "reason" in cluster ? cluster : new NomadClient(cluster));
    }),
  );
  return [...changed, ...readersOfChangedVariables(changes)];
}

/** Asks the cluster about one job. What cannot be asked, or gets no answer, is a note. */
export async function jobChange(
  change: ResourceChange,
  client: NomadClient | { readonly reason: string },
): Promise<JobChange> {
  const before = change.old && jobText(change.old);
  const after = change.new && jobText(change.new);
  const text = [after, before].find((one): one is JobText => one !== undefined && !("reason" in one));
  const described = { job: text?.ID ?? change.name, namespace: text ? namespaceOf(text) : "default" };
  const unreadable = [after ?? before].find((one) => one !== undefined && "reason" in one);
  const answer =
    unreadable !== undefined && "reason" in unreadable
      ? withoutAnswer(unreadable.reason)
      : "reason" in client
        ? withoutAnswer(client.reason)
        : await ask(client, change.action, before as JobText | undefined, after as JobText | undefined);
  return { ...described, effect: effectOf(change.action, answer.groups), ...answer };
}

const withoutAnswer = (...notes: string[]): NomadAnswer => ({
  fields: [],
  groups: null,
  preempted: [],
  notes,
});

async function ask(
  client: NomadClient,
  action: ResourceChange["action"],
  before: JobText | undefined,
  after: JobText | undefined,
): Promise<NomadAnswer> {
  try {
    if (action === "delete" || action === "replace")
      return await askAboutPurge(client, before ?? after, action);
    return after ? await askForPlan(client, after) : withoutAnswer("it has no text");
  } catch (error) {
    return withoutAnswer(`Nomad could not be queried: ${errorMessage(error)}`);
  }
}

async function askAboutPurge(
  client: NomadClient,
  job: JobText | undefined,
  action: "delete" | "replace",
): Promise<NomadAnswer> {
  if (!job) return withoutAnswer("its text before the change is not known");
  const allocations = await client.jobAllocations(job.ID, namespaceOf(job));
  return {
    ...withoutAnswer(
      ...(action === "replace"
        ? ["The job is purged and registered anew; Nomad cannot plan the new one while the old one runs."]
        : []),
    ),
    groups: purgePicture(allocations, action === "delete" ? 0 : null),
  };
}

async function askForPlan(client: NomadClient, job: JobText): Promise<NomadAnswer> {
  const namespace = namespaceOf(job);
  const plan = (text: object) => client.planJob(job.ID, namespace, text);
  const type = job.Type ?? "service";
  const isSystem = type === "system";
  const step = await plan(job);
  const registered = isSystem ? await registeredJob(client, job) : undefined;
  const plans: JobPlans = {
    step,
    // Nomad refuses an update strategy in jobs of any other type.
    ...((isSystem || type === "service") && { whole: await plan(withoutRolling(job)) }),
    ...(registered && { registered: await plan(registered) }),
    isSystem,
    maxParallel: (group) => maxParallel(job, group),
  };
  const groups = jobPicture(plans);
  const isNew = step.Diff?.Type === "Added";
  return {
    fields: step.Diff && !isNew ? fieldChanges(step.Diff) : [],
    groups,
    preempted: preemptions(plans),
    notes: [
      ...(step.Warnings ? [step.Warnings] : []),
      ...(groups.some(({ canary }) => canary > 0)
        ? ["Canaries are created first; what they replace stops when they are promoted."]
        : []),
      ...(groups.some(({ notPlaceable, keep }) => notPlaceable && keep > 0)
        ? ["The update stops where nothing can be placed; what is kept runs on as it is."]
        : []),
    ],
  };
}

async function registeredJob(client: NomadClient, { ID, ...job }: JobText): Promise<object | undefined> {
  try {
    return await client.job(ID, namespaceOf({ ID, ...job }));
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** What an operator calls the change. */
export function effectOf(
  action: ResourceChange["action"],
  groups: readonly GroupPicture[] | null,
): JobEffect {
  switch (action) {
    case "create":
      return "created";
    case "delete":
      return "removed";
    case "replace":
      return "replaced";
    case "update":
    case "same":
      if (groups === null) return "unknown";
      // One that stops and has a successor is a restart; a lower count only stops some, a higher one only adds.
      return groups.some(({ destroy, create, migrate }) => destroy > migrate && (create ?? 0) > migrate)
        ? "restarted"
        : "in place";
  }
}

const effectOfMode: Readonly<Record<string, JobEffect>> = {
  restart: "restarted",
  signal: "signalled",
  script: "signalled",
  noop: "in place",
};

/** Jobs with templates of variables that change. Nomad renders them anew without a new version of the job. */
export function readersOfChangedVariables(changes: readonly ResourceChange[]): JobChange[] {
  return changes
    .filter(
      ({ type, action }) => type === resourceTypes.variable && (action === "update" || action === "replace"),
    )
    .flatMap((variable) => {
      const path = textProperty(variable.new, "path");
      const namespace = textProperty(variable.new, "namespace");
      if (path.state !== "known") return [];
      const readers = variableReaders(
        changes,
        path.value,
        namespace.state === "known" ? namespace.value : "default",
      );
      const unique = new Map(
        readers.map((reader) => [`${reader.job.ID}/${reader.task}/${reader.changeMode}`, reader]),
      );
      return [...unique.values()].map(({ job, task, changeMode }): JobChange => ({
        ...{ job: job.ID, namespace: namespaceOf(job), fields: [], groups: null, preempted: [] },
        effect: effectOfMode[changeMode] ?? "unknown",
        notes: [`Task ${task} reads ${path.value}, which changes: ${changeMode} in every allocation.`],
      }));
    });
}
