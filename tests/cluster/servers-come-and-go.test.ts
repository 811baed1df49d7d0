import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Slot } from "../../components/nodes/names.ts";
import type { NomadDroplets } from "../support/nomad/droplets.ts";
import { RolledCluster, threeServers, until } from "../support/nomad/rolled-cluster.ts";

const fiveServers: Slot[] = [...threeServers, "server-4", "server-5"];
const longest = { timeout: 600_000 };

let droplets: NomadDroplets;
let cluster: RolledCluster;

// One cluster loses its servers here one after another, so the order of the tests matters.
describe.skipIf(process.getuid?.() !== 0)("a rollout, on real Nomad servers that come and go", () => {
  beforeAll(async () => {
    cluster = await RolledCluster.start("127.82");
    droplets = cluster.droplets;
  }, longest.timeout);
  beforeEach(() => {
    cluster.logged = [];
  });
  afterAll(() => droplets.close());

  test("brings a lost droplet back and drops its dead server", longest, async () => {
    await droplets.delete("server-3");
    await cluster.up("a");
    expect(await cluster.running("agent")).toContain(
      cluster.names().find((name) => name.includes("server-3")),
    );
    await until(() => cluster.jobsRun());
    await cluster.expectSettled("a");
  });

  test("adds servers, and drains and removes them again one after another", longest, async () => {
    await cluster.up("a", undefined, fiveServers);
    expect((await cluster.servers()).filter(({ healthy }) => healthy)).toHaveLength(5);
    await cluster.up("a");
    const off = droplets.list().filter(({ status }) => status === "off");
    expect(off.map(({ name }) => name)).toEqual(["blog-server-4", "blog-server-5"]);
    expect(await cluster.servers()).toHaveLength(3);
    const drained = await droplets.withFailover(threeServers)((server) => server.nodes());
    for (const slot of ["server-4", "server-5"])
      expect(drained.find(({ Name }) => Name.includes(slot))).toMatchObject({
        SchedulingEligibility: "ineligible",
        LastDrain: { Status: "complete" },
      });
    // Cut off before Pulumi deletes them, and wanted again.
    cluster.logged = [];
    await cluster.up("a", undefined, fiveServers);
    expect(droplets.list().map(({ status }) => status)).toEqual(Array(5).fill("active"));
    expect(cluster.logged.join("\n")).toMatch(/blog-server-4-\d+ is off and is powered on/);
    expect((await cluster.servers()).filter(({ healthy }) => healthy)).toHaveLength(5);
    expect(await cluster.eligible()).toHaveLength(5);
    await cluster.up("a");
    // Pulumi deletes what is no longer declared side by side when the program has ended.
    await Promise.all([droplets.delete("server-4"), droplets.delete("server-5")]);
    expect(await cluster.servers()).toHaveLength(3);
    await cluster.up("a");
    expect(await cluster.servers()).toHaveLength(3);
    await until(() => cluster.jobsRun());
    await cluster.expectSettled("a");
  });

  test("does not touch a server while another is down", longest, async () => {
    await droplets.find("server-3")!.crash();
    const before = cluster.names();
    await expect(cluster.up("d")).rejects.toThrow(
      /server-3.*cannot spare another server.*systemctl status nomad.*pulumi refresh/s,
    );
    expect(cluster.names()).toEqual(before);
    expect((await cluster.eligible()).length).toBe(3);
  });

  test("refuses a cluster that has lost its majority, and says how it is recovered", longest, async () => {
    await droplets.find("server-2")!.crash();
    await until(async () => (await droplets.agent("server-1").staleView()).leader === "");
    const before = cluster.names();
    await expect(cluster.up("d")).rejects.toThrow(
      /no droplet is touched.*server-1 knows \d servers, but no leader.*Outage recovery/s,
    );
    expect(cluster.names()).toEqual(before);
  });

  test("takes a cluster of which no agent answers for no new one", longest, async () => {
    await droplets.find("server-1")!.crash();
    const before = cluster.names();
    await expect(cluster.up("d")).rejects.toThrow(
      /no droplet is touched.*server-1 does not answer.*server-3 does not answer.*operatorCidrs.*replaceUnreachableCluster/s,
    );
    expect(cluster.names()).toEqual(before);
  });
});
