import * as pulumi from "@pulumi/pulumi";
import { nodeNameOf } from "../../nodes/names.ts";
import type { ClusterDroplet } from "../../rollout/observe/account-droplets.ts";
import type { PlannedRollout } from "../../rollout/plan/planned-rollout.ts";
import { valueIfKnown } from "../../value-if-known.ts";

/**
 * What there is to say of droplets in slots whose droplet is to be made, by the names in `made`, though the rollout replaces
 * none there. Undefined if there are none.
 */
export function describeStrangeDroplets(
  made: readonly string[],
  droplets: readonly ClusterDroplet[],
  plan: PlannedRollout | undefined,
): string | undefined {
  const replaced = (plan?.changes ?? []).flatMap(({ droplet, action }) =>
    action === "replace" ? [droplet] : [],
  );
  const strange = droplets.filter(({ name }) => made.includes(name) && !replaced.includes(name));
  if (strange.length === 0) return undefined;
  return (
    `the update makes a droplet where the account has ${strange.map(nodeNameOf).sort().join(", ")}. What Pulumi does not ` +
    "replace here it does not know, as after an interrupted update: it is deleted, or the update stops if the cluster cannot " +
    "spare it"
  );
}

/** Says so in a preview, which does not know the names of nodes whose droplet is to be made. */
export function warnOfStrangeDroplets(
  nodes: readonly { readonly dropletName: string; readonly nodeName: pulumi.Output<string> }[],
  droplets: pulumi.Output<ClusterDroplet[]>,
  plan: pulumi.Output<PlannedRollout | undefined>,
  cluster: pulumi.Resource,
): pulumi.Output<void> {
  if (!pulumi.runtime.isDryRun()) return pulumi.output(undefined);
  const names = pulumi.all(nodes.map(({ nodeName }) => valueIfKnown(nodeName)));
  return pulumi.all([names, droplets, plan]).apply(([known, there, planned]) => {
    const made = nodes.flatMap(({ dropletName }, index) => (known[index] === undefined ? [dropletName] : []));
    const warning = describeStrangeDroplets(made, there, planned);
    if (warning !== undefined) void pulumi.log.warn(warning, cluster);
  });
}
