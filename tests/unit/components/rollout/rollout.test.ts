import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { dropletNameOf, nodeNameOf } from "../../../../components/nodes/names.ts";
import type { Slot } from "../../../../components/nodes/names.ts";
import type { NomadApi } from "../../../../components/rollout/servers.ts";
import { RolloutError } from "../../../../components/rollout/context.ts";
import { Rollout } from "../../../../components/rollout/rollout.ts";
import { RolledNomad } from "../../../support/nomad/rolled-nomad.ts";

const settings = {
  maxDrain: "5m",
  joinTimeout: "10m",
  readyTimeout: "15m",
  settleTimeout: "1m",
  replaceUnreachableCluster: false,
  region: "global",
};
const slots: Slot[] = ["server-1", "server-2", "server-3"];
const size = "s-2vcpu-4gb";

interface Run {
  readonly rollout: Rollout;
  readonly nomad: RolledNomad;
  readonly told: string[];
  readonly snapshots: string[];
  /** How often the account was asked for its droplets. */
  lists: number;
  /** Whether the account answers. */
  account: "there" | "broken";
}

/** A rollout of a stand-in for Nomad, in which a droplet joins the moment that it is made. */
function start(nomad: RolledNomad, spec: string, saveSnapshot?: () => Promise<string>): Run {
  const told: string[] = [];
  const snapshots: string[] = [];
  const agents = slots.map((slot) => ({
    slot,
    hasDroplet: nomad
      .droplets()
      .some(({ name, status }) => name === dropletNameOf("blog", slot) && status !== "new"),
    addresses: [nomad as NomadApi],
  }));
  const run = { nomad, told, snapshots, lists: 0, account: "there" as Run["account"] };
  const rollout = new Rollout(
    slots,
    Promise.resolve({
      declared: slots.map((slot) => ({
        slot,
        role: "server",
        dropletName: dropletNameOf("blog", slot),
        spec,
        size,
      })),
      droplets: nomad.droplets(),
      account: {
        list: () => {
          run.lists += 1;
          return run.account === "broken"
            ? Promise.reject(new Error("503"))
            : Promise.resolve(nomad.droplets());
        },
        delete: (id) => Promise.resolve(nomad.removeById(id)),
      },
      ask: (call) => call(nomad),
      agents,
      gossipKey: nomad.gossipKey,
      bootstrapAcl: () => Promise.resolve(true),
      saveSnapshot:
        saveSnapshot ??
        (() => {
          snapshots.push(nomad.drained.join());
          return Promise.resolve("snapshots/one");
        }),
    }),
    settings,
    { progress: (message) => told.push(message), notice: (message) => told.push(message) },
  );
  return Object.assign(run, { rollout });
}

/** What Pulumi does: what is missing or declares another spec is replaced as soon as its gate opens. */
async function update({ rollout, nomad }: Run, spec: string): Promise<void> {
  const updates = slots.map(async (slot) => {
    await rollout.gate(slot);
    if (nomad.specOf(slot) !== spec) await nomad.replace(slot, spec);
    await rollout.joined(slot, nomad.nameOf(slot));
  });
  await Promise.all([...updates, rollout.finished()]);
}

/** Runs `work` with the clock turned on for as long as it waits. */
async function hurried<Value>(work: Promise<Value>): Promise<Value> {
  let done = false;
  const settled = work.finally(() => (done = true));
  settled.catch(() => undefined);
  while (!done) await vi.advanceTimersByTimeAsync(1_000);
  return settled;
}

describe("a rollout", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("of a new cluster opens every gate at once and asks no agent", async () => {
    const run = start(new RolledNomad(), "a");
    await Promise.all(slots.map((slot) => run.rollout.gate(slot)));
    for (const slot of slots) {
      const name = run.nomad.addDuplicate(slot, "a");
      await run.rollout.joined(slot, name);
    }
    await run.rollout.finished();
    expect(run.nomad.calls).toBe(0);
  });

  test("of a running cluster opens a gate when the slot before has joined", async () => {
    const run = start(RolledNomad.of(slots, "a", "server-3"), "b");
    const opened: string[] = [];
    for (const slot of slots) void run.rollout.gate(slot).then(() => opened.push(slot));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(opened).toEqual(["server-1"]);
    expect(run.nomad.drained).toEqual(["server-1"]);
    await hurried(run.nomad.replace("server-1", "b"));
    await hurried(run.rollout.joined("server-1", run.nomad.nameOf("server-1")));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(opened).toEqual(["server-1", "server-2"]);
  });

  test("goes on when the server that joined serves requests by itself", async () => {
    const run = start(RolledNomad.of(slots, "a", "server-3"), "b");
    const opened: string[] = [];
    for (const slot of slots) void run.rollout.gate(slot).then(() => opened.push(slot));
    await vi.advanceTimersByTimeAsync(60_000);
    await hurried(run.nomad.replace("server-1", "b"));
    run.nomad.serves = false;
    const joined = run.rollout.joined("server-1", run.nomad.nameOf("server-1"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(opened).toEqual(["server-1"]);
    expect(run.told.at(-1)).toMatch(
      /^server-1: waiting for its agent .*: .* answered 500: No cluster leader$/,
    );
    run.nomad.serves = true;
    await hurried(joined);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(opened).toEqual(["server-1", "server-2"]);
  });

  test("saves the state once, before the first drain", async () => {
    const run = start(RolledNomad.of(slots, "a", "server-1"), "b");
    await hurried(update(run, "b"));
    expect(run.snapshots).toEqual([""]);
    expect(run.nomad.drained).toEqual(["server-2", "server-3", "server-1"]);
  });

  test("shares a new gossip key before the first droplet goes, and leaves only it", async () => {
    const nomad = RolledNomad.of(slots, "a", "server-1");
    nomad.gossipKey = "new key";
    await hurried(update(start(nomad, "b"), "b"));
    expect(await nomad.gossipKeys()).toEqual({ Keys: { "new key": 3 }, NumNodes: 3 });
  });

  test("removes the old gossip key that an update which was cut off left", async () => {
    const nomad = RolledNomad.of(slots, "a", "server-1");
    await nomad.installGossipKey("new key");
    nomad.gossipKey = "new key";
    await hurried(update(start(nomad, "a"), "a"));
    expect(await nomad.gossipKeys()).toEqual({ Keys: { "new key": 3 }, NumNodes: 3 });
  });

  test("drains nothing if the state cannot be saved, and fails every slot with one error", async () => {
    const run = start(RolledNomad.of(slots, "a", "server-1"), "b", () =>
      Promise.reject(new Error("disk full")),
    );
    const results = await hurried(Promise.allSettled(slots.map((slot) => run.rollout.gate(slot))));
    const reasons = new Set(
      results.map((result) => (result.status === "rejected" ? (result.reason as unknown) : "")),
    );
    expect(reasons.size).toBe(1);
    const [reason] = reasons;
    expect(reason).toBeInstanceOf(RolloutError);
    expect((reason as Error).message).toBe(
      "the rollout stopped at server-2: saving Nomad's state: not after 60 s: disk full",
    );
    expect(run.nomad.drained).toEqual([]);
  });

  test("deletes a second droplet of a slot: out of service first, then it, its server and its node", async () => {
    const nomad = RolledNomad.of(slots, "a", "server-1");
    const duplicate = nomad.addDuplicate("server-2", "a");
    const run = start(nomad, "a");
    await hurried(update(run, "a"));
    expect(nomad.droplets().map(nodeNameOf)).not.toContain(duplicate);
    expect(nomad.peerNames().sort()).toEqual(slots.map((slot) => nomad.nameOf(slot)));
    expect(nomad.drained).toEqual(["server-2"]);
    expect(run.told).toContain(
      `server-2: ${duplicate} is deleted, a second droplet of this slot that Pulumi does not know`,
    );
  });

  test("deletes the second droplet of a request that was carried out twice, in a new cluster too", async () => {
    const run = start(new RolledNomad(), "a");
    const known = slots.map((slot) => run.nomad.addDuplicate(slot, "a"));
    run.nomad.addDuplicate("server-3", "a");
    await Promise.all(slots.map((slot, index) => hurried(run.rollout.joined(slot, known[index]!))));
    expect(run.nomad.droplets().map(nodeNameOf)).toEqual(known);
  });

  test("deletes no droplet of a slot whose own one is gone, and says what to do", async () => {
    const nomad = RolledNomad.of(slots, "a", "server-1");
    const run = start(nomad, "a");
    await expect(hurried(run.rollout.joined("server-2", "blog-server-2-99"))).rejects.toThrow(
      /the account lists no blog-server-2-99\. If it has left the account.*pulumi refresh/,
    );
    expect(nomad.droplets()).toHaveLength(3);
  });

  test("stops when a node does not join in time, and touches no other", async () => {
    const run = start(RolledNomad.of(slots, "a", "server-1"), "b");
    await hurried(run.rollout.gate("server-2"));
    run.nomad.remove("server-2");
    run.nomad.addUnregistered("server-2", "99");
    await expect(hurried(run.rollout.joined("server-2", "blog-server-2-99"))).rejects.toThrow(
      /stopped at blog-server-2-99: waiting for blog-server-2-99: not after 600 s: it has not registered.*pulumi refresh/,
    );
    await expect(hurried(run.rollout.gate("server-3"))).rejects.toThrow("stopped at blog-server-2-99");
    expect(run.nomad.drained).toEqual(["server-2"]);
  });

  describe("whose new droplet does not become active", () => {
    /** The gate is open, the old droplet gone and the new one being created, which is when its slot can fail. */
    async function creating(): Promise<{ run: Run; finished: Promise<void> }> {
      const run = start(RolledNomad.of(slots, "a", "server-1"), "b");
      await hurried(run.rollout.gate("server-2"));
      run.nomad.remove("server-2");
      run.nomad.addUnregistered("server-2", "99", "new");
      const finished = run.rollout.finished();
      finished.catch(() => undefined);
      return { run, finished };
    }
    const ids = ({ nomad }: Run) => nomad.droplets().map(({ id }) => id);

    test("deletes it after joinTimeout and fails the slot", async () => {
      const { run, finished } = await creating();
      await vi.advanceTimersByTimeAsync(10 * 60_000 - 15_000);
      expect(ids(run)).toContain("99");
      await expect(hurried(finished)).rejects.toThrow(
        /^blog-server-2-99 has not become active within 10m and was deleted.*pulumi refresh --target.*pulumi up/,
      );
      expect(ids(run)).not.toContain("99");
      expect(run.told).toContainEqual(
        expect.stringMatching(
          /^server-2: blog-server-2-99 is deleted, for it has not become active within 10m/,
        ),
      );
      await expect(run.rollout.gate("server-3")).rejects.toThrow("blog-server-2-99");
    });

    test("looks again when the account does not answer, and says so", async () => {
      const { run, finished } = await creating();
      run.account = "broken";
      await vi.advanceTimersByTimeAsync(20 * 60_000);
      expect(ids(run)).toContain("99");
      expect(run.told).toContain("looking whether new droplets are active: 503");
      run.account = "there";
      await expect(hurried(finished)).rejects.toThrow("blog-server-2-99 has not become active");
    });

    test("says how to delete it when the program cannot", async () => {
      const { run, finished } = await creating();
      run.nomad.removeById = () => {
        throw new Error("DELETE answered 422");
      };
      await expect(hurried(finished)).rejects.toThrow(/DELETE answered 422.*doctl compute droplet delete 99/);
    });

    test("does not look any more once it has joined, and keeps no timer", async () => {
      const { run } = await creating();
      await vi.advanceTimersByTimeAsync(60_000);
      run.nomad.activate("99", "b");
      await hurried(run.rollout.joined("server-2", "blog-server-2-99"));
      expect(vi.getTimerCount()).toBe(0);
      const { lists } = run;
      await vi.advanceTimersByTimeAsync(20 * 60_000);
      expect(run.lists).toBe(lists);
      expect(ids(run)).toContain("99");
    });

    test("of a new cluster deletes those of all slots", async () => {
      const run = start(new RolledNomad(), "a");
      await Promise.all(slots.map((slot) => run.rollout.gate(slot)));
      slots.forEach((slot, index) => run.nomad.addUnregistered(slot, `9${index}`, "new"));
      await expect(hurried(run.rollout.finished())).rejects.toThrow("has not become active");
      await vi.advanceTimersByTimeAsync(5_000);
      expect(ids(run)).toEqual([]);
    });
  });

  describe("of a slot whose droplet an earlier update left inactive", () => {
    const left = () => {
      const nomad = RolledNomad.of(slots, "a", "server-1");
      nomad.remove("server-2");
      nomad.addUnregistered("server-2", "99", "new");
      return start(nomad, "a");
    };

    test("opens its gate when it has become active", async () => {
      const run = left();
      let open = false;
      const gate = run.rollout.gate("server-2").then(() => (open = true));
      await vi.advanceTimersByTimeAsync(5 * 60_000);
      expect(open).toBe(false);
      run.nomad.activate("99", "a");
      await hurried(gate);
      await hurried(run.rollout.joined("server-2", "blog-server-2-99"));
      expect(run.nomad.droplets()).toHaveLength(3);
    });

    test("deletes it when it never does, and says how Pulumi learns of it", async () => {
      const run = left();
      await expect(hurried(run.rollout.gate("server-2"))).rejects.toThrow(
        /^blog-server-2-99 has not become active within 10m and was deleted.*pulumi refresh --target.*pulumi up/,
      );
      expect(run.nomad.droplets().map(({ id }) => id)).toEqual(["1", "3"]);
    });

    test("deletes nothing while the account does not answer", async () => {
      const run = left();
      run.account = "broken";
      await expect(hurried(run.rollout.gate("server-2"))).rejects.toThrow("503");
      expect(run.nomad.droplets()).toHaveLength(3);
    });
  });

  test("asks the account for no list when nothing changes", async () => {
    const run = start(RolledNomad.of(slots, "a", "server-1"), "a");
    await hurried(update(run, "a"));
    expect(run.lists).toBe(0);
  });

  test("of anything never has two servers away at once, and ends with what is declared", async () => {
    const clusters = fc.record({
      specs: fc.tuple(...slots.map(() => fc.constantFrom("a", "b"))),
      leader: fc.constantFrom(...slots),
      missing: fc.option(fc.constantFrom(...slots), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(clusters, async ({ specs, leader, missing }) => {
        const nomad = RolledNomad.of(slots, "a", leader);
        specs.forEach((spec, index) => nomad.setSpec(slots[index]!, spec));
        if (missing !== undefined) nomad.remove(missing);
        await hurried(update(start(nomad, "b"), "b"));
        expect(nomad.mostAway).toBeLessThanOrEqual(1);
        expect(nomad.leadersKilled).toBe(missing === leader ? 1 : 0);
        expect(slots.map((slot) => nomad.specOf(slot))).toEqual(["b", "b", "b"]);
        expect(nomad.peerNames().sort()).toEqual(slots.map((slot) => nomad.nameOf(slot)).sort());
        expect(nomad.allEligible()).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});
