import { describe, expect, test } from "vitest";
import { clusterFaults, loose, orphans } from "../../drills/faults/convergence.ts";

const droplet = (id: string) => ({ kind: "droplet", id, name: `server-${id}` });
const address = (id: string, to?: string) => ({
  kind: "reserved address",
  id,
  name: id,
  ...(to !== undefined && { droplet: to }),
});
const resource = (type: string, id: string, outputs: Record<string, unknown> = {}) => ({
  type: `digitalocean:index/${type}`,
  urn: `urn:${type}:${id}`,
  id,
  outputs,
});
const assignment = resource("reservedIpAssignment:ReservedIpAssignment", "1-192.0.2.1-x", {
  ipAddress: "192.0.2.1",
  dropletId: 1,
});
const deployment = {
  resources: [resource("droplet:Droplet", "1"), resource("reservedIp:ReservedIp", "192.0.2.1"), assignment],
};

describe("an account", () => {
  test("that is what Pulumi's state says is accepted", () => {
    const account = [droplet("1"), address("192.0.2.1", "1")];
    expect(orphans(account, deployment)).toEqual([]);
    expect(loose(account, deployment)).toEqual([]);
  });

  test("with more than Pulumi knows has orphans", () => {
    const account = [droplet("1"), droplet("2"), address("192.0.2.1", "1"), address("192.0.2.2")];
    expect(orphans(account, deployment).map(({ id }) => id)).toEqual(["2", "192.0.2.2"]);
  });

  test("with less, or otherwise assigned, or unfinished, is told", () => {
    expect(
      loose([address("192.0.2.1", "2")], {
        resources: [...deployment.resources, { ...resource("tag:Tag", "old"), delete: true }],
        pending_operations: [{}],
      }),
    ).toEqual([
      "192.0.2.1 leads to 2, not to 1",
      "digitalocean:index/droplet:Droplet 1 is in the state only",
      "digitalocean:index/tag:Tag old is in the state only",
      "digitalocean:index/tag:Tag old is still to be deleted",
      "the state has a pending operation",
    ]);
  });
});

test("a cluster is as declared with one ready, eligible node and one healthy voter a name, and no more", () => {
  const node = (Name: string, Status = "ready", SchedulingEligibility = "eligible") => ({
    Name,
    Status,
    SchedulingEligibility,
  });
  const server = (name: string, healthy = true) => ({ name, healthy });
  expect(clusterFaults({ nodes: [node("a")], servers: [server("a")] }, ["a"])).toEqual([]);
  expect(
    clusterFaults(
      { nodes: [node("a", "ready", "ineligible"), node("b", "down")], servers: [server("b", false)] },
      ["a"],
    ),
  ).toEqual([
    "Nomad has the nodes a, b, not a",
    "the Raft peers are b, not a",
    "a is ready and ineligible",
    "b is down and eligible",
    "b is no healthy voter",
  ]);
});
