import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import type { ArgumentIssue } from "../validation.ts";
import { ResolvedInputError } from "../validation.ts";
import { reservedMemory } from "../nodes/nomad-configuration.ts";
import { clusterTag } from "../network/cluster-network.ts";
import { clusterDroplets } from "../rollout/observe/account-droplets.ts";
import type { ClusterDroplet } from "../rollout/observe/account-droplets.ts";
import { locationProblems } from "./cluster-location.ts";
import type { ClusterLocation } from "./cluster-location.ts";

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
export function accountProblems(request: AccountRequest, offer: AccountOffer): ArgumentIssue[] {
  const problems: ArgumentIssue[] = [];
  const regions = offer.regions.filter((region) => region.available).map((region) => region.slug);
  const regionIsKnown = regions.includes(request.region);
  if (!regionIsKnown)
    problems.push({
      propertyPath: "region",
      reason: `"${request.region}" is not a region of DigitalOcean that takes droplets; it has ${regions.sort().join(", ")}`,
    });

  const size = offer.sizes.find(({ slug }) => slug === request.size);
  if (!size?.available)
    problems.push({
      propertyPath: "size",
      reason: `"${request.size}" is not a droplet size of DigitalOcean; see https://slugs.do-api.dev, for example "s-2vcpu-4gb"`,
    });
  else if (regionIsKnown && !size.regions.includes(request.region))
    problems.push({
      propertyPath: "size",
      reason: `"${request.size}" is not to be had in ${request.region}; it is in ${[...size.regions].sort().join(", ")}`,
    });

  // An upper bound: the kernel keeps some of a droplet's memory for itself.
  const memoryForJobs = !size?.available ? Infinity : size.memory - reservedMemory;
  if (request.memoryForJobs > memoryForJobs)
    problems.push({
      propertyPath: "size",
      reason:
        `"${request.size}" has ${memoryForJobs} MiB a node for jobs and they need ${request.memoryForJobs} MiB on one ` +
        "node; choose a larger size or lower the jobs' memory",
    });

  const { serverCount, clientCount } = request;
  if (serverCount > offer.reservedIpLimit)
    problems.push({
      propertyPath: "serverCount",
      reason:
        `${serverCount} servers need a reserved address each and the account may have ${offer.reservedIpLimit}; ` +
        "ask DigitalOcean for a higher limit or lower the count",
    });

  const nodes = serverCount + clientCount;
  const tag = clusterTag(request.clusterName);
  const others = offer.droplets.filter((droplet) => !droplet.tags.includes(tag)).length;
  if (others + nodes > offer.dropletLimit)
    problems.push({
      propertyPath: "serverCount",
      reason:
        `${nodes} nodes (serverCount + clientCount) do not fit: the account may have ${offer.dropletLimit} droplets ` +
        `and has ${others} others; ask DigitalOcean for a higher limit or lower the counts`,
    });
  return problems;
}

/**
 * Asks the account before anything is created, in previews too, and returns the cluster's droplets. Rejects with every
 * problem found, together.
 */
export function checkAccount(
  request: AccountRequest & ClusterLocation,
  opts: pulumi.InvokeOptions,
): pulumi.Output<ClusterDroplet[]> {
  const offer = Promise.all([
    digitalocean.getAccount(opts),
    digitalocean.getRegions({}, opts),
    digitalocean.getSizes({}, opts),
    digitalocean.getDroplets({}, opts),
  ]);
  return pulumi.output(
    offer.then(([account, regions, sizes, { droplets }]) => {
      const problems = accountProblems(request, {
        dropletLimit: account.dropletLimit,
        // The API's older name for reserved addresses.
        reservedIpLimit: account.floatingIpLimit,
        regions: regions.regions,
        sizes: sizes.sizes,
        droplets,
      });
      if (problems.length > 0)
        throw new ResolvedInputError("the DigitalOcean account cannot give what is asked", problems);
      const own = droplets
        .filter(({ tags }) => tags.includes(clusterTag(request.clusterName)))
        .map(({ ipv4AddressPrivate, ipv4Address, ...droplet }) => ({
          ...droplet,
          privateAddress: ipv4AddressPrivate,
          publicAddress: ipv4Address,
        }));
      const moves = locationProblems(request, own);
      if (moves.length > 0) throw new ResolvedInputError("the cluster cannot move", moves);
      return clusterDroplets(request.clusterName, droplets);
    }),
  );
}
