import type { ArgumentIssue } from "../validation.ts";
import { rangeContains } from "../network/ip-range.ts";

/** Where the program wants the cluster to be. */
export interface ClusterLocation {
  /** Region slug. */
  readonly region: string;
  readonly vpcIpRange: string;
}

/** Where a droplet of the cluster is. */
export interface DropletLocation {
  readonly region: string;
  /** Address in the VPC; empty while it has none. */
  readonly privateAddress: string;
}

const advice =
  "a running cluster does not move, since its servers could not reach each other on the way. Set it back; or make a new " +
  "stack there, restore the jobs' data and then destroy this one";

/** Why the cluster that is there cannot become the one that is wanted. */
export function locationProblems(
  wanted: ClusterLocation,
  droplets: readonly DropletLocation[],
): ArgumentIssue[] {
  const problems: ArgumentIssue[] = [];
  const elsewhere = droplets.find(({ region }) => region !== wanted.region);
  if (elsewhere)
    problems.push({
      propertyPath: "region",
      reason: `the cluster's droplets are in ${elsewhere.region}, not in "${wanted.region}": ${advice}`,
    });
  const outside = droplets.find(
    ({ privateAddress }) => privateAddress !== "" && !rangeContains(wanted.vpcIpRange, privateAddress),
  );
  if (outside)
    problems.push({
      propertyPath: "vpcIpRange",
      reason: `a droplet of the cluster has ${outside.privateAddress}, which is not in "${wanted.vpcIpRange}": ${advice}`,
    });
  return problems;
}
