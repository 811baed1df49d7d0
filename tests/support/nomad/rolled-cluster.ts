import { expect, vi } from "vitest";
import { dropletNameOf, nodeNameOf } from "../../../components/nodes/names.ts";
import type { Slot } from "../../../components/nodes/names.ts";
import { bootstrapAcl, waitForCluster } from "../../../components/rollout/readiness.ts";
import type { DesiredSlot, ServerState } from "../../../components/rollout/observe/cluster-state.ts";
import { readServers } from "../../../components/rollout/observe/read-cluster.ts";
import { Rollout } from "../../../components/rollout/rollout.ts";
import { sandboxSettings } from "../../../sandbox/settings.ts";
import { installTool } from "../../../sandbox/tools/install-tool.ts";
import { nomad } from "../../../sandbox/tools/tool-table.ts";
import { dropletAccount } from "./droplet-account.ts";
import { managementToken, NomadDroplets } from "./droplets.ts";

const root = new URL("../../..", import.meta.url).pathname;

export const threeServers: Slot[] = ["server-1", "server-2", "server-3"];
const sleeping = (seconds: string) => ({
  Name: "sleep",
  Driver: "raw_exec",
  Config: { command: "/bin/sleep", args: [seconds] },
  Resources: { CPU: 20, MemoryMB: 16 },
});

/** A point of an update at which the program may be killed. */
export const points = [
  "before the droplet goes",
  "before the droplet comes",
  "before the node joined",
] as const;
export type Point = (typeof points)[number];
export class Interrupted extends Error {}

const settings = {
  maxDrain: "5m",
  joinTimeout: "3m",
  readyTimeout: "3s",
  shutdownTimeout: "2m",
  balancerNotice: "0s",
  settleTimeout: "20s",
  replaceUnreachableCluster: false,
  region: "global",
};

interface Allocation {
  JobID: string;
  NodeName: string;
  ClientStatus: string;
}

/** Resolves when `done` is true; a call that fails is tried again. */
export async function until(done: () => Promise<boolean>): Promise<void> {
  // An agent that starts refuses connections: not yet.
  while (!(await done().catch(() => false))) await new Promise((resolve) => setTimeout(resolve, 500));
}

/** A cluster of real Nomad servers that `pulumi up` rolls, without Pulumi. */
export class RolledCluster {
  readonly droplets: NomadDroplets;
  /** What the rollouts reported. */
  logged: string[] = [];

  private constructor(droplets: NomadDroplets) {
    this.droplets = droplets;
  }

  /** A cluster of three servers with jobs; `subnet` as {@link NomadDroplets.prepare} takes it. */
  static async start(subnet: string): Promise<RolledCluster> {
    const { path } = await installTool(nomad, sandboxSettings(root).cacheDir);
    const cluster = new RolledCluster(await NomadDroplets.prepare(path, threeServers.length, subnet));
    await cluster.#startJobs();
    return cluster;
  }

  /** One `pulumi up`, with the droplets in place of the account: what declares another spec is replaced. */
  async up(spec: string, interrupt?: Point, slots = threeServers): Promise<void> {
    const desired: DesiredSlot[] = slots.map((slot) => ({
      slot,
      role: "server",
      dropletName: dropletNameOf(this.droplets.clusterName, slot),
      specHash: spec,
      size: "s-2vcpu-4gb",
      volumeIds: [],
    }));
    const withFailover = this.droplets.withFailover(slots);
    const rollout = new Rollout(
      slots,
      Promise.resolve({
        desired,
        droplets: this.droplets.list(),
        account: dropletAccount(this.droplets),
        withFailover,
        agents: [...new Set([...slots, ...this.droplets.slots()])].map((slot) => ({
          slot,
          hasDroplet: this.droplets.find(slot) !== undefined,
          clients: [this.droplets.agent(slot)],
        })),
        gossipKey: this.droplets.gossipKey,
        missing: undefined,
        bootstrapAcl: () => withFailover((server) => bootstrapAcl(server, managementToken)),
        saveSnapshot: async () => {
          const snapshot = await withFailover((server) => server.snapshot());
          return `${snapshot.length} bytes`;
        },
      }),
      {
        ...settings,
        logger: {
          status: (message) => this.logged.push(message),
          info: (message) => this.logged.push(message),
        },
      },
    );
    const at = (point: Point) => {
      if (interrupt === point) throw new Interrupted();
    };
    await Promise.all([
      ...slots.map(async (slot) => {
        await rollout.gate(slot);
        if (this.droplets.find(slot)?.spec !== spec) {
          at("before the droplet goes");
          await this.droplets.delete(slot);
          at("before the droplet comes");
          await this.droplets.create(slot, spec);
          at("before the node joined");
        }
        await rollout.joined(slot, this.#nameIn(slot));
      }),
      rollout.finished(),
    ]);
    await waitForCluster(
      {
        // As if the roll had made them all, so that every one is waited for.
        nodes: slots.map((slot) => ({
          name: this.#nameIn(slot),
          address: this.droplets.apiAddress(slot),
          isNew: true,
          volumes: [],
        })),
        caCertificate: this.droplets.caCertificate,
        managementToken,
        deadline: 180_000,
      },
      { status: (message) => this.logged.push(message), warn: (message) => this.logged.push(message) },
    );
  }

  /** Name of the slot's node. */
  #nameIn(slot: Slot): string {
    return nodeNameOf(this.droplets.find(slot)!);
  }

  /** Names of the nodes. */
  names(): string[] {
    return this.droplets.list().map(nodeNameOf).sort();
  }

  /** Its Raft peers. */
  servers(): Promise<ServerState[]> {
    return readServers(this.droplets.withFailover(threeServers));
  }

  /** Name of the node that leads. */
  async leader(): Promise<string> {
    return (await this.servers()).find(({ leads }) => leads)!.name;
  }

  /** Names of the nodes on which the job runs, one for each allocation. */
  async running(job: string): Promise<string[]> {
    const all = await this.droplets.call<Allocation[]>(threeServers[0]!, "GET", `/v1/job/${job}/allocations`);
    return all
      .filter(({ ClientStatus, NodeName }) => ClientStatus === "running" && this.names().includes(NodeName))
      .map(({ NodeName }) => NodeName)
      .sort();
  }

  async #submit(job: { ID: string; Type: string; [field: string]: unknown }): Promise<void> {
    await this.droplets.call(threeServers[0]!, "POST", "/v1/jobs", {
      Job: { Datacenters: ["sgp1"], ...job },
    });
  }

  /** A cluster with a system job, a service that can move and one that can run in one slot only. */
  async #startJobs(): Promise<void> {
    await this.up("a");
    await this.#submit({
      ID: "agent",
      Type: "system",
      TaskGroups: [{ Name: "agent", Tasks: [sleeping("901")] }],
    });
    await this.#submit({
      ID: "movable",
      Type: "service",
      TaskGroups: [{ Name: "movable", Count: 2, Tasks: [sleeping("902")] }],
    });
    await this.#submit({
      ID: "pinned",
      Type: "service",
      Constraints: [{ LTarget: "${meta.slot}", RTarget: "server-2", Operand: "=" }],
      TaskGroups: [{ Name: "pinned", Tasks: [sleeping("903")] }],
    });
    await until(() => this.jobsRun());
  }

  /** True if all the jobs of {@link start} run in full. */
  async jobsRun(): Promise<boolean> {
    const counts = await Promise.all(
      ["agent", "movable", "pinned"].map(async (job) => (await this.running(job)).length),
    );
    return counts.join() === "3,2,1";
  }

  /** Names of the nodes that take allocations. */
  async eligible(): Promise<string[]> {
    const nodes = await this.droplets.withFailover(threeServers)((server) => server.nodes());
    return nodes
      .filter(
        ({ Name, SchedulingEligibility }) =>
          this.names().includes(Name) && SchedulingEligibility === "eligible",
      )
      .map(({ Name }) => Name);
  }

  /** All that must be true when an update is through. */
  async expectSettled(spec: string): Promise<void> {
    expect(threeServers.map((slot) => this.droplets.find(slot)?.spec)).toEqual([spec, spec, spec]);
    // Until gossip notices that a server is dead the leader may take it in again, without a vote.
    await vi.waitFor(
      async () => expect((await this.servers()).map(({ name }) => name).sort()).toEqual(this.names()),
      {
        timeout: 90_000,
        interval: 1_000,
      },
    );
    const current = await this.servers();
    expect(current.every(({ healthy }) => healthy)).toBe(true);
    const nodes = await this.droplets.withFailover(threeServers)((server) => server.nodes());
    for (const name of this.names())
      expect(nodes.find(({ Name }) => Name === name)).toMatchObject({
        Status: "ready",
        SchedulingEligibility: "eligible",
      });
    expect(await this.running("agent")).toEqual(this.names());
    expect(await this.running("movable")).toHaveLength(2);
    expect(await this.running("pinned")).toEqual(this.names().filter((name) => name.includes("server-2")));
  }
}
