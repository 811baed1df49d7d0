import { describe, expect, test } from "vitest";
import type { AccountOffer, AccountRequest } from "../../../../components/cluster/account-check.ts";
import { validateAgainstAccount } from "../../../../components/cluster/account-check.ts";

const request: AccountRequest = {
  clusterName: "blog",
  region: "sgp1",
  size: "s-2vcpu-4gb",
  serverCount: 3,
  clientCount: 0,
  memoryForJobs: 640,
};
const offer: AccountOffer = {
  dropletLimit: 3,
  reservedIpLimit: 3,
  regions: [
    { slug: "sgp1", available: true },
    { slug: "fra1", available: true },
    { slug: "nyc2", available: false },
  ],
  sizes: [
    { slug: "s-2vcpu-4gb", available: true, regions: ["sgp1", "fra1"], memory: 4096 },
    { slug: "s-8vcpu-16gb", available: true, regions: ["fra1"], memory: 16_384 },
    { slug: "512mb", available: false, regions: ["sgp1"], memory: 512 },
  ],
  droplets: [],
};
const paths = (changed: Partial<AccountRequest>, given: Partial<AccountOffer> = {}) =>
  validateAgainstAccount({ ...request, ...changed }, { ...offer, ...given }).map(
    (problem) => problem.propertyPath,
  );

describe("the account check", () => {
  test("passes what the account can give", () => {
    expect(paths({})).toEqual([]);
  });
  test.each([
    ["a region that is not there", { region: "sgp9" }, ["region"]],
    ["a region that takes no droplets", { region: "nyc2" }, ["region"]],
    ["a size that is not there", { size: "s-3vcpu-5gb" }, ["size"]],
    ["a size that is no longer made", { size: "512mb" }, ["size"]],
    ["a size that the region does not have", { size: "s-8vcpu-16gb" }, ["size"]],
    ["jobs that need more memory than a node has left for them", { memoryForJobs: 3585 }, ["size"]],
    ["more droplets than the limit", { clientCount: 1 }, ["serverCount"]],
    ["more servers than reserved addresses", { serverCount: 5 }, ["serverCount", "serverCount"]],
    ["all at once", { region: "x", size: "y", clientCount: 1 }, ["region", "size", "serverCount"]],
  ])("refuses %s", (_, changed, expected) => {
    expect(paths(changed)).toEqual(expected);
  });
  test("counts droplets of others against the limit, and the cluster's own not twice", () => {
    expect(paths({}, { droplets: [{ tags: ["web"] }] })).toEqual(["serverCount"]);
    expect(
      paths({}, { droplets: Array.from({ length: 3 }, () => ({ tags: ["nomad-cluster-blog"] })) }),
    ).toEqual([]);
  });
  test("takes jobs that need just what a node has left for them", () => {
    expect(paths({ memoryForJobs: 4096 - 512 })).toEqual([]);
  });
  test("names the regions that would do", () => {
    expect(validateAgainstAccount({ ...request, region: "x" }, offer)[0]?.reason).toContain("fra1, sgp1");
  });
});
