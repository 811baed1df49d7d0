import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clusterSlots, dropletNameOf, nodeNameOf } from "../../../../components/nodes/names.ts";
import type { Slot } from "../../../../components/nodes/names.ts";
import { departureRefusal, planRollout } from "../../../../components/rollout/plan/plan.ts";
import { changeOrder, describePlan } from "../../../../components/rollout/plan/describe.ts";
import type {
  DeclaredSlot,
  ListedDroplet,
  Observation,
  ObservedNode,
  ObservedServer,
} from "../../../../components/rollout/observe/state.ts";
import type { RolloutPlan } from "../../../../components/rollout/plan/plan.ts";

const size = "s-2vcpu-4gb";
const isServer = (slot: Slot) => slot.startsWith("server-");
const declare = (slots: readonly Slot[], spec = "new"): DeclaredSlot[] =>
  slots.map((slot) => ({
    slot,
    role: isServer(slot) ? "server" : "client",
    dropletName: dropletNameOf("blog", slot),
    spec,
    size,
  }));

/** A slot as it is: the defaults are a healthy node that needs no change. */
interface SlotState {
  slot: Slot;
  spec?: string;
  size?: string;
  droplet?: boolean;
  registered?: boolean;
  ready?: boolean;
  healthy?: boolean;
  alive?: boolean;
  leads?: boolean;
  drained?: boolean;
}

function observe(states: readonly SlotState[]): Observation {
  const id = (index: number) => String(100 + index);
  const name = ({ slot }: SlotState, index: number) =>
    nodeNameOf({ name: dropletNameOf("blog", slot), id: id(index) });
  return {
    droplets: states.flatMap((state, index): ListedDroplet[] =>
      state.droplet === false
        ? []
        : [{ id: id(index), name: `blog-${state.slot}`, size: state.size ?? size, status: "active" }],
    ),
    nodes: states.flatMap((state, index): ObservedNode[] =>
      state.droplet === false || state.registered === false
        ? []
        : [
            {
              id: `node-${index}`,
              name: name(state, index),
              slot: state.slot,
              spec: state.spec ?? "new",
              ready: state.ready ?? true,
              drained: state.drained ?? false,
            },
          ],
    ),
    otherNodes: states.flatMap((state, index) =>
      state.droplet === false ? [{ id: `node-${index}`, name: name(state, index) }] : [],
    ),
    servers: states.flatMap((state, index): ObservedServer[] =>
      !isServer(state.slot) || state.registered === false
        ? []
        : [
            {
              id: `raft-${index}`,
              name: name(state, index),
              alive: state.alive ?? state.droplet ?? true,
              healthy: state.healthy ?? state.droplet ?? true,
              leads: state.leads ?? false,
            },
          ],
    ),
  };
}

const order = (plan: RolloutPlan) =>
  plan.waves.map((wave) => wave.map(({ declared, action }) => `${declared.slot} ${action}`).join(" + "));
const servers: Slot[] = ["server-1", "server-2", "server-3"];
const withClients: Slot[] = [...servers, "client-1", "client-2"];
const plan = (declared: readonly DeclaredSlot[], states: readonly SlotState[]) =>
  planRollout(declared, observe(states));

describe("the plan of a rollout", () => {
  test("keeps what has not changed, servers one after another", () => {
    const result = plan(
      declare(withClients),
      withClients.map((slot) => ({ slot })),
    );
    expect(order(result)).toEqual([
      "client-1 keep + client-2 keep",
      "server-1 keep",
      "server-2 keep",
      "server-3 keep",
    ]);
    expect(describePlan(result)).toBeUndefined();
  });

  test("replaces clients, then servers, the leader last, and says so", () => {
    const result = plan(declare([...servers, "client-1"]), [
      { slot: "server-1", spec: "old", leads: true },
      { slot: "server-2", spec: "old" },
      { slot: "server-3", spec: "old" },
      { slot: "client-1", spec: "old" },
    ]);
    expect(order(result)).toEqual([
      "client-1 replace",
      "server-2 replace",
      "server-3 replace",
      "server-1 replace",
    ]);
    expect(describePlan(result)).toBe(
      "rollout: replaced one after another: client-1, server-2, server-3, server-1 (leader)",
    );
  });

  test("replaces a server that is down before those that are up", () => {
    expect(
      order(
        plan(declare(servers), [
          { slot: "server-1", spec: "old" },
          { slot: "server-2", spec: "old", leads: true },
          { slot: "server-3", spec: "old", alive: false, healthy: false, ready: false },
        ]),
      ),
    ).toEqual(["server-3 replace", "server-1 replace", "server-2 replace"]);
  });

  test("brings back what is missing first: servers one after another, clients side by side", () => {
    const result = plan(declare([...servers, "client-1", "client-2"]), [
      { slot: "server-1", spec: "old" },
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
    expect(describePlan(result)).toMatch(
      /created first: server-2, server-3, client-1, client-2; .*the last droplet of server-2, run `pulumi refresh --target [^`]*`$/,
    );
    expect(changeOrder(describePlan(result)!)).toEqual([
      ...["server-2", "server-3", "client-1", "client-2"],
      "server-1",
    ]);
  });

  test("leaves servers and nodes alone that an operator runs elsewhere", () => {
    const observed = observe(servers.map((slot) => ({ slot })));
    const elsewhere = { id: "raft-9", name: "office-worker-1", alive: false, healthy: false, leads: false };
    const result = planRollout(declare(servers), {
      ...observed,
      servers: [...observed.servers, elsewhere],
      otherNodes: [{ id: "node-9", name: "office-worker-1" }],
    });
    expect([result.deadServers, result.deadNodes]).toEqual([[], []]);
  });

  test("waits for a droplet that Nomad does not know yet", () => {
    expect(
      order(
        plan(declare(servers), [
          { slot: "server-1", spec: "old" },
          { slot: "server-2" },
          { slot: "server-3", registered: false },
        ]),
      ),
    ).toEqual(["server-3 join", "server-2 keep", "server-1 replace"]);
  });

  test("powers droplets off one after another for another size", () => {
    const result = plan(
      declare(servers),
      servers.map((slot) => ({ slot, size: "s-1vcpu-2gb", leads: slot === "server-1" })),
    );
    expect(order(result)).toEqual(["server-2 resize", "server-3 resize", "server-1 resize"]);
    expect(describePlan(result)).toContain(
      "server-2 (resized), server-3 (resized), server-1 (resized, leader)",
    );
  });

  test("removes the nodes of slots that are no longer declared when all else is done", () => {
    const result = plan(
      declare(servers),
      withClients.map((slot) => ({ slot })),
    );
    expect(result.removals.map(({ slot }) => slot)).toEqual(["client-1", "client-2"]);
    expect(describePlan(result)).toBe("rollout: then drained and removed: client-1, client-2");
  });

  test("takes a node into service again whose change was taken back", () => {
    const result = plan(declare(["server-1"]), [{ slot: "server-1", drained: true, leads: true }]);
    expect(describePlan(result)).toBe("rollout: taken into service again: server-1");
  });

  test("refuses to replace the only server", () => {
    const [refusal] = plan(declare(["server-1"]), [{ slot: "server-1", spec: "old", leads: true }]).refusals;
    expect(refusal).toMatch(/^server-1: of 1 servers 0 would be left.*Set serverCount to 3/);
  });

  test("refuses to go back to one server", () => {
    const states = servers.map((slot) => ({ slot, spec: "old" }));
    expect(plan(declare(["server-1"]), states).refusals[0]).toMatch(
      /^serverCount: going from 3 servers to 1/,
    );
  });

  test("adds servers to a single one before it replaces that", () => {
    const result = plan(declare(servers), [{ slot: "server-1", spec: "old", leads: true }]);
    expect(result.refusals).toEqual([]);
    expect(order(result)).toEqual(["server-2 create", "server-3 create", "server-1 replace"]);
  });
});

describe("the departure of a server", () => {
  const observed = observe([
    { slot: "server-1" },
    { slot: "server-2", healthy: false, alive: false },
    { slot: "server-3" },
  ]).servers;
  test("is refused while another one is not healthy, by name and with what to do", () => {
    expect(departureRefusal("blog-server-1-100", observed)).toMatch(
      /^blog-server-2-101 is not healthy.*systemctl status nomad.*pulumi refresh/,
    );
  });
  test("is granted to the one that is not healthy itself", () => {
    expect(departureRefusal("blog-server-2-101", observed)).toBeUndefined();
  });
  test("is refused while the agent of another one does not answer, though gossip has not noticed yet", () => {
    const all = observe(servers.map((slot) => ({ slot }))).servers;
    const answers = [
      { slot: "server-2", answer: { leader: "10.104.0.2:4647", peers: ["10.104.0.2:4647"] } },
      { slot: "server-3", answer: { failure: "connect ECONNREFUSED" } },
    ];
    expect(departureRefusal("blog-server-1-100", all, answers)).toMatch(
      /^server-3 does not answer \(connect ECONNREFUSED\), and the cluster cannot spare another server/,
    );
    expect(departureRefusal("blog-server-1-100", all, answers.slice(0, 1))).toBeUndefined();
  });
  test("of one of two is refused, since one of two is no majority", () => {
    const two = observe([{ slot: "server-1" }, { slot: "server-2" }]).servers;
    expect(departureRefusal("blog-server-1-100", two)).toContain("no majority");
  });
});

const slotState = (slot: Slot): fc.Arbitrary<SlotState> =>
  fc.record({
    slot: fc.constant(slot),
    spec: fc.constantFrom("new", "old"),
    size: fc.constantFrom(size, "s-1vcpu-2gb"),
    droplet: fc.boolean(),
    registered: fc.boolean(),
    ready: fc.boolean(),
    healthy: fc.boolean(),
    alive: fc.boolean(),
    leads: fc.boolean(),
    drained: fc.boolean(),
  });
const clusters = fc
  .tuple(fc.constantFrom(1, 3, 5), fc.nat(4), fc.constantFrom(1, 3, 5), fc.nat(4))
  .chain(([haveServers, haveClients, wantServers, wantClients]) => {
    const slots = (serverCount: number, clientCount: number) => clusterSlots({ serverCount, clientCount });
    return fc.record({
      declared: fc.constant(declare(slots(wantServers, wantClients))),
      states: fc.tuple(...slots(haveServers, haveClients).map(slotState)),
    });
  });

describe("whatever is observed", () => {
  test("every declared slot is decided exactly once", () => {
    fc.assert(
      fc.property(clusters, ({ declared, states }) => {
        const decided = plan(declared, states)
          .waves.flat()
          .map((decision) => decision.declared.slot);
        expect(decided.sort()).toEqual(declared.map(({ slot }) => slot).sort());
      }),
    );
  });

  test("no two servers change at once, and nothing that works changes beside another slot", () => {
    fc.assert(
      fc.property(clusters, ({ declared, states }) => {
        for (const wave of plan(declared, states).waves) {
          expect(wave.filter(({ declared: { role } }) => role === "server").length).toBeLessThanOrEqual(1);
          if (wave.some(({ action }) => action === "replace" || action === "resize"))
            expect(wave).toHaveLength(1);
        }
      }),
    );
  });

  test("a slot that is missing comes back before one that works is touched", () => {
    fc.assert(
      fc.property(clusters, ({ declared, states }) => {
        const actions = plan(declared, states)
          .waves.flat()
          .map(({ action }) => action);
        const firstChange = actions.findIndex((action) => action === "replace" || action === "resize");
        const lastNew = Math.max(actions.lastIndexOf("create"), actions.lastIndexOf("join"));
        expect(firstChange === -1 || firstChange > lastNew).toBe(true);
      }),
    );
  });

  test("no server leaves while another is unhealthy, nor without a majority that stays", () => {
    fc.assert(
      fc.property(clusters, ({ states }) => {
        const { servers: observed } = observe(states);
        for (const { name } of observed)
          if (departureRefusal(name, observed) === undefined) {
            const others = observed.filter((server) => server.name !== name);
            expect(others.every((server) => server.healthy)).toBe(true);
            expect(others.length * 2).toBeGreaterThan(observed.length);
          }
      }),
    );
  });

  test("only nodes with a droplet and without a declared slot are removed", () => {
    fc.assert(
      fc.property(clusters, ({ declared, states }) => {
        const observation = observe(states);
        for (const node of planRollout(declared, observation).removals) {
          expect(declared.map(({ slot }) => slot)).not.toContain(node.slot);
          expect(observation.droplets.map(nodeNameOf)).toContain(node.name);
        }
      }),
    );
  });
});

test("the order of the changes can be read again from the plan in words", () => {
  const states = fc.uniqueArray(
    fc.record({
      slot: fc.constantFrom<Slot[]>("server-1", "server-2", "server-3", "client-1", "client-2"),
      spec: fc.constantFrom("old", "new"),
      droplet: fc.boolean(),
      leads: fc.boolean(),
      size: fc.constantFrom("s-2vcpu-4gb", "s-4vcpu-8gb"),
    }),
    { selector: ({ slot }) => slot },
  );
  fc.assert(
    fc.property(states, (current) => {
      const plan = planRollout(declare(current.map(({ slot }) => slot)), observe(current));
      const changed = plan.waves
        .flat()
        .filter(({ action }) => ["create", "replace", "resize"].includes(action))
        .map(({ declared }) => declared.slot);
      expect(changeOrder(describePlan(plan) ?? "")).toEqual(changed);
    }),
  );
});
