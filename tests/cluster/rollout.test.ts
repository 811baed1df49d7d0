import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { dropletNameOf, nodeNameOf, parseNodeName } from "../../components/nodes/names.ts";
import type { Slot } from "../../components/nodes/names.ts";
import { bootstrapAcl, waitForCluster } from "../../components/rollout/readiness.ts";
import { readServers } from "../../components/rollout/observe/read-cluster.ts";
import { Rollout } from "../../components/rollout/rollout.ts";
import type { DesiredSlot } from "../../components/rollout/observe/cluster-state.ts";
import { sandboxSettings } from "../../sandbox/settings.ts";
import { installTool } from "../../sandbox/tools/install-tool.ts";
import { nomad } from "../../sandbox/tools/tool-table.ts";
import { managementToken, NomadDroplets } from "../support/nomad/droplets.ts";
import { ServerWatcher } from "../support/nomad/server-watcher.ts";

const root = new URL("../..", import.meta.url).pathname;
const threeServers: Slot[] = ["server-1", "server-2", "server-3"];
const fiveServers: Slot[] = [...threeServers, "server-4", "server-5"];
const longest = { timeout: 600_000 };
const sleeping = (seconds: string) => ({
  Name: "sleep",
  Driver: "raw_exec",
  Config: { command: "/bin/sleep", args: [seconds] },
  Resources: { CPU: 20, MemoryMB: 16 },
});

/** A point of an update at which the program may be killed. */
const points = ["before the droplet goes", "before the droplet comes", "before the node joined"] as const;
type Point = (typeof points)[number];
class Interrupted extends Error {}

let droplets: NomadDroplets;
let logged: string[] = [];

const settings = {
  maxDrain: "5m",
  joinTimeout: "3m",
  readyTimeout: "3s",
  settleTimeout: "20s",
  replaceUnreachableCluster: false,
  region: "global",
};

/** One `pulumi up`, with the droplets in place of the account: what declares another spec is replaced. */
async function up(spec: string, interrupt?: Point, slots = threeServers): Promise<void> {
  const desired: DesiredSlot[] = slots.map((slot) => ({
    slot,
    role: "server",
    dropletName: dropletNameOf(droplets.clusterName, slot),
    specHash: spec,
    size: "s-2vcpu-4gb",
  }));
  const withFailover = droplets.withFailover(slots);
  const rollout = new Rollout(
    slots,
    Promise.resolve({
      desired,
      droplets: droplets.list(),
      account: {
        list: () => Promise.resolve(droplets.list()),
        delete: (id) => droplets.deleteById(id),
      },
      withFailover,
      agents: [...new Set([...slots, ...droplets.slots()])].map((slot) => ({
        slot,
        hasDroplet: droplets.find(slot) !== undefined,
        clients: [droplets.agent(slot)],
      })),
      gossipKey: droplets.gossipKey,
      bootstrapAcl: () => withFailover((server) => bootstrapAcl(server, managementToken)),
      saveSnapshot: async () => {
        const snapshot = await withFailover((server) => server.snapshot());
        return `${snapshot.length} bytes`;
      },
    }),
    {
      ...settings,
      logger: { status: (message) => logged.push(message), info: (message) => logged.push(message) },
    },
  );
  const at = (point: Point) => {
    if (interrupt === point) throw new Interrupted();
  };
  await Promise.all([
    ...slots.map(async (slot) => {
      await rollout.gate(slot);
      if (droplets.find(slot)?.spec !== spec) {
        at("before the droplet goes");
        await droplets.delete(slot);
        at("before the droplet comes");
        await droplets.create(slot, spec);
        at("before the node joined");
      }
      await rollout.joined(slot, nameIn(slot));
    }),
    rollout.finished(),
  ]);
  await waitForCluster(
    {
      serverAddresses: slots.map((slot) => droplets.apiAddress(slot)),
      nodeNames: slots.map(nameIn),
      caCertificate: droplets.caCertificate,
      managementToken,
      deadline: 180_000,
    },
    (message) => logged.push(message),
  );
}

/** Name of the slot's node. */
function nameIn(slot: Slot): string {
  return nodeNameOf(droplets.find(slot)!);
}

const names = () => droplets.list().map(nodeNameOf).sort();
const servers = () => readServers(droplets.withFailover(threeServers));
const leader = async () => (await servers()).find(({ leads }) => leads)!.name;

interface Allocation {
  JobID: string;
  NodeName: string;
  ClientStatus: string;
}
async function running(job: string): Promise<string[]> {
  const all = await droplets.call<Allocation[]>(threeServers[0]!, "GET", `/v1/job/${job}/allocations`);
  return all
    .filter(({ ClientStatus, NodeName }) => ClientStatus === "running" && names().includes(NodeName))
    .map(({ NodeName }) => NodeName)
    .sort();
}

async function until(done: () => Promise<boolean>): Promise<void> {
  // An agent that starts refuses connections: not yet.
  while (!(await done().catch(() => false))) await new Promise((resolve) => setTimeout(resolve, 500));
}

async function submit(job: { ID: string; Type: string; [field: string]: unknown }): Promise<void> {
  await droplets.call(threeServers[0]!, "POST", "/v1/jobs", { Job: { Datacenters: ["sgp1"], ...job } });
}

/** A cluster with a system job, a service that can move and one that can run in one slot only. */
async function startCluster(): Promise<void> {
  await up("a");
  await submit({ ID: "agent", Type: "system", TaskGroups: [{ Name: "agent", Tasks: [sleeping("901")] }] });
  await submit({
    ID: "movable",
    Type: "service",
    TaskGroups: [{ Name: "movable", Count: 2, Tasks: [sleeping("902")] }],
  });
  await submit({
    ID: "pinned",
    Type: "service",
    Constraints: [{ LTarget: "${meta.slot}", RTarget: "server-2", Operand: "=" }],
    TaskGroups: [{ Name: "pinned", Tasks: [sleeping("903")] }],
  });
  await until(jobsRun);
}

async function jobsRun(): Promise<boolean> {
  const counts = await Promise.all(
    ["agent", "movable", "pinned"].map(async (job) => (await running(job)).length),
  );
  return counts.join() === "3,2,1";
}

/** Names of the nodes that take allocations. */
async function eligible(): Promise<string[]> {
  const nodes = await droplets.withFailover(threeServers)((server) => server.nodes());
  return nodes
    .filter(
      ({ Name, SchedulingEligibility }) => names().includes(Name) && SchedulingEligibility === "eligible",
    )
    .map(({ Name }) => Name);
}

/** All that must be true when an update is through. */
async function expectSettled(spec: string): Promise<void> {
  expect(threeServers.map((slot) => droplets.find(slot)?.spec)).toEqual([spec, spec, spec]);
  // Until gossip notices that a server is dead the leader may take it in again, without a vote.
  await vi.waitFor(async () => expect((await servers()).map(({ name }) => name).sort()).toEqual(names()), {
    timeout: 90_000,
    interval: 1_000,
  });
  const current = await servers();
  expect(current.every(({ healthy }) => healthy)).toBe(true);
  const nodes = await droplets.withFailover(threeServers)((server) => server.nodes());
  for (const name of names())
    expect(nodes.find(({ Name }) => Name === name)).toMatchObject({
      Status: "ready",
      SchedulingEligibility: "eligible",
    });
  expect(await running("agent")).toEqual(names());
  expect(await running("movable")).toHaveLength(2);
  expect(await running("pinned")).toEqual(names().filter((name) => name.includes("server-2")));
}

// One cluster goes through its life here, so the order of the tests matters.
describe.skipIf(process.getuid?.() !== 0)("a rollout, on three real Nomad servers", () => {
  beforeAll(async () => {
    const { path } = await installTool(nomad, sandboxSettings(root).cacheDir);
    droplets = await NomadDroplets.prepare(path, threeServers.length, "127.81");
    await startCluster();
  }, longest.timeout);
  beforeEach(() => {
    logged = [];
  });
  afterAll(() => droplets.close());

  test("replaces one after another, the leader last, without ever losing the majority", longest, async () => {
    const led = await leader();
    const before = names();
    const watcher = new ServerWatcher(droplets, threeServers);
    await up("b");
    const seen = await watcher.stop();

    await expectSettled("b");
    expect(names().filter((name) => before.includes(name))).toEqual([]);
    expect(await leader()).not.toBe(led);
    const plan = logged.find((message) => message.startsWith("rollout: replaced one after another: "))!;
    expect(plan.endsWith(`${parseNodeName(led)!.slot} (leader)`)).toBe(true);
    expect(logged.some((message) => message.includes("handing over leadership"))).toBe(true);
    expect(logged.filter((message) => /^Nomad's state is kept in \d+ bytes$/.test(message))).toHaveLength(1);
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
    await up("b");
    expect(logged).toEqual([]);
  });

  test("is finished by the next update wherever it is cut off", longest, async () => {
    for (const point of points) await expect(up("c", point)).rejects.toThrow(Interrupted);
    await up("c");
    await expectSettled("c");
  });

  test("takes a drained node into service again when the change is taken back", longest, async () => {
    const before = names();
    await expect(up("d", "before the droplet goes")).rejects.toThrow(Interrupted);
    expect((await eligible()).length).toBe(2);
    await up("c");
    expect(logged.some((message) => message.startsWith("rollout: taken into service again: server-"))).toBe(
      true,
    );
    expect(names()).toEqual(before);
    await until(jobsRun);
    await expectSettled("c");
  });

  test("changes the gossip key on the running servers, and leaves no other", longest, async () => {
    droplets.gossipKey = Buffer.alloc(32, 5).toString("base64");
    await expect(up("e", "before the node joined")).rejects.toThrow(Interrupted);
    await up("e");
    await expectSettled("e");
    const keys = await droplets.withFailover(threeServers)((server) => server.gossipKeys());
    expect(keys.Keys).toEqual({ [droplets.gossipKey]: 3 });
  });

  test("leaves a node ineligible that an operator took out of service", longest, async () => {
    const withFailover = droplets.withFailover(threeServers);
    const node = (await withFailover((server) => server.nodes())).find(({ Name }) => names().includes(Name))!;
    await withFailover((server) => server.setEligibility(node.ID, "ineligible"));
    await up("e");
    expect((await withFailover((server) => server.node(node.ID))).SchedulingEligibility).toBe("ineligible");
    await withFailover((server) => server.setEligibility(node.ID, "eligible"));
  });

  test("brings a lost droplet back and drops its dead server", longest, async () => {
    await droplets.delete("server-3");
    await up("e");
    expect(await running("agent")).toContain(names().find((name) => name.includes("server-3")));
    await until(jobsRun);
    await expectSettled("e");
  });

  test("adds servers, and drains and removes them again one after another", longest, async () => {
    await up("e", undefined, fiveServers);
    expect((await servers()).filter(({ healthy }) => healthy)).toHaveLength(5);
    await up("e");
    const drained = await droplets.withFailover(threeServers)((server) => server.nodes());
    for (const slot of ["server-4", "server-5"])
      expect(drained.find(({ Name }) => Name.includes(slot))).toMatchObject({
        SchedulingEligibility: "ineligible",
        LastDrain: { Status: "complete" },
      });
    // Pulumi deletes what is no longer declared side by side when the program has ended.
    await Promise.all([droplets.delete("server-4"), droplets.delete("server-5")]);
    await up("e");
    // Until gossip notices that they are dead the leader may take them in again, without a vote.
    await until(async () => (await servers()).length === 3 && (await jobsRun()));
    await expectSettled("e");
  });

  test("does not touch a server while another is down", longest, async () => {
    await droplets.find("server-3")!.powerOff();
    const before = names();
    await expect(up("d")).rejects.toThrow(
      /server-3.*cannot spare another server.*systemctl status nomad.*pulumi refresh/s,
    );
    expect(names()).toEqual(before);
    expect((await eligible()).length).toBe(3);
  });

  test("refuses a cluster that has lost its majority, and says how it is recovered", longest, async () => {
    await droplets.find("server-2")!.powerOff();
    await until(async () => (await droplets.agent("server-1").ownView()).leader === "");
    const before = names();
    await expect(up("d")).rejects.toThrow(
      /no droplet is touched.*server-1 knows \d servers, but no leader.*Outage recovery/s,
    );
    expect(names()).toEqual(before);
  });

  test("takes a cluster of which no agent answers for no new one", longest, async () => {
    await droplets.find("server-1")!.powerOff();
    const before = names();
    await expect(up("d")).rejects.toThrow(
      /no droplet is touched.*server-1 does not answer.*server-3 does not answer.*operatorCidrs.*replaceUnreachableCluster/s,
    );
    expect(names()).toEqual(before);
  });
});
