import { resourceTypes } from "../change-groups.ts";
import { textProperty } from "../resource-changes.ts";
import type { Properties, ResourceChange } from "../resource-changes.ts";

/** A job in Nomad's JSON, as far as it is read here. */
export interface JobText {
  readonly ID: string;
  readonly Type?: string;
  readonly Namespace?: string;
  readonly Update?: UpdateText | null;
  readonly TaskGroups?: readonly GroupText[] | null;
}

interface UpdateText {
  readonly MaxParallel?: number;
}

interface GroupText {
  readonly Name: string;
  readonly Count?: number;
  readonly Update?: UpdateText | null;
  readonly Tasks?: readonly TaskText[] | null;
}

interface TaskText {
  readonly Name: string;
  readonly Templates?: readonly { readonly EmbeddedTmpl?: string; readonly ChangeMode?: string }[] | null;
}

export const namespaceOf = ({ Namespace }: JobText): string => Namespace ?? "default";

/** The job in a resource's inputs, or why it cannot be read. */
export function jobText(properties: Properties | undefined): JobText | { readonly reason: string } {
  const text = textProperty(properties, "jobspec");
  switch (text.state) {
    case "known":
      break;
    case "secret":
      return { reason: "its text is a secret, so Nomad is not asked about it" };
    case "unknown":
      return { reason: "its text is known only after the update" };
    case "missing":
      return { reason: "it has no text" };
  }
  if (properties?.["json"] !== true)
    return { reason: "its text is not JSON, which is all that is read here" };
  try {
    const root = JSON.parse(text.value) as { readonly Job?: JobText } & JobText;
    return root.Job ?? root;
  } catch {
    return { reason: "its text is not valid JSON" };
  }
}

/** A task whose template reads a Nomad Variable. */
export interface VariableReader {
  readonly job: JobText;
  readonly task: string;
  /** What happens when the variable changes: `restart`, `signal`, `script` or `noop`. */
  readonly changeMode: string;
}

/** Tasks, of jobs that run on, whose templates name the variable at `path`. */
export function variableReaders(
  changes: readonly ResourceChange[],
  path: string,
  namespace: string,
): VariableReader[] {
  return changes
    .filter(({ type, action }) => type === resourceTypes.job && (action === "same" || action === "update"))
    .flatMap((change) => {
      const job = jobText(change.new);
      if ("reason" in job || namespaceOf(job) !== namespace) return [];
      return (job.TaskGroups ?? []).flatMap(({ Tasks }) =>
        (Tasks ?? []).flatMap(({ Name, Templates }) =>
          (Templates ?? [])
            .filter(({ EmbeddedTmpl }) => EmbeddedTmpl?.includes(`"${path}"`))
            .map(({ ChangeMode = "restart" }) => ({ job, task: Name, changeMode: ChangeMode })),
        ),
      );
    });
}

/** More than any group has allocations. */
const everythingAtOnce = 100_000;

/**
 * The job with an update strategy that replaces everything at once. Nomad's plan of a service job counts only the
 * first step of a rolling update; the plan of this one counts all.
 */
export function withoutRolling<Job extends JobText>(job: Job): Job {
  // 0 replaces all at once already, and means no deployment.
  const widened = (update: UpdateText | null | undefined) =>
    update?.MaxParallel === 0 ? update : { ...update, MaxParallel: everythingAtOnce };
  return {
    ...job,
    Update: widened(job.Update),
    TaskGroups: (job.TaskGroups ?? []).map((group) =>
      group.Update ? { ...group, Update: widened(group.Update) } : group,
    ),
  };
}

/** How many allocations of a group are replaced at once. */
export function maxParallel(job: JobText, group: string): number {
  const own = job.TaskGroups?.find(({ Name }) => Name === group)?.Update?.MaxParallel;
  const parallel = own ?? job.Update?.MaxParallel ?? 1;
  return parallel === 0 ? everythingAtOnce : parallel;
}
