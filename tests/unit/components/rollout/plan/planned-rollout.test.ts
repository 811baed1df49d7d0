import fc from "fast-check";
import { expect, test } from "vitest";
import { formatPlan } from "../../../../../components/rollout/plan/format-plan.ts";
import { planRollout } from "../../../../../components/rollout/plan/plan.ts";
import { plannedChange, plannedRollout } from "../../../../../components/rollout/plan/planned-rollout.ts";
import { clusters, clusterState, desiredSlots } from "../../../../support/nomad/cluster-state.ts";

test("a plan as data names droplets, slots and the leader, in the order of the changes", () => {
  const plan = planRollout(
    desiredSlots(["server-1", "server-2", "server-3"]),
    clusterState([
      { slot: "server-1", specHash: "old", leads: true },
      { slot: "server-2", size: "s-1vcpu-2gb" },
      { slot: "client-1" },
    ]),
  );
  expect(plannedRollout(plan)).toEqual({
    version: 1,
    summary: formatPlan(plan),
    changes: [
      { droplet: "blog-server-3", slot: "server-3", action: "create", leader: false },
      { droplet: "blog-server-2", slot: "server-2", action: "resize", leader: false },
      { droplet: "blog-server-1", slot: "server-1", action: "replace", leader: true },
      { droplet: "blog-client-1", slot: "client-1", action: "remove", leader: false },
    ],
  });
});

test("nothing is planned where nothing changes", () => {
  const plan = planRollout(desiredSlots(["server-1"]), clusterState([{ slot: "server-1" }]));
  expect(plannedRollout(plan)).toBeUndefined();
});

test("a server that Nomad has not forgotten is planned for, and is no change of the stack", () => {
  const left = { slot: "server-2", droplet: false, alive: false, healthy: false } as const;
  const planOf = (specHash: string) =>
    planRollout(desiredSlots(["server-1"]), clusterState([{ slot: "server-1", specHash }, left]));
  expect(plannedRollout(planOf("new"))?.summary).toBe("dead servers dropped: blog-server-2-101");
  expect(plannedChange(planOf("new"))).toBeUndefined();
  expect(plannedChange(planOf("old"))?.changes.map(({ slot }) => slot)).toEqual(["server-1"]);
});

test("a plan as data has every slot that changes once, in the order of the waves, and survives JSON", () => {
  fc.assert(
    fc.property(clusters, ({ desired, states }) => {
      const plan = planRollout(desired, clusterState(states));
      const changed = plan.waves.flat().filter(({ action }) => action !== "keep");
      const planned = plannedRollout(plan);
      expect(planned?.changes.map(({ slot, action }) => [slot, action]) ?? []).toEqual([
        ...changed.map(({ desired: { slot }, action }) => [slot, action]),
        ...plan.removals.map(({ slot }) => [slot, "remove"]),
      ]);
      if (planned) expect(JSON.parse(JSON.stringify(planned))).toEqual(planned);
    }),
  );
});
