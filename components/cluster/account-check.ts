import * as pulumi from "@pulumi/pulumi";
import { clientOf, readAccount, readInventory } from "../clients/digitalocean/account.ts";
import type { AccountDroplet } from "../clients/digitalocean/account.ts";
import { errorMessage } from "../error-message.ts";
import { rangeContains } from "../network/ip-range.ts";
import { OperatorError } from "../operator-error.ts";
import { parseDropletName } from "../nodes/names.ts";
import { clusterDroplets } from "../rollout/observe/account-droplets.ts";
import type { ClusterDroplet } from "../rollout/observe/account-droplets.ts";
import { issuesOf, ResolvedInputError } from "../validation.ts";
import type { ArgumentIssue, ArgumentNames } from "../validation.ts";
import { balancerCertificateWarning } from "./account/certificate-checks.ts";
import { dropletChecks } from "./account/droplet-checks.ts";
import { networkChecks } from "./account/network-checks.ts";
import type { AccountOffer, AccountRequest } from "./account/request.ts";

/** Everything in the request that the account cannot give. */
export function validateAgainstAccount(request: AccountRequest, offer: AccountOffer): ArgumentIssue[] {
  const issues = issuesOf([...networkChecks(request, offer), ...dropletChecks(request, offer)]);
  const clusters = new Set(offer.droplets.map(({ name }) => parseDropletName(name)?.clusterName));
  clusters.delete(undefined);
  // What another cluster has may be what is missing, and this stack's addresses are not known yet.
  if (issues.length === 0 || clusters.size === 0 || clusters.has(request.clusterName)) return issues;
  const reason =
    `the account has no droplet of a cluster "${request.clusterName}", but of ${[...clusters].sort().join(", ")}. If that is ` +
    "this stack's cluster, set its name back: a running cluster keeps its name, also if the stack is renamed, whose name is " +
    "the default";
  return [{ propertyPath: "clusterName", reason }, ...issues];
}

const cannotMove =
  "a running cluster does not move, since its servers could not reach each other on the way. Set it back; or make a new " +
  "stack there, restore the jobs' data and then destroy this one";

/** Why the cluster that is there cannot become the one that is wanted. */
export function validateLocation(
  wanted: Pick<AccountRequest, "region" | "vpcIpRange">,
  droplets: readonly Pick<ClusterDroplet, "name" | "region" | "privateAddress">[],
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
        `the cluster's droplet ${elsewhere.name} is in ${elsewhere.region}, not in "${wanted.region}": ${cannotMove}`,
    ],
    [
      "vpcIpRange",
      outside &&
        `the cluster's droplet ${outside.name} has ${outside.privateAddress}, which is not in "${vpcIpRange}": ${cannotMove}`,
    ],
  ]);
}

/** An offer with all that is known of the account's droplets. */
type ReadOffer = AccountOffer & { readonly droplets: AccountDroplet[] };

/**
 * Asks the account before anything is created, in previews too, and returns what it has. Rejects with every
 * issue found, together; `nameOf` names the arguments.
 */
export function checkAccount(
  request: AccountRequest,
  nameOf: ArgumentNames,
  cluster: pulumi.ComponentResource,
): pulumi.Output<ReadOffer> {
  return pulumi.output(
    readOffer(request, cluster).then((offer) => {
      const own = clusterDroplets(request.clusterName, offer.droplets);
      const moves = validateLocation(request, own);
      const lacking = validateAgainstAccount(request, offer);
      if (moves.length + lacking.length > 0)
        throw new ResolvedInputError(
          "the DigitalOcean account cannot give what is asked",
          [...moves, ...lacking],
          nameOf,
        );
      const warning = balancerCertificateWarning(request, offer);
      if (warning !== undefined)
        void pulumi.log.warn(`${nameOf("loadBalancer.certificateName")}: ${warning}`, cluster);
      return offer;
    }),
  );
}

async function readOffer(request: AccountRequest, cluster: pulumi.ComponentResource): Promise<ReadOffer> {
  const readOwn = async () => {
    const client = await clientOf(cluster);
    if (client.hasToken) return { inventory: await readInventory(client, request) };
    void pulumi.log.warn(
      "the program knows no token of DigitalOcean, so the image, SSH keys, VPCs, reserved addresses and volumes of the " +
        "account are not checked: set digitalocean:token or DIGITALOCEAN_TOKEN",
      cluster,
    );
    return {};
  };
  try {
    const [account, own] = await Promise.all([readAccount({ parent: cluster }), readOwn()]);
    return { ...account, ...own };
  } catch (error) {
    throw new OperatorError(`the DigitalOcean account cannot be read: ${errorMessage(error)}`, {
      cause: error,
    });
  }
}
