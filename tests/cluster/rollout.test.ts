import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parseNodeName } from "../../components/nodes/names.ts";
import type { NomadDroplets } from "../support/nomad/droplets.ts";
import { Interrupted, points, RolledCluster, threeServers, until } from "../support/nomad/rolled-cluster.ts";
import { ServerWatcher } from "../support/nomad/server-watcher.ts";

const longest = { timeout: 600_000 };

let droplets: NomadDroplets;
let cluster: RolledCluster;

// One cluster goes through its life here, so the order of the tests matters.
describe.skipIf(process.getuid?.() !== 0)("a rollout, on three real Nomad servers", () => {
  beforeAll(async () => {
    cluster = await RolledCluster.start("127.81");
    droplets = cluster.droplets;
  }, longest.timeout);
  beforeEach(() => {
    cluster.logged = [];
  });
  afterAll(() => droplets.close());

  test("replaces one after another, the leader last, without ever losing the majority", longest, async () => {
    const led = await cluster.leader();
    const before = cluster.names();
    const watcher = new ServerWatcher(droplets, threeServers);
    await cluster.up("b");
    const seen = await watcher.stop();

    await cluster.expectSettled("b");
    expect(cluster.names().filter((name) => before.includes(name))).toEqual([]);
    expect(await cluster.leader()).not.toBe(led);
    const plan = cluster.logged.find((message) =>
      message.startsWith("rollout: replaced one after another: "),
    )!;
    expect(plan.endsWith(`${parseNodeName(led)!.slot} (leader)`)).toBe(true);
    expect(cluster.logged.some((message) => message.includes("handing over leadership"))).toBe(true);
    expect(
      cluster.logged.filter((message) => /^Nomad's state is kept in \d+ bytes$/.test(message)),
    ).toHaveLength(1);
    expect(seen.samples).toBeGreaterThan(20);
    // It looks once a second, and may miss the moment in which one is away.
    expect(seen.fewestAnsweringVoters).toBeGreaterThanOrEqual(2);
    expect(seen.leadersOfOneTerm).toBe(1);
  });

  test("leaves no client a dead server to turn to, which would cost it its heartbeat", longest, async () => {
    const living = droplets
      .slots()
      .map((slot) => `${droplets.find(slot)!.address}:4647`)
      .sort();
    // Gossip takes its time to notice that the old ones are gone.
    for (const slot of threeServers)
      await expect
        .poll(async () => (await droplets.call<string[]>(slot, "GET", "/v1/agent/servers")).sort(), {
          timeout: 180_000,
          interval: 2_000,
        })
        .toEqual(living);
  });

  test("has nothing left to do when it is through", longest, async () => {
    await cluster.up("b");
    expect(cluster.logged).toEqual([]);
  });

  test("is finished by the next update wherever it is cut off", longest, async () => {
    for (const point of points) await expect(cluster.up("c", point)).rejects.toThrow(Interrupted);
    await cluster.up("c");
    await cluster.expectSettled("c");
  });

  test("takes a drained node into service again when the change is taken back", longest, async () => {
    const before = cluster.names();
    await expect(cluster.up("d", "before the droplet goes")).rejects.toThrow(Interrupted);
    expect((await cluster.eligible()).length).toBe(2);
    await cluster.up("c");
    expect(
      cluster.logged.some((message) => message.startsWith("rollout: taken into service again: server-")),
    ).toBe(true);
    expect(cluster.names()).toEqual(before);
    await until(() => cluster.jobsRun());
    await cluster.expectSettled("c");
  });

  test("changes the gossip key on the running servers, and leaves no other", longest, async () => {
    droplets.gossipKey = Buffer.alloc(32, 5).toString("base64");
    await expect(cluster.up("e", "before the node joined")).rejects.toThrow(Interrupted);
    await cluster.up("e");
    await cluster.expectSettled("e");
    const keys = await droplets.withFailover(threeServers)((server) => server.gossipKeys());
    expect(keys.Keys).toEqual({ [droplets.gossipKey]: 3 });
  });

  test("leaves a node ineligible that an operator took out of service", longest, async () => {
    const withFailover = droplets.withFailover(threeServers);
    const node = (await withFailover((server) => server.nodes())).find(({ Name }) =>
      cluster.names().includes(Name),
    )!;
    const setEligibility = (Eligibility: string) =>
      droplets.call("server-1", "POST", `/v1/node/${node.ID}/eligibility`, { Eligibility });
    await setEligibility("ineligible");
    await cluster.up("e");
    expect((await withFailover((server) => server.node(node.ID))).SchedulingEligibility).toBe("ineligible");
    await setEligibility("eligible");
  });
});
