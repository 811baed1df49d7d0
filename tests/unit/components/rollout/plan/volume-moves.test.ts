import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Slot } from "../../../../../components/nodes/names.ts";
import { planRollout } from "../../../../../components/rollout/plan/plan.ts";
import type { RolloutPlan } from "../../../../../components/rollout/plan/plan.ts";
import { clusterState, desiredSlots } from "../../../../support/nomad/cluster-state.ts";
import type { SlotState } from "../../../../support/nomad/cluster-state.ts";

const servers: Slot[] = ["server-1", "server-2", "server-3"];
const slots: Slot[] = [...servers, "client-1", "client-2"];
const turn = (plan: RolloutPlan, slot: Slot) =>
  plan.waves.findIndex((wave) => wave.some(({ desired }) => desired.slot === slot));
/** The desired slots, with the volumes that each of them gets. */
const wanting = (volumes: Partial<Record<Slot, string[]>>, all = slots) =>
  desiredSlots(all).map((desired) => ({ ...desired, volumeIds: volumes[desired.slot] ?? [] }));

/** What an update that moved the volume has done to the slot before it was cut off. */
const reached = fc.constantFrom<Partial<SlotState>>(
  { specHash: "old" },
  { specHash: "old", drained: true },
  { specHash: "old", ready: false, healthy: false, alive: false },
  { droplet: false },
  { registered: false },
  {},
);
const moves = fc.record({
  from: fc.constantFrom(...slots),
  to: fc.constantFrom(...slots),
  leader: fc.constantFrom(...servers),
  states: fc.tuple(...slots.map(() => reached)),
});

describe("a volume that moves to another slot", () => {
  test("is given away before it is taken, whoever leads and wherever an update was cut off", () => {
    fc.assert(
      fc.property(moves, ({ from, to, leader, states }) => {
        fc.pre(from !== to);
        const observed = slots.map((slot, index) => ({
          ...states[index],
          ...{ slot, leads: slot === leader },
          volumeIds: slot === from ? ["v"] : [],
        }));
        const plan = planRollout(wanting({ [to]: ["v"] }), clusterState(observed));
        const holds = observed.find(({ slot }) => slot === from)?.droplet !== false;
        if (holds) expect(turn(plan, from)).toBeLessThan(turn(plan, to));
        expect(plan.waves.flat()).toHaveLength(slots.length);
        for (const wave of plan.waves)
          expect(wave.filter(({ desired }) => desired.role === "server").length).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("leaves the order as it was once its old droplet is gone", () => {
    const states = slots.map((slot): SlotState => ({ slot, specHash: "old", leads: slot === "server-1" }));
    const order = (desired: ReturnType<typeof wanting>) =>
      planRollout(desired, clusterState(states))
        .waves.flat()
        .map(({ desired: { slot } }) => slot);
    expect(order(wanting({ "server-2": ["v"] }))).toEqual(order(wanting({})));
  });

  test("comes to a server that is new in the same update after the leader gave it away", () => {
    const all: Slot[] = [...servers, "server-4", "server-5"];
    const states = servers.map((slot): SlotState => ({
      ...{ slot, specHash: "old", leads: slot === "server-1" },
      volumeIds: slot === "server-1" ? ["v"] : [],
    }));
    const plan = planRollout(wanting({ "server-4": ["v"] }, all), clusterState(states));
    expect(plan.waves.map(([only]) => only?.desired.slot)).toEqual([
      ...["server-5", "server-2", "server-3", "server-1", "server-4"],
    ]);
    expect(plan.refusals).toEqual([]);
  });

  test("is refused where two slots would swap theirs", () => {
    const states = servers.map((slot): SlotState => ({ slot, specHash: "old", volumeIds: [`of ${slot}`] }));
    const swapped = { "server-1": ["of server-2"], "server-2": ["of server-1"], "server-3": ["of server-3"] };
    const { waves, refusals } = planRollout(wanting(swapped, servers), clusterState(states));
    expect(waves.flat()).toHaveLength(3);
    expect(refusals).toEqual([
      expect.stringMatching(/^server-1 and server-2 would get volumes from each other/),
    ]);
  });

  test("is refused while the cluster cannot spare the server that has it, with the way out", () => {
    const states: SlotState[] = [
      { slot: "server-1", specHash: "old", leads: true, volumeIds: ["v"] },
      { slot: "server-2", droplet: false },
      { slot: "server-3", specHash: "old" },
    ];
    const { refusals } = planRollout(wanting({ "server-2": ["v"] }, servers), clusterState(states));
    expect(refusals).toEqual([
      expect.stringMatching(/^server-2 has no droplet.*Give the volume back to server-1/),
    ]);
  });
});
