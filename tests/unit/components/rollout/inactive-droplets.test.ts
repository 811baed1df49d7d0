import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeNomad } from "../../../support/nomad/fake-nomad.ts";
import { hurried, slots, start } from "../../../support/nomad/rollout-run.ts";
import type { Run } from "../../../support/nomad/rollout-run.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a new droplet that does not become active", () => {
  /** The gate is open, the old droplet gone and the new one being created, which is when its slot can fail. */
  async function creating(): Promise<{ run: Run; finished: Promise<void> }> {
    const run = start(FakeNomad.of(slots, "a", "server-1"), "b");
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
      /^blog-server-2-99 was not active after 10m and was deleted.*pulumi refresh --target.*pulumi up/,
    );
    expect(ids(run)).not.toContain("99");
    expect(run.logged).toContainEqual(
      expect.stringMatching(
        /^server-2: deleting blog-server-2-99: not active after 10m; the update ends when/,
      ),
    );
    await expect(run.rollout.gate("server-3")).rejects.toThrow("blog-server-2-99");
  });

  test("looks again when the account does not answer, and says so", async () => {
    const { run, finished } = await creating();
    run.account = "broken";
    await vi.advanceTimersByTimeAsync(20 * 60_000);
    expect(ids(run)).toContain("99");
    expect(run.logged).toContain("checking whether new droplets are active: 503");
    run.account = "there";
    await expect(hurried(finished)).rejects.toThrow("blog-server-2-99 was not active after");
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
    const run = start(new FakeNomad(), "a");
    await Promise.all(slots.map((slot) => run.rollout.gate(slot)));
    slots.forEach((slot, index) => run.nomad.addUnregistered(slot, `9${index}`, "new"));
    await expect(hurried(run.rollout.finished())).rejects.toThrow("was not active after");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(ids(run)).toEqual([]);
  });
});

describe("a droplet that an earlier update left inactive", () => {
  const left = () => {
    const nomad = FakeNomad.of(slots, "a", "server-1");
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
      /^blog-server-2-99 was not active after 10m and was deleted.*pulumi refresh --target.*pulumi up/,
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
