import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Slot } from "../../../../components/nodes/names.ts";
import { formatPlan } from "../../../../components/rollout/plan/format-plan.ts";
import { planRollout } from "../../../../components/rollout/plan/plan.ts";
import { offWithoutLeader } from "../../../../components/rollout/plan/powered-off.ts";
import { clusterState, desiredSlots } from "../../../support/nomad/cluster-state.ts";
import type { SlotState } from "../../../support/nomad/cluster-state.ts";
import { FakeNomad } from "../../../support/nomad/fake-nomad.ts";
import { hurried, slots, start, update } from "../../../support/nomad/rollout-run.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const five: Slot[] = [...slots, "server-4", "server-5"];
const statuses = (nomad: FakeNomad) => nomad.droplets().map(({ status }) => status);
/** From five servers to three, cut off before Pulumi deleted the droplets that the program shut down. */
async function cutOff(): Promise<FakeNomad> {
  const nomad = FakeNomad.of(five, "a", "server-1");
  await hurried(update(start(nomad, "a"), "a"));
  expect(statuses(nomad).slice(3)).toEqual(["off", "off"]);
  return nomad;
}

describe("a plan", () => {
  const down: Partial<SlotState> = { off: true, ready: false, alive: false, healthy: false };
  const planned = (wanted: readonly Slot[], state: SlotState) => {
    const states = five.map((slot) => (slot === state.slot ? state : { slot }));
    return planRollout(desiredSlots(wanted), clusterState(states));
  };

  test.each<[string, SlotState]>([
    ["that stays as it is", { slot: "server-4", ...down }],
    ["that a rollout drained", { slot: "server-4", ...down, drained: true }],
    ["that Nomad does not know", { slot: "server-4", ...down, registered: false }],
  ])("has a droplet powered on that is off, one %s", (_, state) => {
    const plan = planned(five, state);
    expect(plan.off.map(({ name, id }) => `${name} ${id}`)).toEqual(["blog-server-4 103"]);
    expect(formatPlan(plan)).toContain("powered on: blog-server-4-103");
  });

  test.each<[string, readonly Slot[], SlotState]>([
    ["that is replaced", five, { slot: "server-4", ...down, specHash: "old" }],
    ["that the plugin powers on itself", five, { slot: "server-4", ...down, size: "s-1vcpu-2gb" }],
    ["of a slot that is removed", slots, { slot: "server-4", ...down }],
  ])("leaves a droplet off %s", (_, wanted, state) => {
    expect(planned(wanted, state).off).toEqual([]);
  });

  test.each<[number, number, number]>([
    // Servers, how many of them are off, how many are powered on before a leader is looked for.
    [1, 1, 1],
    [3, 1, 0],
    [3, 2, 2],
    [5, 2, 0],
    [5, 3, 3],
  ])("of %d servers, %d of them off, has %d powered on to have a leader", (count, off, expected) => {
    const states = five.slice(0, count).map((slot, index) => ({ slot, off: index < off }));
    const wanted = desiredSlots(five.slice(0, count));
    expect(offWithoutLeader(wanted, clusterState(states).droplets)).toHaveLength(expected);
  });
});

describe("an update", () => {
  test("to five servers again powers those on that the one before had shut down", async () => {
    const nomad = await cutOff();
    const run = start(nomad, "a", { wanted: five });
    await hurried(update(run, "a", five));
    expect(run.poweredOn).toEqual(["4", "5"]);
    expect(statuses(nomad)).toEqual(Array(5).fill("active"));
    expect(nomad.peerNames()).toHaveLength(5);
    expect(nomad.allEligible()).toBe(true);
    expect(run.logged).toContain("blog-server-4-4 is off and is powered on");
  });

  test("waits for the node of a droplet that it powered on", async () => {
    const nomad = await cutOff();
    const run = start(nomad, "a", { wanted: five });
    const nodes = nomad.nodes.bind(nomad);
    const booting = vi
      .spyOn(nomad, "nodes")
      .mockImplementation(async () =>
        (await nodes()).map((node) => (node.Name.includes("server-4") ? { ...node, Status: "down" } : node)),
      );
    const through = vi.fn();
    const updated = update(run, "a", five).then(through);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(through).not.toHaveBeenCalled();
    booting.mockRestore();
    await hurried(updated);
  });

  test("asks again while the droplet has an event that is not through", async () => {
    const nomad = await cutOff();
    const run = start(nomad, "a", { wanted: five });
    run.pending = 5;
    await hurried(update(run, "a", five));
    expect(run.poweredOn.sort()).toEqual(["4", "5"]);
    expect(nomad.peerNames()).toHaveLength(5);
  });

  test("to three servers leaves the others off", async () => {
    const nomad = await cutOff();
    const run = start(nomad, "a");
    await hurried(update(run, "a"));
    expect(run.poweredOn).toEqual([]);
  });

  test.each([
    ["does not answer", { account: "broken" }, "503"],
    ["is one whose token the program does not know", { hasToken: false }, "the account's token"],
  ] as const)("says what to do where the account %s", async (_, trouble, reason) => {
    const nomad = await cutOff();
    const run = Object.assign(start(nomad, "a", { wanted: five }), trouble);
    await expect(hurried(update(run, "a", five))).resolves.toBeUndefined();
    expect(run.logged.join("\n")).toMatch(
      new RegExp(`blog-server-4-4 is off and cannot be powered on: .*${reason}.*droplet-action power-on 4\``),
    );
    expect(statuses(nomad).slice(3)).toEqual(["off", "off"]);
  });

  test("powers the only server on before it looks for a leader", async () => {
    const nomad = FakeNomad.of(["server-1"], "a", "server-1");
    nomad.switchOff("1");
    const run = start(nomad, "a", { wanted: ["server-1"] });
    await hurried(update(run, "a", ["server-1"]));
    expect(run.poweredOn).toEqual(["1"]);
  });
});
