import * as pulumi from "@pulumi/pulumi";
import { issuesOf, ResolvedInputError } from "../validation.ts";
import type { ArgumentIssue, ArgumentNames } from "../validation.ts";
import { reservedMemory } from "../nodes/nomad-configuration.ts";
import { readAccount } from "../clients/digitalocean/account.ts";
import { clusterTag } from "../network/cluster-network.ts";
import { clusterDroplets } from "../rollout/observe/account-droplets.ts";
import type { ClusterDroplet } from "../rollout/observe/account-droplets.ts";
import { rangeContains } from "../network/ip-range.ts";

/** What is asked of the account. */
export interface AccountRequest {
  readonly clusterName: string;
  readonly region: string;
  readonly size: string;
  readonly serverCount: number;
  readonly clientCount: number;
  /** MiB that jobs need on one node at once. */
  readonly memoryForJobs: number;
}

/** What the account offers, as the API's lists give it. */
export interface AccountOffer {
  readonly dropletLimit: number;
  readonly reservedIpLimit: number;
  readonly regions: readonly { slug: string; available: boolean }[];
  readonly sizes: readonly {
    slug: string;
    available: boolean;
    regions: readonly string[];
    /** MiB. */
    memory: number;
  }[];
  readonly droplets: readonly { tags: readonly string[] }[];
}

/** Everything in the request that the account cannot give. */
export function validateAgainstAccount(request: AccountRequest, offer: AccountOffer): ArgumentIssue[] {
  return issuesOf([
    ["region", checkRegion(request, offer)],
    ["size", checkSize(request, offer)],
    ["size", checkMemory(request, offer)],
    ["serverCount", checkReservedAddresses(request, offer)],
    ["serverCount", checkDropletLimit(request, offer)],
  ]);
}

function availableRegions({ regions }: AccountOffer): string[] {
  return regions.filter(({ available }) => available).map(({ slug }) => slug);
}

function availableSize({ size }: AccountRequest, { sizes }: AccountOffer) {
  return sizes.find(({ slug, available }) => slug === size && available);
}

function checkRegion({ region }: AccountRequest, offer: AccountOffer): string | undefined {
  const regions = availableRegions(offer);
  if (regions.includes(region)) return undefined;
  return `"${region}" is not a region of DigitalOcean that takes droplets; it has ${regions.sort().join(", ")}`;
}

function checkSize(request: AccountRequest, offer: AccountOffer): string | undefined {
  const size = availableSize(request, offer);
  if (!size)
    return `"${request.size}" is not a droplet size of DigitalOcean; see https://slugs.do-api.dev, for example "s-2vcpu-4gb"`;
  if (!availableRegions(offer).includes(request.region) || size.regions.includes(request.region))
    return undefined;
  const regions = [...size.regions].sort().join(", ");
  return `"${request.size}" is not available in ${request.region}; it is available in ${regions}`;
}

function checkMemory(request: AccountRequest, offer: AccountOffer): string | undefined {
  // An upper bound: the kernel keeps some of a droplet's memory for itself.
  const memory = (availableSize(request, offer)?.memory ?? Infinity) - reservedMemory;
  if (request.memoryForJobs <= memory) return undefined;
  return (
    `"${request.size}" has ${memory} MiB a node for jobs and they need ${request.memoryForJobs} MiB on one ` +
    "node; choose a larger size or lower the jobs' memory"
  );
}

function checkReservedAddresses({ serverCount }: AccountRequest, offer: AccountOffer): string | undefined {
  if (serverCount <= offer.reservedIpLimit) return undefined;
  return (
    `${serverCount} servers need a reserved address each and the account may have ${offer.reservedIpLimit}; ` +
    "ask DigitalOcean for a higher limit or lower the count"
  );
}

function checkDropletLimit(request: AccountRequest, offer: AccountOffer): string | undefined {
  const nodes = request.serverCount + request.clientCount;
  const tag = clusterTag(request.clusterName);
  const others = offer.droplets.filter((droplet) => !droplet.tags.includes(tag)).length;
  if (others + nodes <= offer.dropletLimit) return undefined;
  return (
    `${nodes} nodes (serverCount + clientCount) do not fit: the account may have ${offer.dropletLimit} droplets ` +
    `and has ${others} others; ask DigitalOcean for a higher limit or lower the counts`
  );
}

/** Where the program wants the cluster to be. */
export interface ClusterLocation {
  /** Region slug. */
  readonly region: string;
  /** Undefined: whichever range DigitalOcean has chosen. */
  readonly vpcIpRange?: string;
}

const cannotMove =
  "a running cluster does not move, since its servers could not reach each other on the way. Set it back; or make a new " +
  "stack there, restore the jobs' data and then destroy this one";

/** Why the cluster that is there cannot become the one that is wanted. */
export function validateLocation(
  wanted: ClusterLocation,
  droplets: readonly Pick<ClusterDroplet, "region" | "privateAddress">[],
): ArgumentIssue[] {
  const elsewhere = droplets.find(({ region }) => region !== wanted.region);
  const { vpcIpRange } = wanted;
  const outside =
    vpcIpRange === undefined
      ? undefined
      : droplets.find(
          ({ privateAddress }) => privateAddress !== "" && !rangeContains(vpcIpRange, privateAddress),
        );
  return issuesOf([
    [
      "region",
      elsewhere &&
        `the cluster's droplets are in ${elsewhere.region}, not in "${wanted.region}": ${cannotMove}`,
    ],
    [
      "vpcIpRange",
      outside &&
        `a droplet of the cluster has ${outside.privateAddress}, which is not in "${vpcIpRange}": ${cannotMove}`,
    ],
  ]);
}

/**
 * Asks the account before anything is created, in previews too, and returns the cluster's droplets. Rejects with every
 * issue found, together; `nameOf` names the arguments.
 */
export function checkAccount(
  request: AccountRequest & ClusterLocation,
  nameOf: ArgumentNames,
  opts: pulumi.InvokeOptions,
): pulumi.Output<ClusterDroplet[]> {
  return pulumi.output(
    readAccount(opts).then((offer) => {
      const { droplets } = offer;
      const lacking = validateAgainstAccount(request, offer);
      if (lacking.length > 0)
        throw new ResolvedInputError("the DigitalOcean account cannot give what is asked", lacking, nameOf);
      const own = clusterDroplets(request.clusterName, droplets);
      const moves = validateLocation(request, own);
      if (moves.length > 0) throw new ResolvedInputError("the cluster cannot move", moves, nameOf);
      return own;
    }),
  );
}
