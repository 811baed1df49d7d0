import * as pulumi from "@pulumi/pulumi";
import { OperatorError } from "../../operator-error.ts";
import { valueIfKnown } from "../../value-if-known.ts";
import { formatIssues, issuesOf } from "../../validation.ts";
import type { ArgumentNames } from "../../validation.ts";
import { hasAllDroplets, newDropletChecks } from "./droplet-checks.ts";
import type { AccountOffer, AccountRequest } from "./request.ts";

/**
 * What the account lacks for new droplets, such as an image that DigitalOcean has retired, where an update may need none
 * because every slot has a droplet. Undefined if nothing is missing.
 */
export function missingForNewDroplets(
  request: AccountRequest,
  offer: AccountOffer,
  nameOf: ArgumentNames,
): string | undefined {
  if (!hasAllDroplets(request, offer)) return undefined;
  const issues = issuesOf(newDropletChecks(request, offer)).map(({ propertyPath, reason }) => ({
    propertyPath: nameOf(propertyPath),
    reason,
  }));
  return issues.length === 0
    ? undefined
    : formatIssues("the DigitalOcean account cannot make another droplet of this cluster", issues);
}

/**
 * Warns of what is missing for new droplets. A preview rejects instead if one is to be made; in an update the rollout refuses
 * it before the old one goes.
 */
export function checkNewDroplets(
  missing: pulumi.Output<string | undefined>,
  nodeNames: readonly pulumi.Output<string>[],
  cluster: pulumi.Resource,
): pulumi.Output<void> {
  const made = pulumi.runtime.isDryRun() ? areSomeMade(nodeNames) : false;
  return pulumi.all([missing, made]).apply(([reason, isMade]) => {
    if (reason === undefined) return;
    if (isMade) throw new OperatorError(reason);
    void pulumi.log.warn(`${reason}\nAn update that makes none goes on.`, cluster);
  });
}

/** True in a preview that makes or replaces the droplet of a node: then the droplet's id, and so the name, is not known. */
export function areSomeMade(nodeNames: readonly pulumi.Output<string>[]): pulumi.Output<boolean> {
  return pulumi
    .all(nodeNames.map((name) => valueIfKnown(name)))
    .apply((names) => names.some((name) => name === undefined));
}
