import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nodeNameOf } from "../../../../../components/nodes/names.ts";
import type { Slot } from "../../../../../components/nodes/names.ts";
import type { DesiredSlot } from "../../../../../components/rollout/observe/cluster-state.ts";
import { formatPlan } from "../../../../../components/rollout/plan/format-plan.ts";
import { planRollout } from "../../../../../components/rollout/plan/plan.ts";
import type { RolloutPlan } from "../../../../../components/rollout/plan/plan.ts";
import { clusters, clusterState, desiredSlots } from "../../../../support/nomad/cluster-state.ts";
import type { SlotState } from "../../../../support/nomad/cluster-state.ts";

const order = (plan: RolloutPlan) =>
  plan.waves.map((wave) => wave.map(({ desired, action }) => `${desired.slot} ${action}`).join(" + "));
const servers: Slot[] = ["server-1", "server-2", "server-3"];
const withClients: Slot[] = [...servers, "client-1", "client-2"];
const plan = (desired: readonly DesiredSlot[], states: readonly SlotState[]) =>
  planRollout(desired, clusterState(states));

describe("the plan of a rollout", () => {
  test("keeps what has not changed, servers one after another", () => {
    const result = plan(
      desiredSlots(withClients),
      withClients.map((slot) => ({ slot })),
    );
    expect(order(result)).toEqual([
      "client-1 keep",
      "client-2 keep",
      "server-1 keep",
      "server-2 keep",
      "server-3 keep",
    ]);
    expect(formatPlan(result)).toBeUndefined();
  });

  test("replaces clients, then servers, the leader last, and says so", () => {
    const result = plan(desiredSlots([...servers, "client-1"]), [
      { slot: "server-1", specHash: "old", leads: true },
      { slot: "server-2", specHash: "old" },
      { slot: "server-3", specHash: "old" },
      { slot: "client-1", specHash: "old" },
    ]);
    expect(order(result)).toEqual([
      "client-1 replace",
      "server-2 replace",
      "server-3 replace",
      "server-1 replace",
    ]);
    expect(formatPlan(result)).toBe(
      "replaced one after another: client-1, server-2, server-3, server-1 (leader)",
    );
  });

  test("replaces a server that is down before those that are up", () => {
    expect(
      order(
        plan(desiredSlots(servers), [
          { slot: "server-1", specHash: "old" },
          { slot: "server-2", specHash: "old", leads: true },
          { slot: "server-3", specHash: "old", alive: false, healthy: false, ready: false },
        ]),
      ),
    ).toEqual(["server-3 replace", "server-1 replace", "server-2 replace"]);
  });

  test("brings back what is missing first: servers one after another, clients side by side", () => {
    const result = plan(desiredSlots([...servers, "client-1", "client-2"]), [
      { slot: "server-1", specHash: "old" },
      { slot: "server-2", droplet: false },
    ]);
    expect(order(result)).toEqual([
      "server-2 create",
      "server-3 create",
      "client-1 create + client-2 create",
      "server-1 replace",
    ]);
    expect(result.deadServers.map(({ name }) => name)).toEqual(["blog-server-2-101"]);
    expect(result.deadNodes.map(({ name }) => name)).toEqual(["blog-server-2-101"]);
    // Of what is created only server-2 was there before.
    expect(formatPlan(result)).toMatch(
      /created first: server-2, server-3, client-1, client-2; .*the last droplet of server-2, run `pulumi refresh --target [^`]*`$/,
    );
  });

  test("leaves servers and nodes alone that an operator runs elsewhere", () => {
    const observed = clusterState(servers.map((slot) => ({ slot })));
    const elsewhere = { id: "raft-9", name: "office-worker-1", alive: false, healthy: false, leads: false };
    const result = planRollout(desiredSlots(servers), {
      ...observed,
      servers: [...observed.servers, elsewhere],
      otherNodes: [{ id: "node-9", name: "office-worker-1" }],
    });
    expect([result.deadServers, result.deadNodes]).toEqual([[], []]);
  });

  test("waits for a droplet that Nomad does not know yet", () => {
    expect(
      order(
        plan(desiredSlots(servers), [
          { slot: "server-1", specHash: "old" },
          { slot: "server-2" },
          { slot: "server-3", registered: false },
        ]),
      ),
    ).toEqual(["server-3 join", "server-2 keep", "server-1 replace"]);
  });

  test("powers droplets off one after another for another size", () => {
    const result = plan(
      desiredSlots(servers),
      servers.map((slot) => ({ slot, size: "s-1vcpu-2gb", leads: slot === "server-1" })),
    );
    expect(order(result)).toEqual(["server-2 resize", "server-3 resize", "server-1 resize"]);
    expect(formatPlan(result)).toContain(
      "server-2 (resized), server-3 (resized), server-1 (resized, leader)",
    );
  });

  test("removes the nodes of slots that are no longer desired when all else is done", () => {
    const result = plan(
      desiredSlots(servers),
      withClients.map((slot) => ({ slot })),
    );
    expect(result.removals.map(({ slot }) => slot)).toEqual(["client-1", "client-2"]);
    expect(formatPlan(result)).toBe("then drained and removed: client-1, client-2");
  });

  test("takes a node into service again whose change was taken back", () => {
    const result = plan(desiredSlots(["server-1"]), [{ slot: "server-1", drained: true, leads: true }]);
    expect(formatPlan(result)).toBe("taken into service again: server-1");
  });

  test("refuses to replace the only server", () => {
    const [refusal] = plan(desiredSlots(["server-1"]), [
      { slot: "server-1", specHash: "old", leads: true },
    ]).refusals;
    expect(refusal).toMatch(/^server-1: of 1 servers 0 would be left.*Set serverCount to 3/);
  });

  test("refuses to go back to one server", () => {
    const states = servers.map((slot) => ({ slot, specHash: "old" }));
    expect(plan(desiredSlots(["server-1"]), states).refusals[0]).toMatch(
      /^serverCount: going from 3 servers to 1/,
    );
  });

  test("adds servers to a single one before it replaces that", () => {
    const result = plan(desiredSlots(servers), [{ slot: "server-1", specHash: "old", leads: true }]);
    expect(result.refusals).toEqual([]);
    expect(order(result)).toEqual(["server-2 create", "server-3 create", "server-1 replace"]);
  });
});

describe("whatever is observed", () => {
  test("every desired slot is decided exactly once", () => {
    fc.assert(
      fc.property(clusters, ({ desired, states }) => {
        const decided = plan(desired, states)
          .waves.flat()
          .map((decision) => decision.desired.slot);
        expect(decided.sort()).toEqual(desired.map(({ slot }) => slot).sort());
      }),
    );
  });

  test("no two servers change at once, and nothing that works changes beside another slot", () => {
    fc.assert(
      fc.property(clusters, ({ desired, states }) => {
        for (const wave of plan(desired, states).waves) {
          expect(wave.filter(({ desired: { role } }) => role === "server").length).toBeLessThanOrEqual(1);
          if (wave.some(({ action }) => action === "replace" || action === "resize"))
            expect(wave).toHaveLength(1);
        }
      }),
    );
  });

  test("a slot that is missing comes back before one that works is touched", () => {
    fc.assert(
      fc.property(clusters, ({ desired, states }) => {
        const actions = plan(desired, states)
          .waves.flat()
          .map(({ action }) => action);
        const firstChange = actions.findIndex((action) => action === "replace" || action === "resize");
        const lastNew = Math.max(actions.lastIndexOf("create"), actions.lastIndexOf("join"));
        expect(firstChange === -1 || firstChange > lastNew).toBe(true);
      }),
    );
  });

  test("only nodes with a droplet and without a desired slot are removed", () => {
    fc.assert(
      fc.property(clusters, ({ desired, states }) => {
        const observation = clusterState(states);
        for (const node of planRollout(desired, observation).removals) {
          expect(desired.map(({ slot }) => slot)).not.toContain(node.slot);
          expect(observation.droplets.map(nodeNameOf)).toContain(node.name);
        }
      }),
    );
  });
});
