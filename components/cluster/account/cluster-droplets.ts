import * as pulumi from "@pulumi/pulumi";
import type { AccountInventory } from "../../clients/digitalocean/account.ts";
import type { AccountReservedAddress } from "../../clients/digitalocean/resources.ts";
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
 * The droplets to which the addresses of servers lead. Through Pulumi's provider they cannot be asked for: the official plugin's
 * `getReservedIp` never says which droplet it is (`datasource_reserved_ip.go` of terraform-provider-digitalocean 2.96).
 */
export function dropletsAtAddresses<Droplet extends Pick<ListedDroplet, "id" | "name">>(
  servers: readonly { readonly slot: Slot; readonly address: string | undefined }[],
  listed: readonly Droplet[],
  reservedAddresses: readonly Pick<AccountReservedAddress, "address" | "droplet">[],
): (AddressedDroplet & { readonly droplet: Droplet })[] {
  return servers.flatMap(({ slot, address }) => {
    const id = reservedAddresses.find((one) => one.address === address)?.droplet?.id;
    return address === undefined
      ? []
      : listed.filter((droplet) => droplet.id === id).map((droplet) => ({ slot, address, droplet }));
  });
}

/**
 * The cluster's droplets before the update, also those that lost its tag. Rejects, in a preview too, if the servers'
 * addresses lead to a cluster of another name. `nameOf` names the arguments.
 */
export function findClusterDroplets(
  { clusterName, servers }: { readonly clusterName: string; readonly servers: readonly Slot[] },
  account: pulumi.Output<{
    readonly droplets: ListedDroplet[];
    readonly inventory?: Pick<AccountInventory, "reservedAddresses">;
  }>,
  reservedAddresses: readonly pulumi.Output<string>[],
  nameOf: ArgumentNames,
): pulumi.Output<ClusterDroplet[]> {
  const find = (
    listed: readonly ListedDroplet[],
    inAccount: readonly AccountReservedAddress[],
    addresses: readonly (string | undefined)[],
  ): ClusterDroplet[] => {
    const tagged = new Set(clusterDroplets(clusterName, listed).map(({ name }) => name));
    const unsure = servers
      .map((slot, index) => ({ slot, address: addresses[index] }))
      .filter(({ slot }) => !tagged.has(dropletNameOf(clusterName, slot)));
    const addressed = dropletsAtAddresses(unsure, listed, inAccount);
    const issues = validateClusterName(clusterName, addressed);
    if (issues.length > 0) throw new ResolvedInputError("this is another cluster", issues, nameOf);
    return clusterDroplets(
      clusterName,
      listed,
      addressed.map(({ droplet }) => droplet.id),
    );
  };
  const known = pulumi.all([account, pulumi.all(reservedAddresses.map((address) => valueIfKnown(address)))]);
  // Goes through a promise: an Output would make the network depend on the reserved addresses in the state.
  const read = new Promise<pulumi.Unwrap<typeof known>>((resolve) => known.apply(resolve));
  return pulumi.output(
    read.then(([{ droplets, inventory }, addresses]) =>
      find(droplets, inventory?.reservedAddresses ?? [], addresses),
    ),
  );
}
