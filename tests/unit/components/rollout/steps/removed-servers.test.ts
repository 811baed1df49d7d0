import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { nodeNameOf } from "../../../../../components/nodes/names.ts";
import type { Slot } from "../../../../../components/nodes/names.ts";
import { FakeNomad } from "../../../../support/nomad/fake-nomad.ts";
import { hurried, slots, start, update } from "../../../../support/nomad/rollout-run.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const five: Slot[] = [...slots, "server-4", "server-5"];
const fromFive = (leader: Slot = "server-5") => start(FakeNomad.of(five, "a", leader), "a");
const statuses = (nomad: FakeNomad) => nomad.droplets().map(({ status }) => status);

test.each(five)(
  "servers that are removed are off before they are dropped, while %s leads",
  async (leader) => {
    const run = fromFive(leader);
    const { nomad } = run;
    const margins: number[] = [];
    const switchOff = nomad.switchOff.bind(nomad);
    vi.spyOn(nomad, "switchOff").mockImplementation((id) => {
      switchOff(id);
      const peers = nomad.peerNames();
      const off = nomad.droplets().filter(({ status }) => status === "off");
      const voters = peers.filter((name) => !off.map(nodeNameOf).includes(name));
      margins.push(voters.length - (Math.floor(peers.length / 2) + 1));
    });
    await hurried(update(run, "a"));
    expect(statuses(nomad)).toEqual(["active", "active", "active", "off", "off"]);
    expect(margins).toEqual([1, 0]);
    // A server whose agent runs would be a peer again by now.
    await vi.advanceTimersByTimeAsync(60_000);
    expect(nomad.peerNames()).toHaveLength(3);
    expect(run.poweredOff).toEqual([]);
  },
);

test("a removed server that does not shut down is powered off after two minutes", async () => {
  const run = fromFive();
  run.follows = "power-off";
  await hurried(update(run, "a"));
  expect(run.poweredOff).toEqual(["4", "5"]);
  expect(run.logged).toContain("blog-server-4-4 has not shut down in 2m and is powered off");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(run.nomad.peerNames()).toHaveLength(3);
});

test("a removed server is shut down when the event of its droplet that was pending is through", async () => {
  const run = fromFive();
  run.pending = 5;
  await hurried(update(run, "a"));
  expect(statuses(run.nomad).slice(3)).toEqual(["off", "off"]);
  expect(run.poweredOff).toEqual([]);
});

test("a removed server that stays on is not dropped, and the next is not touched", async () => {
  const run = fromFive();
  run.follows = "neither";
  await expect(hurried(update(run, "a"))).rejects.toThrow(
    /blog-server-4-4 is to be removed.*does not shut down.*timed out.*droplet-action power-off 4`/,
  );
  expect(run.nomad.drained).toEqual(["server-4"]);
  expect(run.nomad.peerNames()).toHaveLength(5);
});

test("a removed server is not shut down if another one was lost while it was drained", async () => {
  const run = fromFive("server-1");
  const { nomad } = run;
  const drain = nomad.drain.bind(nomad);
  vi.spyOn(nomad, "drain").mockImplementation((id, deadline, meta) => {
    nomad.remove("server-2");
    return drain(id, deadline, meta);
  });
  await expect(hurried(update(run, "a"))).rejects.toThrow(/server-2.*cannot spare another server/);
  expect(statuses(nomad)).not.toContain("off");
});

test("without the account's token a removed server is dropped while it runs", async () => {
  const run = fromFive();
  run.hasToken = false;
  const dropped = vi.spyOn(run.nomad, "removePeer");
  await hurried(update(run, "a"));
  expect(dropped.mock.calls).toEqual([["4"], ["5"]]);
  expect(statuses(run.nomad)).not.toContain("off");
});
