import * as pulumi from "@pulumi/pulumi";
import { after } from "../../child-options.ts";
import { valueIfKnown } from "../../value-if-known.ts";
import { fingerprintOf } from "../../nodes/ssh-keys.ts";
import { issuesOf, ResolvedInputError } from "../../validation.ts";
import type { ArgumentIssue, ArgumentNames, Check } from "../../validation.ts";
import { volumeNameOf } from "../volumes.ts";
import type { DomainIds } from "../../network/cluster-network.ts";
import { plannedDomain, plannedDomainChecks } from "./domain-checks.ts";
import type { PlannedDomain } from "./domain-checks.ts";
import type { AccountOffer, AccountRequest } from "./request.ts";

/** What an update would make: what Pulumi's state does not have. */
export interface PlannedCreations {
  readonly vpc: boolean;
  readonly firewall: boolean;
  readonly loadBalancer: boolean;
  /** Indices of the cluster's volumes. */
  readonly volumes: readonly number[];
  /** Indices of its public keys. */
  readonly sshPublicKeys: readonly number[];
  readonly reservedAddresses: number;
  /** Undefined without a domain. */
  readonly domain?: PlannedDomain;
}

/**
 * What is in the way of what an update would make. An interrupted update, or another stack, left it in the account; that it
 * is not this stack's is known because the stack would make it.
 */
export function validateCreations(
  request: Pick<AccountRequest, "clusterName" | "domain" | "region" | "sshPublicKeys" | "volumes">,
  planned: PlannedCreations,
  { inventory, reservedIpLimit }: Pick<AccountOffer, "inventory" | "reservedIpLimit">,
): ArgumentIssue[] {
  if (!inventory) return [];
  const { clusterName, region } = request;
  const inTheWay = (what: string, remove: string, there: { readonly id: string } | undefined) =>
    there &&
    `the account has a ${what} "${clusterName}" already, and its name is unique there. If an interrupted update left it, ` +
      `delete it (\`doctl ${remove} ${there.id}\`); if it is another cluster's, give this one another name`;
  const isNamesake = ({ name }: { readonly name: string }) => name === clusterName;
  const networkChecks: Check[] = [
    [
      "clusterName",
      planned.vpc ? inTheWay("VPC", "vpcs delete", inventory.vpcs.find(isNamesake)) : undefined,
    ],
    [
      "clusterName",
      planned.firewall
        ? inTheWay("firewall", "compute firewall delete", inventory.firewalls.find(isNamesake))
        : undefined,
    ],
    ["loadBalancer", planned.loadBalancer ? checkLoadBalancers(clusterName, inventory) : undefined],
  ];
  const volumeChecks = planned.volumes.map((index): Check => {
    const name = volumeNameOf(clusterName, request.volumes[index]!.name);
    const there = inventory.volumes.find((volume) => volume.name === name);
    return [
      `volumes[${index}].name`,
      there &&
        `${region} has a volume ${name} already, which this stack does not know; delete it if nobody needs what it holds ` +
          `(\`doctl compute volume delete ${there.id}\`), or give another name`,
    ];
  });
  const keyChecks = planned.sshPublicKeys.map((index): Check => {
    const fingerprint = fingerprintOf(request.sshPublicKeys[index]!);
    const there = inventory.sshKeys.find((key) => key.fingerprint === fingerprint);
    return [
      `sshPublicKeys[${index}]`,
      there &&
        `is in the account already, as "${there.name}", which this stack does not know; delete it there ` +
          `(\`doctl compute ssh-key delete ${there.id}\`), or take it out here and give its fingerprint "${fingerprint}" in sshKeys`,
    ];
  });
  return issuesOf([
    ...networkChecks,
    ...plannedDomainChecks(request, planned.domain, inventory),
    ...volumeChecks,
    ...keyChecks,
    ["serverCount", checkAddresses(planned, inventory, reservedIpLimit)],
  ]);
}

function checkLoadBalancers(
  clusterName: string,
  { loadBalancers }: NonNullable<AccountOffer["inventory"]>,
): string | undefined {
  const there = loadBalancers.find(({ name }) => name === clusterName);
  return (
    there &&
    `the account has a load balancer "${clusterName}" already, which this stack does not know, and which would go on ` +
      `costing money beside another; delete it (\`doctl compute load-balancer delete ${there.id}\`), or give this cluster another name`
  );
}

function checkAddresses(
  { reservedAddresses: missing }: PlannedCreations,
  { reservedAddresses }: NonNullable<AccountOffer["inventory"]>,
  limit: number,
): string | undefined {
  if (missing === 0 || reservedAddresses.length + missing <= limit) return undefined;
  const unused = reservedAddresses.flatMap(({ address, droplet }) =>
    droplet === undefined ? [address] : [],
  );
  const release =
    unused.length === 0
      ? "release some"
      : `of those that lead to no droplet release what nobody needs (\`doctl compute reserved-ip delete ADDRESS\`: ${unused.join(", ")})`;
  return (
    `${missing} more reserved addresses are needed, the account may have ${limit} and has ${reservedAddresses.length}; ` +
    `${release}, or ask DigitalOcean for a higher limit`
  );
}

/**
 * What to do about reserved addresses of the region that lead to no droplet and are not in `own`, the stack's; undefined if
 * there are none. They have no names, so whose they are is for a person to say.
 */
export function strayAddresses(
  region: string,
  own: readonly string[],
  { inventory }: Pick<AccountOffer, "inventory">,
): string | undefined {
  const stray = (inventory?.reservedAddresses ?? []).filter(
    (one) => one.region === region && one.droplet === undefined && !own.includes(one.address),
  );
  if (stray.length === 0) return undefined;
  const addresses = stray.map(({ address }) => address).sort();
  return (
    `the account has reserved addresses in ${region} that lead to no droplet and that this stack does not know, as an update ` +
    `leaves whose request was repeated or whose end was lost; release those that nobody needs: ` +
    addresses.map((address) => `\`doctl compute reserved-ip delete ${address}\``).join(", ")
  );
}

/** What the cluster declares, by their ids in the account. */
interface Declared {
  readonly vpcId: pulumi.Output<string>;
  readonly firewallId: pulumi.Output<string>;
  /** Undefined if none is declared. */
  readonly loadBalancerId: pulumi.Output<string> | undefined;
  readonly domain: DomainIds;
  readonly volumeIds: readonly pulumi.Output<string>[];
  readonly sshKeyIds: readonly pulumi.Output<string>[];
  readonly reservedAddresses: readonly pulumi.Output<string>[];
}

/**
 * For `dependsOn` of what comes later. Rejects in a preview, which does not know the ids of what an update would make, if
 * the account has something in its way, and warns of addresses that nobody uses. An update makes these things first, and is
 * refused by DigitalOcean itself.
 */
export function checkCreations(
  request: AccountRequest,
  declared: Declared,
  offer: pulumi.Output<AccountOffer>,
  nameOf: ArgumentNames,
  cluster: pulumi.Resource,
): pulumi.Output<pulumi.Resource[]> {
  if (!pulumi.runtime.isDryRun()) return pulumi.output([]);
  const known = (ids: readonly pulumi.Output<string>[]) => pulumi.all(ids.map((id) => valueIfKnown(id)));
  const unknown = (ids: readonly (string | undefined)[]) =>
    ids.flatMap((id, index) => (id === undefined ? [index] : []));
  return after(
    pulumi
      .all([
        offer,
        known([
          declared.vpcId,
          declared.firewallId,
          ...(declared.loadBalancerId ? [declared.loadBalancerId] : []),
        ]),
        known(declared.volumeIds),
        known(declared.sshKeyIds),
        known(declared.reservedAddresses),
        plannedDomain(declared.domain),
      ])
      .apply(([given, [vpcId, firewallId, loadBalancerId], volumeIds, sshKeyIds, addresses, domain]) => {
        const own = addresses.filter((address) => address !== undefined);
        const stray = strayAddresses(request.region, own, given);
        if (stray !== undefined) void pulumi.log.warn(stray, cluster);
        const planned = {
          vpc: vpcId === undefined,
          firewall: firewallId === undefined,
          loadBalancer: declared.loadBalancerId !== undefined && loadBalancerId === undefined,
          volumes: unknown(volumeIds),
          sshPublicKeys: unknown(sshKeyIds),
          reservedAddresses: unknown(addresses).length,
          domain,
        };
        const issues = validateCreations(request, planned, given);
        if (issues.length > 0)
          throw new ResolvedInputError("the account has what the update would make", issues, nameOf);
      }),
  );
}
