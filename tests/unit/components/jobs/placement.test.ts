import { describe, expect, test } from "vitest";
import type { NodeOffer } from "../../../../components/clients/nomad/types.ts";
import { placementIssue, unusableNodes, usableNodes } from "../../../../components/jobs/spec/placement.ts";

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
    expect(placementIssue(nodes, { datacenters: [datacenter] })).toBeUndefined();
    expect(usableNodes(nodes, { datacenters: [datacenter] }).map(({ Name }) => Name)).toEqual(["one"]);
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
      "nodePool",
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
    expect(placementIssue(nodes, { datacenters: [datacenter] })).toEqual({ propertyPath, reason });
    expect(usableNodes(nodes, { datacenters: [datacenter] })).toEqual([]);
  });
});

describe("a job of several datacenters and a node pool", () => {
  const away = node("away", { Datacenter: "fra1" });
  const names = (placement: Parameters<typeof usableNodes>[1]) =>
    usableNodes([node("one"), away, inApps, withoutDocker], placement).map(({ Name }) => Name);

  test("runs on the nodes of all of them, and of the pool", () => {
    expect(names({ datacenters: ["sgp1"] })).toEqual(["one"]);
    expect(names({ datacenters: ["sgp1", "fra1"] })).toEqual(["one", "away"]);
    expect(names({ datacenters: ["*"], nodePool: "apps" })).toEqual(["apps"]);
    expect(names({ datacenters: ["*"], nodePool: "all" })).toEqual(["one", "away", "apps"]);
  });

  test("says what there is in the argument that is wrong", () => {
    expect(placementIssue([away], { datacenters: ["dc1", "dc2"] }, "datacenters")).toEqual({
      propertyPath: "datacenters",
      reason: 'no node is in "dc1" or "dc2"; nodes are in fra1 (1)',
    });
    expect(placementIssue([node("one")], { datacenters: ["sgp1"], nodePool: "night" })).toEqual({
      propertyPath: "nodePool",
      reason:
        'of the nodes in "sgp1" none is in the node pool "night", in which the job runs; they are in default (1)',
    });
  });

  test("names the nodes that are ready and cannot run it, but not those that the pool leaves out", () => {
    const nodes = [node("one"), inApps, withoutDocker, down, away];
    expect(unusableNodes(nodes, { datacenters: ["sgp1"] })).toEqual([
      'apps is in the node pool "apps"',
      "bare has no healthy docker driver",
    ]);
    expect(unusableNodes(nodes, { datacenters: ["sgp1"], nodePool: "apps" })).toEqual([]);
  });
});
