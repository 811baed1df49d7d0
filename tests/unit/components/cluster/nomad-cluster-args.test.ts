import { describe, expect, test } from "vitest";
import {
  clusterArgsProblems,
  resolveClusterArgs,
} from "../../../../components/cluster/nomad-cluster-args.ts";
import type { NomadClusterArgs } from "../../../../components/cluster/nomad-cluster-args.ts";

const args: NomadClusterArgs = { operatorCidrs: ["192.0.2.7/32"] };
const problems = (changed: Partial<NomadClusterArgs>) =>
  clusterArgsProblems("nomad", { ...args, ...changed });

describe("a cluster's arguments", () => {
  test("need only the operators' addresses", () => {
    expect(problems({})).toEqual([]);
    expect(resolveClusterArgs("nomad", args)).toMatchObject({
      region: "sgp1",
      datacenter: "sgp1",
      size: "s-2vcpu-4gb",
      image: "debian-12-x64",
      serverCount: 3,
      clientCount: 0,
      nomadVersion: "2.0.7",
    });
  });

  test.each<[string, Partial<NomadClusterArgs>, string]>([
    ["two servers", { serverCount: 2 }, "serverCount"],
    ["a negative number of clients", { clientCount: -1 }, "clientCount"],
    ["a range that is not private", { vpcIpRange: "8.8.0.0/20" }, "vpcIpRange"],
    ["a range that is too small", { vpcIpRange: "10.0.0.0/28", clientCount: 20 }, "vpcIpRange"],
    ["no operator", { operatorCidrs: [] }, "operatorCidrs"],
    ["the whole Internet as operator", { operatorCidrs: ["192.0.2.7/32", "0.0.0.0/0"] }, "operatorCidrs[1]"],
    ["a Nomad version without its sha256", { nomadVersion: "2.0.6" }, "nomadSha256"],
    ["a sha256 that is none", { nomadSha256: "abc" }, "nomadSha256"],
    ["a version range", { nomadVersion: "2.x", nomadSha256: "a".repeat(64) }, "nomadVersion"],
    ["a mirror that is no URL", { dockerRegistryMirrors: ["mirror:5000"] }, "dockerRegistryMirrors[0]"],
    ["a name that DigitalOcean would refuse", { clusterName: "My Cluster" }, "clusterName"],
    [
      "a volume under a name that is taken",
      { hostVolumes: [{ name: "agent-state", path: "/x" }] },
      "hostVolumes[0].name",
    ],
    ["a volume at a relative path", { hostVolumes: [{ name: "data", path: "data" }] }, "hostVolumes[0].path"],
    ["a time without a unit", { readyTimeout: "15" }, "readyTimeout"],
  ])("refuse %s", (_, changed, propertyPath) => {
    expect(problems(changed).map((problem) => problem.propertyPath)).toEqual([propertyPath]);
  });

  test("are refused all together", () => {
    const found = problems({ serverCount: 2, vpcIpRange: "8.8.0.0/20", nomadVersion: "2.0.6" });
    expect(found.map((problem) => problem.propertyPath)).toEqual([
      "serverCount",
      "vpcIpRange",
      "nomadSha256",
    ]);
  });

  test("may open the API to the Internet when asked for by name", () => {
    expect(problems({ operatorCidrs: ["0.0.0.0/0"], allowOperatorsFromAnywhere: true })).toEqual([]);
  });
});
