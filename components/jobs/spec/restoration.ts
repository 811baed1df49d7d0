/** A job as the stack's state has it from the last update or refresh. */
export interface RegisteredJob {
  readonly id: string;
  readonly namespace: string;
  /** Nomad's index of the job's last change that the state knows. */
  readonly modifyIndex: string;
  /** Of each group. */
  readonly counts: ReadonlyMap<string, number>;
  /** What the last update had for {@link Restoration.marks}. */
  readonly marks: Readonly<Record<string, string>>;
}

/** A job as Nomad has it, as far as it is compared. */
export interface FoundJob {
  readonly JobModifyIndex: number;
  readonly Stop: boolean;
  readonly TaskGroups: readonly { readonly Name: string; readonly Count: number }[] | null;
}

/** How an update brings a job back to what the stack declares. */
export interface Restoration {
  /**
   * Inputs of the job's resource that mean nothing to the job. A changed one makes the provider register the job again,
   * which it does without a look at the job in Nomad.
   */
  readonly marks: Readonly<Record<string, string>>;
  /** Changes when the job is to be purged and run anew. Undefined if it never was. */
  readonly rerun: string | undefined;
  /** What was done to the job outside of the stack; undefined for nothing. */
  readonly change?: string;
}

/** Marks of a restoration, by the index of the change that it undoes. */
const rerunMark = "rerun_after_index";
const registerMark = "registered_again_after_index";

/**
 * How a job that somebody stopped, purged, scaled or changed outside of the stack becomes what the stack declares. One
 * that does not run is purged and run anew, since the provider refuses to change it ("job modify index has changed since
 * last refresh"). `found` is undefined if Nomad has no such job.
 */
export function restoration(registered: RegisteredJob, found: FoundJob | undefined): Restoration {
  const { marks } = registered;
  const rerun = marks[rerunMark];
  if (found === undefined || found.Stop) {
    const [index, change] = found
      ? [String(found.JobModifyIndex), "it was stopped"]
      : [registered.modifyIndex, "Nomad has no such job"];
    return { marks: { ...marks, [rerunMark]: index }, rerun: index, change };
  }
  const change = changeOutside(registered, found);
  if (change === undefined) return unchanged(registered);
  return { marks: { ...marks, [registerMark]: String(found.JobModifyIndex) }, rerun, change };
}

/** Keeps the job's resource as it is. */
export function unchanged({ marks }: RegisteredJob): Restoration {
  return { marks, rerun: marks[rerunMark] };
}

function changeOutside({ counts, modifyIndex }: RegisteredJob, found: FoundJob): string | undefined {
  const scaled = (found.TaskGroups ?? []).flatMap(({ Name, Count }) => {
    const count = counts.get(Name);
    return count === undefined || count === Count
      ? []
      : [`group ${Name} was scaled from ${count} to ${Count}`];
  });
  if (scaled.length > 0) return scaled.join(", ");
  return String(found.JobModifyIndex) === modifyIndex ? undefined : "it was registered by somebody else";
}
