import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../arguments.ts";
import { describeProblems } from "../arguments.ts";
import { clusterTag } from "../network/cluster-network.ts";

/** What is asked of the account. */
export interface AccountRequest {
  readonly clusterName: string;
  readonly region: string;
  readonly size: string;
  readonly serverCount: number;
  readonly clientCount: number;
}

/** What the account offers, as the API's lists give it. */
export interface AccountOffer {
  readonly dropletLimit: number;
  readonly reservedIpLimit: number;
  readonly regions: readonly { slug: string; available: boolean }[];
  readonly sizes: readonly { slug: string; available: boolean; regions: readonly string[] }[];
  readonly droplets: readonly { tags: readonly string[] }[];
}

/** Everything in the request that the account cannot give. */
export function accountProblems(request: AccountRequest, offer: AccountOffer): Problem[] {
  const problems: Problem[] = [];
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

/** Everything that the account cannot give, together. */
class AccountError extends pulumi.RunError {
  constructor(problems: readonly Problem[]) {
    super();
    // Pulumi puts the name of each property that waited for the check before the message; no operator wants to read it.
    Object.defineProperty(this, "message", {
      get: () => describeProblems("the DigitalOcean account cannot give what is asked", problems),
      set: () => undefined,
    });
  }
}

/** Asks the account before anything is created, in previews too. Rejects with every problem found, together. */
export function checkAccount(request: AccountRequest, opts: pulumi.InvokeOptions): pulumi.Output<void> {
  const offer = Promise.all([
    digitalocean.getAccount(opts),
    digitalocean.getRegions({}, opts),
    digitalocean.getSizes({}, opts),
    digitalocean.getDroplets({}, opts),
  ]);
  return pulumi.output(
    offer.then(([account, regions, sizes, droplets]) => {
      const problems = accountProblems(request, {
        dropletLimit: account.dropletLimit,
        // The API's older name for reserved addresses.
        reservedIpLimit: account.floatingIpLimit,
        regions: regions.regions,
        sizes: sizes.sizes,
        droplets: droplets.droplets,
      });
      if (problems.length > 0) throw new AccountError(problems);
    }),
  );
}
