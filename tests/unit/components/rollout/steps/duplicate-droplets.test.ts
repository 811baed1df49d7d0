import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { nodeNameOf } from "../../../../../components/nodes/names.ts";
import { FakeNomad } from "../../../../support/nomad/fake-nomad.ts";
import { hurried, slots, start, update } from "../../../../support/nomad/rollout-run.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a rollout that finds two droplets in a slot", () => {
  test("deletes a second droplet of a slot: out of service first, then it, its server and its node", async () => {
    const nomad = FakeNomad.of(slots, "a", "server-1");
    const duplicate = nomad.addDuplicate("server-2", "a");
    const run = start(nomad, "a");
    await hurried(update(run, "a"));
    expect(nomad.droplets().map(nodeNameOf)).not.toContain(duplicate);
    expect(nomad.peerNames().sort()).toEqual(slots.map((slot) => nomad.nameOf(slot)));
    expect(nomad.drained).toEqual(["server-2"]);
    expect(run.logged).toContain(
      `server-2: deleting ${duplicate}, a second droplet of this slot that Pulumi does not know`,
    );
  });

  test("deletes the second droplet of a request that was carried out twice, in a new cluster too", async () => {
    const run = start(new FakeNomad(), "a");
    await run.rollout.gate("server-1");
    const known = slots.map((slot) => run.nomad.addDuplicate(slot, "a"));
    run.nomad.addDuplicate("server-3", "a");
    await Promise.all(slots.map((slot, index) => hurried(run.rollout.joined(slot, known[index]!))));
    expect(run.nomad.droplets().map(nodeNameOf)).toEqual(known);
  });

  test("deletes no droplet of a slot whose own one is gone, and says what to do", async () => {
    const nomad = FakeNomad.of(slots, "a", "server-1");
    const run = start(nomad, "a");
    await expect(hurried(run.rollout.joined("server-2", "blog-server-2-99"))).rejects.toThrow(
      /the account lists no blog-server-2-99\. If it has left the account.*pulumi refresh/,
    );
    expect(nomad.droplets()).toHaveLength(3);
  });
});
