import { describe, expect, test } from "vitest";
import type { NodeOffer } from "../../../../components/clients/nomad/types.ts";
import { placementIssue, usableNodes } from "../../../../components/jobs/spec/placement.ts";

const node = (Name: string, changed: Partial<NodeOffer> = {}): NodeOffer => ({
  Name,
  Status: "ready",
  Datacenter: "sgp1",
  NodePool: "default",
  Drivers: { docker: { Healthy: true }, exec: { Healthy: true } },
  HostVolumes: null,
  ...changed,
});
const down = node("down", { Status: "down" });
const inApps = node("apps", { NodePool: "apps" });
const withoutDocker = node("bare", { Drivers: { exec: { Healthy: true }, docker: { Healthy: false } } });

describe("a job of a datacenter", () => {
  test.each([
    ["one node that is ready and has Docker", "sgp1", [node("one"), down, inApps, withoutDocker]],
    ["a pattern that the datacenter matches", "sg*", [node("one")]],
    ["any datacenter", "*", [node("one", { Datacenter: "dc.1" })]],
  ])("can be placed with %s", (_, datacenter, nodes) => {
    expect(placementIssue(nodes, datacenter)).toBeUndefined();
    expect(usableNodes(nodes, datacenter).map(({ Name }) => Name)).toEqual(["one"]);
  });

  test.each<[string, string, NodeOffer[], string, string]>([
    ["there are no nodes", "sgp1", [], "connection", "leads to a cluster without nodes"],
    [
      "all are in others",
      "dc1",
      [node("a"), node("b"), node("c", { Datacenter: "fra1" })],
      "connection.datacenter",
      'no node is in "dc1"; nodes are in fra1 (1), sgp1 (2)',
    ],
    [
      "a dot is no pattern",
      "sgp.",
      [node("a")],
      "connection.datacenter",
      'no node is in "sgp."; nodes are in sgp1 (1)',
    ],
    [
      "all are in another node pool",
      "sgp1",
      [inApps, node("x", { Datacenter: "fra1" })],
      "connection",
      'of the nodes in "sgp1" none is in the node pool "default", in which the job runs; they are in apps (1)',
    ],
    [
      "all are down",
      "sgp1",
      [down, down, inApps],
      "connection",
      'of the nodes in "sgp1" none is ready; they are down (2)',
    ],
    [
      "none has a Docker that works",
      "sgp1",
      [withoutDocker, node("none", { Drivers: null }), down],
      "connection",
      'of the nodes in "sgp1" none that is ready has a healthy docker driver; bare has exec; none has no driver',
    ],
  ])("cannot when %s", (_, datacenter, nodes, propertyPath, reason) => {
    expect(placementIssue(nodes, datacenter)).toEqual({ propertyPath, reason });
    expect(usableNodes(nodes, datacenter)).toEqual([]);
  });
});
