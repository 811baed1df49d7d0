import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeNomad } from "../../../support/nomad/fake-nomad.ts";
import { hurried, slots, start } from "../../../support/nomad/rollout-run.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const healthy = () => FakeNomad.of(slots, "a", "server-1");

describe("a droplet that Pulumi replaces though nothing has changed", () => {
  test("is drained, hands leadership over and is saved first, and then waited for", async () => {
    const run = start(healthy(), "a");
    const { rollout, nomad } = run;
    await hurried(rollout.gate("server-1"));
    await hurried(rollout.beforeDelete("server-1"));
    expect(nomad.drained).toEqual(["server-1"]);
    expect(run.snapshots).toEqual([""]);
    await hurried(nomad.replace("server-1", "a"));
    expect(nomad.leadersKilled).toBe(0);
    await hurried(rollout.joined("server-1", nomad.nameOf("server-1")));
    expect(nomad.peerNames()).toHaveLength(3);
  });

  test("is not touched while the cluster cannot spare it", async () => {
    const { rollout, nomad } = start(healthy(), "a");
    await hurried(rollout.gate("server-1"));
    nomad.remove("server-3");
    await expect(hurried(rollout.beforeDelete("server-1"))).rejects.toThrow(/server-3.*cannot spare another/);
    expect(nomad.drained).toEqual([]);
  });

  test("is left alone when its turn is over, as at the end of an update that removes it", async () => {
    const { rollout, nomad } = start(healthy(), "a");
    await hurried(rollout.gate("server-1"));
    await hurried(rollout.joined("server-1", nomad.nameOf("server-1")));
    await hurried(rollout.beforeDelete("server-1"));
    expect(nomad.drained).toEqual([]);
  });

  test("is not drained twice when the program asked for it", async () => {
    const { rollout, nomad } = start(healthy(), "b");
    await hurried(rollout.gate("server-2"));
    await hurried(rollout.beforeDelete("server-2"));
    expect(nomad.drained).toEqual(["server-2"]);
  });
});

describe("a droplet that does not shut down before it is replaced", () => {
  test("is powered off after two minutes, again and again until it is gone", async () => {
    const run = start(healthy(), "b");
    run.follows = "neither";
    await hurried(run.rollout.gate("server-2"));
    await vi.advanceTimersByTimeAsync(119_000);
    expect(run.poweredOff).toEqual([]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(run.poweredOff).toEqual(["2", "2"]);
    expect(run.logged).toContain("server-2: blog-server-2-2 has not shut down in 2m and is powered off");
    run.nomad.remove("server-2");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(run.poweredOff).toEqual(["2", "2"]);
  });

  test("is asked for again when the account does not answer, which says what to do", async () => {
    const run = start(healthy(), "b");
    await hurried(run.rollout.gate("server-2"));
    run.account = "broken";
    await vi.advanceTimersByTimeAsync(121_000);
    const complaint = /cannot be powered off: 503.*droplet-action power-off 2/;
    expect(run.logged).toContainEqual(expect.stringMatching(complaint));
    run.account = "there";
    await vi.advanceTimersByTimeAsync(15_000);
    expect(run.poweredOff).toEqual(["2"]);
  });

  test("is never one that is kept, or that has joined", async () => {
    const kept = start(healthy(), "a");
    await hurried(kept.rollout.gate("server-1"));
    await vi.advanceTimersByTimeAsync(300_000);
    const replaced = start(healthy(), "b");
    await hurried(replaced.rollout.gate("server-2"));
    await hurried(replaced.nomad.replace("server-2", "b"));
    await hurried(replaced.rollout.joined("server-2", replaced.nomad.nameOf("server-2")));
    const { lists } = replaced;
    await vi.advanceTimersByTimeAsync(300_000);
    expect([...kept.poweredOff, ...replaced.poweredOff]).toEqual([]);
    expect(replaced.lists).toBe(lists);
  });
});
