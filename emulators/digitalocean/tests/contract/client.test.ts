import { afterEach, beforeEach, expect, test } from "vitest";
import { dotsClient } from "./dots-client.ts";
import type { DotsClient } from "./dots-client.ts";
import { eventually, startEmulator, token } from "../support.ts";
import type { TestEmulator } from "../support.ts";

let emulator: TestEmulator;
let client: DotsClient;

beforeEach(async () => {
  emulator = await startEmulator();
  client = await dotsClient(emulator.url, token);
});
afterEach(() => emulator.close());

const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f me@here";
const node = { region: "sgp1", size: "s-2vcpu-4gb", image: "debian-12-x64", userData: "#cloud-config\n{}\n" };

test("the account, its catalogue and a key", async () => {
  const all = { queryParameters: { perPage: 200 } };
  expect((await client.v2.account.get()).account).toMatchObject({ dropletLimit: 25, status: "active" });
  expect((await client.v2.sizes.get(all)).sizes).toContainEqual(
    expect.objectContaining({ slug: "s-2vcpu-4gb", priceMonthly: 24 }),
  );
  const { regions } = await client.v2.regions.get(all);
  expect(regions.find((region) => region.slug === "sgp1")?.sizes).toContain("s-2vcpu-4gb");
  expect((await client.v2.images.get(all)).images.map((image) => image.slug)).toContain("debian-12-x64");

  const { sshKey } = await client.v2.account.keys.post({ name: "operator", publicKey });
  const keys = client.v2.account.keys;
  expect((await keys.bySsh_key_identifier(sshKey.id).get()).sshKey.name).toBe("operator");
  expect((await keys.bySsh_key_identifier(sshKey.fingerprint).get()).sshKey.name).toBe("operator");
});

test("a droplet from create to gone: new without networks, active with them, deleted for good", async () => {
  const { vpc } = await client.v2.vpcs.post({ name: "cluster", region: "sgp1", ipRange: "10.20.0.0/24" });
  const { sshKey } = await client.v2.account.keys.post({ name: "operator", publicKey });
  const created = await client.v2.droplets.post({
    ...{ ...node, name: "node-1", tags: ["cluster"], vpcUuid: vpc.id },
    sshKeys: [sshKey.fingerprint],
  });
  expect(created.droplet).toMatchObject({ status: "new", networks: { v4: [] }, tags: ["cluster"] });
  expect(created.links.actions).toMatchObject([{ rel: "create" }]);

  const { id } = created.droplet;
  const droplet = await eventually(async () => {
    const answer = await client.v2.droplets.byDroplet_id(id).get();
    expect(answer.droplet.status).toBe("active");
    return answer.droplet;
  });
  const { action } = await client.v2.actions.byAction_id(created.links.actions[0]?.id ?? 0).get();
  expect(action).toMatchObject({ status: "completed", type: "create" });
  expect(droplet.networks.v4).toMatchObject([
    { ipAddress: "198.18.0.10", type: "public" },
    { ipAddress: "10.20.0.2", type: "private" },
  ]);
  expect(emulator.hypervisor.machines.get(id)).toEqual({
    ...{ id, name: "node-1", userData: node.userData, sshKeys: [publicKey] },
    ...{ publicAddress: "198.18.0.10", anchorAddress: "10.15.0.2", vcpus: 2, memoryMiB: 4096 },
    vpc: { id: vpc.id, ipRange: "10.20.0.0/24", address: "10.20.0.2" },
  });
  expect((await client.v2.tags.byTag_id("cluster").get()).tag.resources.count).toBe(1);
  expect((await client.v2.droplets.get({ queryParameters: { tagName: "cluster" } })).meta.total).toBe(1);

  await client.v2.droplets.byDroplet_id(id).delete();
  await eventually(async () => expect((await client.v2.droplets.get()).droplets).toEqual([]));
  expect(emulator.hypervisor.machines.size).toBe(0);
  await client.v2.vpcs.byVpc_id(vpc.id).delete();
});

test("power and name of a droplet", async () => {
  const { droplet } = await client.v2.droplets.post({ ...node, name: "node-1" });
  const item = client.v2.droplets.byDroplet_id(droplet.id);
  const status = async () => (await item.get()).droplet;
  const idle = (wanted: string) =>
    eventually(async () => {
      expect(await status()).toMatchObject({ status: wanted, locked: false });
      const { actions } = await item.actions.get();
      expect(actions.map((action) => action.status)).not.toContain("in-progress");
    });
  await idle("active");
  for (const [type, wanted] of [
    ["shutdown", "off"],
    ["power_on", "active"],
    ["reboot", "active"],
    ["power_cycle", "active"],
    ["power_off", "off"],
  ] as const) {
    const { action } = await item.actions.post({ type });
    expect(action).toMatchObject({ status: "in-progress", type });
    await idle(wanted);
  }
  await item.actions.post({ type: "rename", name: "node-2" });
  await eventually(async () => expect((await status()).name).toBe("node-2"));
  const calls = emulator.hypervisor.calls
    .map((call) => call.method)
    .filter((method) => method !== "setFirewall");
  expect(calls).toEqual([
    ...["create", "powerOff", "create", "powerOn", "reboot", "powerOff", "powerOn", "powerOff"],
  ]);
});

test("a reserved IP goes to a droplet and away again, and follows the droplet's end", async () => {
  const { reservedIp } = await client.v2.reserved_ips.post({ region: "sgp1" });
  const { droplet } = await client.v2.droplets.post({ ...node, name: "node-1" });
  const { actions } = client.v2.droplets.byDroplet_id(droplet.id);
  await eventually(async () =>
    expect((await actions.get()).actions).toMatchObject([{ status: "completed" }]),
  );

  const item = client.v2.reserved_ips.byReserved_ip(reservedIp.ip);
  const holder = async () => (await item.get()).reservedIp.droplet?.id;
  const { action } = await item.actions.post({ type: "assign", dropletId: droplet.id });
  expect(action).toMatchObject({ status: "in-progress", type: "assign_ip" });
  await eventually(async () => expect(await holder()).toBe(droplet.id));
  expect(emulator.hypervisor.reservedIps.get(reservedIp.ip)).toBe(droplet.id);
  const { networks } = (await client.v2.droplets.byDroplet_id(droplet.id).get()).droplet;
  expect(networks.v4.map(({ ipAddress }) => ipAddress)).toContain(reservedIp.ip);

  await item.actions.post({ type: "unassign" });
  await eventually(async () => expect(await holder()).toBeUndefined());
  await item.actions.post({ type: "assign", dropletId: droplet.id });
  await eventually(async () => expect(await holder()).toBe(droplet.id));
  await client.v2.droplets.byDroplet_id(droplet.id).delete();
  await eventually(async () => expect(await holder()).toBeUndefined());
  expect(emulator.hypervisor.reservedIps.size).toBe(0);
  await item.delete();
});

test("a firewall by tag reaches droplets that are there and those that come later", async () => {
  await client.v2.tags.post({ name: "node" });
  const first = (await client.v2.droplets.post({ ...node, name: "node-1", tags: ["node"] })).droplet.id;
  const { firewall } = await client.v2.firewalls.post({
    name: "cluster",
    tags: ["node"],
    inboundRules: [{ protocol: "tcp", ports: "4647", sources: { tags: ["node"] } }],
    outboundRules: [{ protocol: "tcp", ports: "all", destinations: { addresses: ["0.0.0.0/0"] } }],
  });
  expect(firewall.status).toBe("waiting");
  const settled = () =>
    eventually(async () =>
      expect((await client.v2.firewalls.byFirewall_id(firewall.id).get()).firewall.status).toBe("succeeded"),
    );
  await settled();
  const sources = (id: number) => emulator.hypervisor.firewalls.get(id)?.inbound[0]?.addresses;
  expect(sources(first)).toEqual(["10.100.0.2/32", "198.18.0.10/32"]);

  const second = (await client.v2.droplets.post({ ...node, name: "node-2", tags: ["node"] })).droplet.id;
  const both = ["10.100.0.2/32", "10.100.0.3/32", "198.18.0.10/32", "198.18.0.11/32"];
  await eventually(() => expect([sources(first), sources(second)]).toEqual([both, both]));

  await client.v2.droplets.byDroplet_id(first).delete();
  await eventually(() => expect(sources(second)).toEqual(["10.100.0.3/32", "198.18.0.11/32"]));
  await client.v2.firewalls.byFirewall_id(firewall.id).delete();
  await eventually(() => {
    expect(emulator.hypervisor.firewalls.has(second)).toBe(true);
    expect(emulator.hypervisor.firewalls.get(second)).toBeUndefined();
  });
});
