import { describe, expect, test } from "vitest";
import { validateCluster } from "../../../../components/cluster/validation.ts";
import type { NomadClusterArgs } from "../../../../components/cluster/args.ts";
import { resolveClusterArgs } from "../../../../components/cluster/defaults.ts";
import { sshPublicKey } from "../../../support/digitalocean/ssh-public-key.ts";

const args: NomadClusterArgs = { operatorCidrs: ["192.0.2.7/32"] };
const issues = (changed: Partial<NomadClusterArgs>) =>
  validateCluster("nomad", { ...args, ...changed }).issues;

describe("a cluster's arguments", () => {
  test("need only the operators' addresses", () => {
    expect(issues({})).toEqual([]);
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
    ["a drain without a unit", { maxDrain: "300" }, "maxDrain"],
    ["a join timeout that is none", { joinTimeout: "soon" }, "joinTimeout"],
    ["no directory for snapshots", { snapshotDirectory: "" }, "snapshotDirectory"],
    ["a range that is not private", { vpcIpRange: "8.8.0.0/20" }, "vpcIpRange"],
    ["a range that is too small", { vpcIpRange: "10.0.0.0/28", clientCount: 20 }, "vpcIpRange"],
    ["operators by IPv6 alone", { operatorCidrs: ["2001:db8::7/128"] }, "operatorCidrs"],
    ["no operator", { operatorCidrs: [] }, "operatorCidrs"],
    ["the whole Internet as operator", { operatorCidrs: ["192.0.2.7/32", "0.0.0.0/0"] }, "operatorCidrs[1]"],
    ["a Nomad version without its sha256", { nomadVersion: "2.0.6" }, "nomadSha256"],
    ["a sha256 that is none", { nomadSha256: "abc" }, "nomadSha256"],
    ["a version range", { nomadVersion: "2.x", nomadSha256: "a".repeat(64) }, "nomadVersion"],
    [
      "a Nomad version that is too old",
      { nomadVersion: "1.4.0", nomadSha256: "a".repeat(64) },
      "nomadVersion",
    ],
    ["the last that is too old", { nomadVersion: "1.10.99", nomadSha256: "a".repeat(64) }, "nomadVersion"],
    ["one of long ago", { nomadVersion: "0.12.0", nomadSha256: "a".repeat(64) }, "nomadVersion"],
    ["a mirror that is no URL", { dockerRegistryMirrors: ["mirror:5000"] }, "dockerRegistryMirrors[0]"],
    ["a name that DigitalOcean would refuse", { clusterName: "My Cluster" }, "clusterName"],
    [
      "a volume under a name that is taken",
      { hostVolumes: [{ name: "agent-state", path: "/x" }] },
      "hostVolumes[0].name",
    ],
    ["a volume at a relative path", { hostVolumes: [{ name: "data", path: "data" }] }, "hostVolumes[0].path"],
    [
      "the whole node for jobs to write to",
      { hostVolumes: [{ name: "host-root", path: "/" }] },
      "hostVolumes[0].readOnly",
    ],
    ["a namespace with a space", { namespaces: ["the watch"] }, "namespaces[0]"],
    ["the namespace that is always there", { namespaces: ["watch", "default"] }, "namespaces[1]"],
    ["a namespace twice", { namespaces: ["watch", "watch"] }, "namespaces[1]"],
    [
      "an attached volume under the name of a host volume",
      { volumes: [{ name: "agent-state", slot: "server-1", size: 1 }] },
      "volumes[0].name",
    ],
    [
      "an attached volume of a slot that is not there",
      { volumes: [{ name: "data", slot: "client-1", size: 1 }] },
      "volumes[0].slot",
    ],
    [
      "an attached volume of no size",
      { volumes: [{ name: "data", slot: "server-3", size: 0 }] },
      "volumes[0].size",
    ],
    [
      "two attached volumes of one name",
      {
        volumes: [
          { name: "data", slot: "server-1", size: 1 },
          { name: "data", slot: "server-2", size: 1 },
        ],
      },
      "volumes[1].name",
    ],
    ["an SSH key that is none", { sshPublicKeys: ["ssh-ed25519 AAAA"] }, "sshPublicKeys[0]"],
    [
      "an SSH key twice",
      { sshPublicKeys: [sshPublicKey(1), sshPublicKey(2), sshPublicKey(1, "again")] },
      "sshPublicKeys[2]",
    ],
    ["Nomad's own port for everyone", { publicPorts: [80, 4646] }, "publicPorts[1]"],
    ["a port that is none", { publicPorts: [0] }, "publicPorts[0]"],
    ["a time without a unit", { readyTimeout: "15" }, "readyTimeout"],
  ])("refuse %s", (_, changed, propertyPath) => {
    expect(issues(changed).map(({ propertyPath }) => propertyPath)).toEqual([propertyPath]);
  });

  test("are refused all together", () => {
    const found = issues({ serverCount: 2, vpcIpRange: "8.8.0.0/20", nomadVersion: "2.0.6" });
    expect(found.map(({ propertyPath }) => propertyPath)).toEqual([
      "serverCount",
      "vpcIpRange",
      "nomadSha256",
    ]);
  });

  test.each(["1.11.0", "1.12.3", "2.0.0"])("may ask for Nomad %s", (nomadVersion) => {
    expect(issues({ nomadVersion, nomadSha256: "a".repeat(64) })).toEqual([]);
  });

  test("may offer the whole node to be read", () => {
    expect(issues({ hostVolumes: [{ name: "host-root", path: "/", readOnly: true }] })).toEqual([]);
  });

  test("may open the API to the Internet when asked for by name", () => {
    expect(issues({ operatorCidrs: ["0.0.0.0/0"], allowOperatorsFromAnywhere: true })).toEqual([]);
  });
});
