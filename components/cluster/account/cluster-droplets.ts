import * as pulumi from "@pulumi/pulumi";
import { dropletAtAddress } from "../../clients/digitalocean/account.ts";
import { dropletNameOf, parseDropletName } from "../../nodes/names.ts";
import type { Slot } from "../../nodes/names.ts";
import { clusterDroplets } from "../../rollout/observe/account-droplets.ts";
import type { ClusterDroplet, ListedDroplet } from "../../rollout/observe/account-droplets.ts";
import { valueIfKnown } from "../../value-if-known.ts";
import { ResolvedInputError } from "../../validation.ts";
import type { ArgumentIssue, ArgumentNames } from "../../validation.ts";

/** A droplet that a server's reserved address is assigned to. */
export interface AddressedDroplet {
  readonly slot: Slot;
  readonly address: string;
  readonly droplet: Pick<ListedDroplet, "id" | "name">;
}

/** Why the cluster that this stack has is not the one that the program names. */
export function validateClusterName(
  clusterName: string,
  addressed: readonly AddressedDroplet[],
): ArgumentIssue[] {
  const strange = addressed.find(({ slot, droplet }) => droplet.name !== dropletNameOf(clusterName, slot));
  if (!strange) return [];
  const { slot, address, droplet } = strange;
  const at = `droplet ${droplet.name} (${droplet.id}), which has the reserved address ${address} of ${slot}`;
  const other = parseDropletName(droplet.name)?.clusterName;
  const reason =
    other !== undefined && other !== clusterName
      ? `this stack's cluster is named "${other}", not "${clusterName}", as ${at}, says; a running cluster keeps its name, ` +
        `since another one would make a new cluster in its place, without its state. Set it to "${other}", also if the ` +
        "stack was renamed, whose name is the default; for a cluster of another name make a new stack"
      : `cannot tell whether ${at}, is the cluster's: its name would be ${dropletNameOf(clusterName, slot)}. Give it ` +
        `that name if it is (\`doctl compute droplet-action rename ${droplet.id} --droplet-name NAME\`), or take the ` +
        `address off it (\`doctl compute reserved-ip-action unassign ${address}\`)`;
  return [{ propertyPath: "clusterName", reason }];
}

/**
 * The cluster's droplets before the update, also those that lost its tag. Rejects, in a preview too, if the servers'
 * addresses lead to a cluster of another name. `listed` are all of the account, and `nameOf` names the arguments.
 */
export function findClusterDroplets(
  { clusterName, servers }: { readonly clusterName: string; readonly servers: readonly Slot[] },
  listed: pulumi.Output<ListedDroplet[]>,
  reservedAddresses: readonly pulumi.Output<string>[],
  nameOf: ArgumentNames,
  opts: pulumi.InvokeOptions,
): pulumi.Output<ClusterDroplet[]> {
  const find = async (all: readonly ListedDroplet[], addresses: readonly (string | undefined)[]) => {
    const tagged = clusterDroplets(clusterName, all);
    const unsure = servers.flatMap((slot, index) => {
      const address = addresses[index];
      const isListed = tagged.some(({ name }) => name === dropletNameOf(clusterName, slot));
      return address === undefined || isListed ? [] : [{ slot, address }];
    });
    const addressed = await Promise.all(
      unsure.map(async ({ slot, address }): Promise<AddressedDroplet[]> => {
        const id = await dropletAtAddress(address, opts);
        return all.filter((droplet) => droplet.id === id).map((droplet) => ({ slot, address, droplet }));
      }),
    );
    const issues = validateClusterName(clusterName, addressed.flat());
    if (issues.length > 0) throw new ResolvedInputError("this is another cluster", issues, nameOf);
    return clusterDroplets(
      clusterName,
      all,
      addressed.flat().map(({ droplet }) => droplet.id),
    );
  };
  const known = pulumi.all([listed, pulumi.all(reservedAddresses.map((address) => valueIfKnown(address)))]);
  // Goes through a promise: an Output would make the network depend on the reserved addresses in the state.
  return pulumi.output(
    new Promise<ClusterDroplet[]>((resolve, reject) =>
      known.apply(([all, addresses]) => find(all, addresses).then(resolve, reject)),
    ),
  );
}
