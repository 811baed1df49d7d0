import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import type { PlannedRollout } from "../../components/rollout/plan/planned-rollout.ts";

const clusterType = "nomad-digitalocean:index:NomadCluster";
const version: PlannedRollout["version"] = 1;

/**
 * The plans that the stack's clusters register as `rolloutPlan`, one for each cluster that changes. A plan in a format
 * that this report does not know, of another version of the package, is left out.
 */
export function rolloutPlans(events: readonly EngineEvent[]): PlannedRollout[] {
  return events.flatMap(({ resOutputsEvent }) => {
    const { type, new: state } = resOutputsEvent?.metadata ?? {};
    if (type !== clusterType) return [];
    const plan = state?.outputs["rolloutPlan"] as Partial<PlannedRollout> | undefined;
    return plan?.version === version ? [plan as PlannedRollout] : [];
  });
}
