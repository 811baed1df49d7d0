import { isDropletOf } from "../../nodes/names.ts";
import { rangesOverlap } from "../../network/ip-range.ts";
import type { Check } from "../../validation.ts";
import { volumeNameOf } from "../volumes.ts";
import { checkBalancerCertificate } from "./certificate-checks.ts";
import { accountDomainChecks } from "./domain-checks.ts";
import { availableRegions } from "./request.ts";
import type { AccountOffer, AccountRequest } from "./request.ts";

/** Whether the account has room for the network and the volumes that are asked for. */
export function networkChecks(request: AccountRequest, offer: AccountOffer): Check[] {
  return [
    ["region", checkRegion(request, offer)],
    ["vpcIpRange", checkVpcRange(request, offer)],
    ["serverCount", checkReservedAddresses(request, offer)],
    ["loadBalancer.certificateName", checkBalancerCertificate(request, offer)],
    ...accountDomainChecks(request, offer),
    ...volumeChecks(request, offer),
  ];
}

function checkRegion({ region }: AccountRequest, offer: AccountOffer): string | undefined {
  const regions = availableRegions(offer);
  if (regions.includes(region)) return undefined;
  return `"${region}" is not a region of DigitalOcean that takes droplets; it has ${regions.join(", ")}`;
}

function checkVpcRange(
  { clusterName, vpcIpRange }: AccountRequest,
  { inventory }: AccountOffer,
): string | undefined {
  if (vpcIpRange === undefined) return undefined;
  // A VPC's name is unique in the account: the one of this name is the cluster's own.
  const other = inventory?.vpcs.find(
    ({ name, ipRange }) => name !== clusterName && rangesOverlap(vpcIpRange, ipRange),
  );
  if (!other) return undefined;
  return (
    `"${vpcIpRange}" overlaps with ${other.ipRange} of the VPC ${other.name} in ${other.region}; choose another range, or ` +
    "leave it out and DigitalOcean chooses a free one"
  );
}

function checkReservedAddresses(
  { clusterName, region, serverCount }: AccountRequest,
  { reservedIpLimit, inventory }: AccountOffer,
): string | undefined {
  const addresses = inventory?.reservedAddresses ?? [];
  const own = addresses.filter((one) => isDropletOf(clusterName, one.droplet?.name ?? "")).length;
  // One that leads nowhere may be left of an update that was interrupted, and be the cluster's.
  const free = addresses.filter((one) => one.droplet === undefined && one.region === region).length;
  const others = addresses.length - own - Math.min(free, Math.max(0, serverCount - own));
  if (serverCount + others <= reservedIpLimit) return undefined;
  const inUse = others === 0 ? "" : `, ${others} of them not this cluster's`;
  return (
    `${serverCount} servers need a reserved address each, the account may have ${reservedIpLimit} and has ` +
    `${addresses.length}${inUse}; release some, ask DigitalOcean for a higher limit or lower the count`
  );
}

function volumeChecks(request: AccountRequest, { droplets, inventory }: AccountOffer): Check[] {
  return request.volumes.map(({ name }, index): Check => {
    const volumeName = volumeNameOf(request.clusterName, name);
    const ids = inventory?.volumes.find((volume) => volume.name === volumeName)?.dropletIds ?? [];
    const owner = droplets.find(
      (droplet) => ids.includes(String(droplet.id)) && !isDropletOf(request.clusterName, droplet.name),
    );
    return [
      `volumes[${index}].name`,
      owner &&
        `the name ${volumeName} is taken in ${request.region} by a volume of the droplet ${owner.name}, which is not this ` +
          "cluster's; give another name, or the cluster another clusterName",
    ];
  });
}
