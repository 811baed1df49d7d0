import type * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { downtimeWatcher } from "../../../../components/alerts/downtime.ts";
import { MackerelClient } from "../../../../components/clients/mackerel/client.ts";
import {
  BlogPlatform,
  mackerelAgent,
  MackerelAlerts,
  NomadCluster,
  quietRollouts,
} from "../../../../components/index.ts";
import { WatchedRollout, watchersOf } from "../../../../components/rollout/watchers.ts";
import type { RolloutWatcher } from "../../../../components/rollout/watchers.ts";
import { startMackerelApi } from "../../../../emulators/mackerel/index.ts";
import { FakeNomad } from "../../../support/nomad/fake-nomad.ts";
import { hurried, slots, start, update } from "../../../support/nomad/rollout-run.ts";
import { declared } from "../../../support/pulumi/mocked-program.ts";

describe("a rollout tells its watchers", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** What is told, with the nodes that were drained by then. */
  function watched(nomad: FakeNomad, spec: string) {
    const told: string[] = [];
    const tell = (what: string) => Promise.resolve(void told.push(`${what} ${nomad.drained.length}`));
    const watcher = { name: "it", changing: () => tell("changing"), ended: () => tell("ended") };
    return { told, run: start(nomad, spec, { watchers: [watcher] }) };
  }

  test("before each node that is changed, and at its end", async () => {
    const { told, run } = watched(FakeNomad.of(slots, "a", "server-3"), "b");
    await hurried(update(run, "b"));
    expect(told).toEqual(["changing 0", "changing 1", "changing 2", "ended 3"]);
  });

  test("nothing if it changes nothing, and if the cluster is new", async () => {
    const same = watched(FakeNomad.of(slots, "a", "server-3"), "a");
    await hurried(update(same.run, "a"));
    const first = watched(new FakeNomad(), "a");
    await hurried(Promise.all(slots.map((slot) => first.run.rollout.gate(slot))));
    expect([...same.told, ...first.told]).toEqual([]);
  });

  test("that it has ended when it fails", async () => {
    const nomad = FakeNomad.of(slots, "a", "server-3");
    const { told, run } = watched(nomad, "b");
    await hurried(run.rollout.gate("server-1"));
    // Its droplet never comes back, and neither does its server.
    nomad.remove("server-1");
    await expect(hurried(run.rollout.joined("server-1", "blog-server-1-9999"))).rejects.toThrow("stopped");
    expect(told).toEqual(["changing 0", "ended 1"]);
  });

  test("one thing after another, and nothing after the end", async () => {
    const told: string[] = [];
    const slowly = (what: string) => async () => {
      told.push(`${what} begins`);
      await vi.advanceTimersByTimeAsync(1);
      told.push(`${what} is through`);
    };
    const watcher = { name: "it", changing: slowly("changing"), ended: slowly("ended") };
    const rollout = new WatchedRollout(
      () => [watcher],
      () => undefined,
    );
    await Promise.all([rollout.changing(), rollout.changing(), rollout.ended(), rollout.changing()]);
    const both = ["changing begins", "changing is through"];
    expect(told).toEqual([...both, ...both, "ended begins", "ended is through"]);
  });

  test("and goes on if one of them fails", async () => {
    const fail = () => Promise.reject(new Error("no downtime"));
    const watcher = { name: "it", changing: fail, ended: fail };
    const run = start(FakeNomad.of(slots, "a", "server-3"), "b", { watchers: [watcher] });
    await hurried(update(run, "b"));
    expect(run.logged).toContain("it: no downtime");
  });
});

interface Downtime {
  readonly name: string;
  readonly start: number;
  readonly duration: number;
  readonly monitorScopes: readonly string[];
}

describe("the downtime of a rollout", () => {
  const began = 1_800_000_000;
  let now: number;
  let api: Awaited<ReturnType<typeof startMackerelApi>>;
  let warnings: string[];
  let watcher: RolloutWatcher;
  const call = async <Answer>(method: string, path: string, body?: object) => {
    const response = await fetch(new URL(`/api/v0/${path}`, api.url), {
      method,
      headers: { "x-api-key": "key", "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    return (await response.json()) as Answer;
  };
  const downtimes = async () => (await call<{ downtimes: Downtime[] }>("GET", "downtimes")).downtimes;
  const monitor = (name: string) =>
    call<{ id: string }>("POST", "monitors", { type: "connectivity", name }).then(({ id }) => id);
  const watcherWith = (apiKey: string) =>
    downtimeWatcher({
      name: "blog",
      client: () => Promise.resolve(new MackerelClient({ url: api.url, apiKey })),
      warn: (message) => void warnings.push(message),
      now: () => now * 1000,
    });

  beforeEach(async () => {
    now = began;
    warnings = [];
    api = await startMackerelApi({
      apiKeys: [
        { key: "key", writes: true },
        { key: "reader", writes: false },
      ],
      now: () => now,
      evaluationInterval: 0,
    });
    watcher = watcherWith("key");
  });
  afterEach(() => api.close());

  test("suspends the component's own monitors from the first node to the end, and no others", async () => {
    const own = [await monitor("blog: connectivity"), await monitor("blog: front")];
    await monitor("blogs: connectivity");
    await watcher.changing();
    const [made] = await downtimes();
    expect(made).toMatchObject({ name: "blog: rollout", start: began, duration: 30 });
    expect([...made!.monitorScopes].sort()).toEqual(own.sort());
    now += 601;
    await watcher.changing();
    // Eleven minutes are begun, and the next node has half an hour too.
    expect(await downtimes()).toMatchObject([{ start: began, duration: 41 }]);
    await watcher.ended();
    expect(await downtimes()).toEqual([]);
    expect(warnings).toEqual([]);
  });

  test("is not made without monitors of its own, since it would suspend everybody's", async () => {
    await monitor("by hand");
    await watcher.changing();
    expect(await downtimes()).toEqual([]);
    await watcher.ended();
  });

  test("that Mackerel refuses is a warning, and that is all", async () => {
    await monitor("blog: connectivity");
    const reader = watcherWith("reader");
    await reader.changing();
    await reader.ended();
    expect(warnings).toEqual([expect.stringMatching(/^this rollout may wake somebody: .* answered 403/)]);
    await watcher.changing();
    const [made] = (await downtimes()) as unknown as { id: string }[];
    await call("DELETE", `downtimes/${made!.id}`);
    await watcher.ended();
    expect(warnings[1]).toMatch(/^the downtime "blog: rollout" ends by itself, and not now: .* answered 404/);
  });
});

test.each([
  ["make a downtime if it has alerts", { alerts: {} }, ["the downtime at Mackerel"]],
  ["make none without", {}, []],
])("a blog's rollouts %s", async (_, alerts, names) => {
  const clusters: NomadCluster[] = [];
  await declared(() => {
    const monitoring = { agent: mackerelAgent({ roles: ["blog:nodes"] }), apiKey: "key", ...alerts };
    const find = ({ resource }: pulumi.ResourceTransformationArgs) => {
      if (resource instanceof NomadCluster) clusters.push(resource);
      return undefined;
    };
    new BlogPlatform(
      "blog",
      { cluster: { operatorCidrs: ["192.0.2.7/32"] }, monitoring },
      { transformations: [find] },
    );
  });
  expect(clusters.map((cluster) => watchersOf(cluster).map(({ name }) => name))).toEqual([names]);
});

test("alerts and a cluster of a program of one's own are joined by a call", async () => {
  const watchers: RolloutWatcher[] = [];
  await declared(() => {
    const cluster = new NomadCluster("nomad", { operatorCidrs: ["192.0.2.7/32"] });
    const alerts = new MackerelAlerts("watch", { apiKey: "key", memory: {} });
    quietRollouts({ cluster, alerts });
    watchers.push(...watchersOf(cluster));
  });
  expect(watchers).toHaveLength(1);
});
