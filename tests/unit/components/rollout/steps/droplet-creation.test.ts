import { describe, expect, test } from "vitest";
import { lookAtCreations } from "../../../../../components/rollout/steps/droplet-creation.ts";
import type { ClusterDroplet } from "../../../../../components/rollout/observe/account-droplets.ts";
import { clusterDroplet } from "../../../../support/nomad/cluster-droplet.ts";

const creations = { names: new Set(["blog-server-2"]), before: new Set(["1"]) };
const droplet = (changed: Partial<ClusterDroplet> = {}) =>
  clusterDroplet({ id: "2", name: "blog-server-2", status: "new", ...changed });
const time = { now: 1_000, timeout: 600 };

describe("a look at the droplets that an update creates", () => {
  test.each<[string, Partial<ClusterDroplet>, number | undefined, boolean]>([
    ["one that has been new for too long", {}, 400, true],
    ["one that is new for a moment less", {}, 401, false],
    ["one that is seen for the first time", {}, undefined, false],
    ["one that is active", { status: "active" }, 0, false],
    ["one that is off", { status: "off" }, 0, false],
    ["one that was there before the update", { id: "1" }, 0, false],
    ["one of a slot that nobody waits for", { name: "blog-server-1" }, 0, false],
    ["one whose name only begins like the slot's", { name: "blog-server-20" }, 0, false],
  ])("takes %s: overdue?", (_what, changed, seen, overdue) => {
    const listed = droplet(changed);
    const firstSeen = new Map(seen === undefined ? [] : [[listed.id, seen]]);
    expect(lookAtCreations([listed], creations, firstSeen, time).overdue).toEqual(overdue ? [listed] : []);
  });

  test("keeps the time at which each was seen first, and forgets those that are active or gone", () => {
    const firstSeen = new Map([
      ["2", 900],
      ["3", 800],
      ["4", 700],
    ]);
    const listed = [droplet(), droplet({ id: "3", status: "active" }), droplet({ id: "5" })];
    expect([...lookAtCreations(listed, creations, firstSeen, time).firstSeen]).toEqual([
      ["2", 900],
      ["5", 1_000],
    ]);
  });
});
