import type {
  DesiredUpdates,
  JobAllocation,
  JobPlan,
  PlacementMetric,
} from "../../../components/clients/nomad/types.ts";
import type { GroupPicture, NotPlaceable, Preemption } from "../preview-report.ts";

/** Nomad's plans from which a picture is made. */
export interface JobPlans {
  /** The job's own plan: of a rolling update the first step. */
  readonly step: JobPlan;
  /** The plan of the same job with everything replaced at once; none for jobs that know no rolling update. */
  readonly whole?: JobPlan;
  /** The plan of a system job as it is registered now. */
  readonly registered?: JobPlan;
  readonly isSystem: boolean;
  /** How many allocations of a group are replaced at once. */
  readonly maxParallel: (group: string) => number;
}

/** What happens to the allocations of each group, in the order of their names. */
export function jobPicture(plans: JobPlans): GroupPicture[] {
  const { step, whole = step } = plans;
  const groups = Object.keys({ ...updates(step), ...updates(whole) }).sort();
  return groups.map((group) => {
    // What Nomad cannot place holds the rolling update at its first step.
    const isStuck = step.FailedTGAllocs?.[group] !== undefined;
    return groupPicture(group, isStuck ? step : whole, isStuck, plans);
  });
}

function groupPicture(group: string, plan: JobPlan, isStuck: boolean, plans: JobPlans): GroupPicture {
  const desired = updates(plan)[group] ?? noUpdates;
  const notPlaceable = failure(plan.FailedTGAllocs?.[group]);
  const failed = notPlaceable?.count ?? 0;
  const { Ignore, Migrate, Stop, InPlaceUpdate, Canary } = desired;
  // Of a system job's allocations Nomad counts all that are to be replaced, those of later steps too.
  const attempted =
    plans.isSystem && isStuck
      ? Math.min(desired.DestructiveUpdate, plans.maxParallel(group))
      : desired.DestructiveUpdate;
  const place = plans.isSystem ? newOnSystemNodes(desired, failed, group, plans) : desired.Place;
  const placed = plans.isSystem
    ? place + Math.max(0, attempted - failed)
    : Math.max(0, place + attempted - failed);
  // The successor of an allocation is placed first, and one that has none runs on; of a system job it stops all the same.
  const replaced = plans.isSystem ? attempted : Math.min(attempted, placed);
  return {
    group,
    create: placed + Migrate + Canary,
    updateInPlace: InPlaceUpdate,
    destroy: Stop + replaced + Migrate,
    keep: Ignore + desired.DestructiveUpdate - replaced,
    migrate: Migrate,
    canary: Canary,
    notPlaceable,
  };
}

/** Allocations on nodes that had none, see {@link DesiredUpdates.Place}. */
function newOnSystemNodes(
  desired: DesiredUpdates,
  failed: number,
  group: string,
  { registered }: JobPlans,
): number {
  const now = registered && updates(registered)[group];
  // Of a job that is registered as it is, nothing is left to be placed.
  const countsEveryNode =
    now !== undefined &&
    now.Place > 0 &&
    now.Place === now.Ignore + now.InPlaceUpdate + now.DestructiveUpdate;
  if (!countsEveryNode) return desired.Place;
  const existing = desired.Ignore + desired.InPlaceUpdate + Math.max(0, desired.DestructiveUpdate - failed);
  return Math.max(0, desired.Place - existing);
}

const noUpdates: DesiredUpdates = {
  Ignore: 0,
  Place: 0,
  Migrate: 0,
  Stop: 0,
  InPlaceUpdate: 0,
  DestructiveUpdate: 0,
  Canary: 0,
};

const updates = (plan: JobPlan) => plan.Annotations?.DesiredTGUpdates ?? {};

function failure(metric: PlacementMetric | undefined): NotPlaceable | null {
  return metric ? { count: 1 + metric.CoalescedFailures, reason: failureReason(metric) } : null;
}

/** Why nothing was placed, in words. */
export function failureReason(metric: PlacementMetric): string {
  const { NodesEvaluated, ConstraintFiltered, DimensionExhausted, QuotaExhausted } = metric;
  const each = (counts: Readonly<Record<string, number>> | null | undefined, verb: string) =>
    Object.entries(counts ?? {}).map(
      ([what, count]) => `${what} ${verb} ${count} node${count === 1 ? "" : "s"}`,
    );
  const reasons = [
    ...each(ConstraintFiltered, "leaves out"),
    ...each(DimensionExhausted, "exhausted on"),
    ...(QuotaExhausted ?? []).map((quota) => `quota ${quota} exhausted`),
  ];
  if (reasons.length > 0) return reasons.join(", ");
  return NodesEvaluated === 0 ? "no node is in the job's datacenters and node pool" : "no node fits";
}

/** Allocations of other jobs that have to go, counted by job and group. */
export function preemptions({ step, whole = step }: JobPlans): Preemption[] {
  const counts = new Map<string, Preemption>();
  for (const { JobID: job, TaskGroup: group } of whole.Annotations?.PreemptedAllocs ?? []) {
    const key = JSON.stringify([job, group]);
    counts.set(key, { job, group, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()];
}

/** True for an allocation that Nomad wants to run and that has not ended. */
export const isLive = ({ DesiredStatus, ClientStatus }: JobAllocation): boolean =>
  DesiredStatus === "run" && ["pending", "running", "unknown"].includes(ClientStatus);

/**
 * The picture of a job that is purged: its live allocations stop. `create` is what then comes in their place, null if
 * nobody can tell.
 */
export function purgePicture(allocations: readonly JobAllocation[], create: 0 | null): GroupPicture[] {
  const live = allocations.filter(isLive);
  return [...new Set(live.map(({ TaskGroup }) => TaskGroup))].sort().map((group) => ({
    ...{ group, create, updateInPlace: 0, keep: 0, migrate: 0, canary: 0, notPlaceable: null },
    destroy: live.filter(({ TaskGroup }) => TaskGroup === group).length,
  }));
}
