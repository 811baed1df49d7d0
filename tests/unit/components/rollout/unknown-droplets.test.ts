import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { nodeNameOf } from "../../../../components/nodes/names.ts";
import { FakeNomad } from "../../../support/nomad/fake-nomad.ts";
import { hurried, slots, start } from "../../../support/nomad/rollout-run.ts";
import type { Run } from "../../../support/nomad/rollout-run.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const ids = ({ nomad }: Run) => nomad.droplets().map(({ id }) => id);

describe("a droplet of a new cluster that Pulumi does not know", () => {
  /** Agents that run and have joined no others, until there are `peers`. */
  const left = () => {
    const nomad = new FakeNomad();
    const peers: string[] = [];
    nomad.addUnregistered("server-1", "91");
    nomad.addUnregistered("server-2", "92");
    nomad.agent = () => ({
      leader: () => Promise.resolve(""),
      staleView: () => Promise.resolve({ leader: "", peers }),
      serverName: () => Promise.resolve("blog-server-1-91.global"),
    });
    return { run: start(nomad, "a"), peers };
  };

  test("is deleted before its slot's droplet is made, and no other slot's", async () => {
    const { run } = left();
    await hurried(run.rollout.beforeCreate("server-2"));
    expect(ids(run)).toEqual(["91"]);
    await hurried(run.rollout.beforeCreate("server-1"));
    expect(ids(run)).toEqual([]);
    expect(run.logged).toContain("server-1: deleting blog-server-1-91, a droplet that Pulumi does not know");
  });

  test("costs no call where there was none", async () => {
    const run = start(new FakeNomad(), "a");
    await hurried(run.rollout.beforeCreate("server-1"));
    expect(run.lists).toBe(0);
  });

  test("is left alone once it has joined others", async () => {
    const { run, peers } = left();
    await hurried(run.rollout.gate("server-1"));
    peers.push("10.104.0.2:4647");
    await expect(hurried(run.rollout.beforeCreate("server-1"))).rejects.toThrow(
      /^blog-server-1-91, which Pulumi does not know, has joined a cluster since.*`pulumi up` again/,
    );
    expect(ids(run)).toEqual(["91", "92"]);
  });
});

describe("a droplet of a running cluster that Pulumi does not know", () => {
  const running = (holder?: string) =>
    start(FakeNomad.of(slots, "a", "server-1"), "a", { volume: { id: "volume", ...(holder && { holder }) } });

  test("is drained, saved and deleted before the next one is made, if it has the slot's volume", async () => {
    const run = running("1");
    const { rollout, nomad } = run;
    const [name] = nomad.droplets().map(nodeNameOf);
    await hurried(rollout.gate("server-1"));
    await hurried(rollout.beforeCreate("server-1"));
    expect(nomad.drained[0]).toBe("server-1");
    expect(run.snapshots).toEqual([""]);
    expect(ids(run)).toEqual(["2", "3"]);
    expect(nomad.peerNames()).not.toContain(name);
    expect(nomad.leadersKilled).toBe(0);
    await hurried(nomad.replace("server-1", "a"));
    await hurried(rollout.joined("server-1", nomad.nameOf("server-1")));
    expect(nomad.peerNames()).toHaveLength(3);
  });

  test("waits until the next one has joined, if it has no volume", async () => {
    const run = running();
    await hurried(run.rollout.gate("server-1"));
    await hurried(run.rollout.beforeCreate("server-1"));
    expect(ids(run)).toEqual(["1", "2", "3"]);
    expect(run.nomad.drained).toEqual([]);
  });

  test("is left alone while the cluster cannot spare it, with what to do", async () => {
    const run = running("1");
    await hurried(run.rollout.gate("server-1"));
    run.nomad.remove("server-3");
    await expect(hurried(run.rollout.beforeCreate("server-1"))).rejects.toThrow(
      /^blog-server-1-1 is in the way.*server-3.*doctl compute droplet delete 1`.*`pulumi up` again$/,
    );
    expect(ids(run)).toEqual(["1", "2"]);
    expect(run.nomad.drained).toEqual([]);
  });
});

describe("the only server, if Pulumi does not know it", () => {
  const alone = (isUnused: boolean) =>
    start(FakeNomad.of(["server-1"], "a", "server-1"), "a", { wanted: ["server-1"], isUnused });

  test("is deleted as long as nobody can have used it, and the next one is a new cluster", async () => {
    const run = alone(true);
    await hurried(run.rollout.gate("server-1"));
    await hurried(run.rollout.beforeCreate("server-1"));
    expect(ids(run)).toEqual([]);
    const known = run.nomad.addDuplicate("server-1", "a");
    const { calls } = run.nomad;
    await hurried(run.rollout.joined("server-1", known));
    await hurried(run.rollout.finished());
    expect(run.nomad.calls).toBe(calls);
  });

  test("is left alone once it is in use, with what to do", async () => {
    const run = alone(false);
    await hurried(run.rollout.gate("server-1"));
    await expect(hurried(run.rollout.beforeCreate("server-1"))).rejects.toThrow(
      /^blog-server-1-1 is in the way.*only server.*doctl compute droplet delete 1`/,
    );
    expect(ids(run)).toEqual(["1"]);
  });
});
