import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeNomad } from "../../../support/nomad/fake-nomad.ts";
import { hurried, slots, start, update } from "../../../support/nomad/rollout-run.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const healthy = () => FakeNomad.of(slots, "a", "server-2");

describe("a server that runs on a droplet", () => {
  test("that lost the cluster's tag gets it back, and nothing else is done", async () => {
    const nomad = healthy();
    nomad.untagged.add("2");
    const before = nomad.peerNames();
    const run = start(nomad, "a");
    await hurried(update(run, "a"));
    expect([...nomad.untagged]).toEqual([]);
    expect(nomad.peerNames()).toEqual(before);
    expect(run.logged[0]).toBe("the cluster's tag is put back on blog-server-2-2");
    expect(nomad.drained).toEqual([]);
  });

  test("whose tag cannot be put back stops the update before anything is touched", async () => {
    const nomad = healthy();
    nomad.untagged.add("2");
    nomad.untagged.delete = () => {
      throw new Error("POST /v2/tags answered 403");
    };
    const run = start(nomad, "b");
    await expect(hurried(run.rollout.gate("server-1"))).rejects.toThrow(
      /^blog-server-2-2 has lost.*answered 403\. No droplet is touched.*doctl compute droplet tag 2/,
    );
    expect(nomad.calls).toBe(0);
  });

  test.each([
    ["one of them", ["2"]],
    ["all of them", ["1", "2", "3"]],
  ])("that the account does not list, %s, is not dropped, and no gate opens", async (_, ids) => {
    const nomad = healthy();
    for (const id of ids) nomad.unlisted.add(id);
    const before = nomad.peerNames();
    const run = start(nomad, "b");
    await expect(hurried(run.rollout.gate("server-1"))).rejects.toThrow(
      /blog-server-2-2.* but the account lists no droplet.*blog-server-2 with the id 2.*rename/,
    );
    expect(nomad.peerNames()).toEqual(before);
  });

  test("that is gone is dropped", async () => {
    const nomad = healthy();
    nomad.remove("server-3");
    const run = start(nomad, "a");
    await hurried(update(run, "a"));
    expect(nomad.peerNames().filter((name) => name.startsWith("blog-server-3-"))).toEqual([
      "blog-server-3-4",
    ]);
  });
});
