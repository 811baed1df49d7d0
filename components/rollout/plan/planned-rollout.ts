import { parseNodeName } from "../../nodes/names.ts";
import { formatPlan } from "./format-plan.ts";
import type { RolloutPlan, SlotAction } from "./plan.ts";

/** What an update does to one droplet. */
export interface PlannedChange {
  /** The droplet's name. */
  readonly droplet: string;
  readonly slot: string;
  /** `join` has been created, but is not known to Nomad yet; `resize` powers it off and on again. */
  readonly action: Exclude<SlotAction, "keep"> | "remove";
  /** True if its server leads now. */
  readonly leader: boolean;
}

/**
 * The plan of a rollout as data for programs. A preview registers it as the output `rolloutPlan` of the NomadCluster;
 * an update registers none. It holds no secret.
 */
export interface PlannedRollout {
  /** Incremented on breaking changes. */
  readonly version: 1;
  /** The plan in English, as the preview prints it. */
  readonly summary: string;
  /** In the order of the rollout; empty if the cluster could not be queried. */
  readonly changes: readonly PlannedChange[];
}

/**
 * As {@link plannedRollout}, without the servers that Nomad has not forgotten of slots that were removed: they are no change
 * of the stack.
 */
export function plannedChange(plan: RolloutPlan): PlannedRollout | undefined {
  return plannedRollout({ ...plan, deadServers: [] });
}

/** Undefined if the plan changes nothing. */
export function plannedRollout(plan: RolloutPlan): PlannedRollout | undefined {
  const summary = formatPlan(plan);
  if (summary === undefined) return undefined;
  const changes = plan.waves.flat().flatMap(({ desired, action, server }): PlannedChange[] => {
    const { dropletName, slot } = desired;
    return action === "keep" ? [] : [{ droplet: dropletName, slot, action, leader: server?.leads ?? false }];
  });
  const removals = plan.removals.map(({ name, slot }): PlannedChange => {
    const droplet = parseNodeName(name)?.dropletName ?? name;
    return { droplet, slot, action: "remove", leader: false };
  });
  return { version: 1, summary, changes: [...changes, ...removals] };
}
