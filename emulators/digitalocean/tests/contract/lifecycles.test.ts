import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually, startEmulator } from "../support.ts";
import type { TestEmulator } from "../support.ts";

let emulator: TestEmulator;

beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.close());

const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f me@here";
const node = {
  region: "sgp1",
  size: "s-2vcpu-4gb",
  image: "debian-12-x64",
  user_data: "#cloud-config\n{}\n",
};

interface Droplet {
  readonly id: number;
  readonly name: string;
  readonly status: string;
  readonly networks: { readonly v4: readonly { readonly ip_address: string; readonly type: string }[] };
}
interface Action {
  readonly id: number;
  readonly status: string;
}
interface Created {
  readonly droplet: Droplet;
  readonly links: { readonly actions: readonly { readonly id: number }[] };
}

const get = async <Body>(path: string) => (await emulator.call<Body>("GET", path)).body;
const post = async <Body>(path: string, body: unknown) =>
  (await emulator.call<Body>("POST", path, body)).body;
const remove = async (path: string) => expect((await emulator.call("DELETE", path)).status).toBe(204);
const createDroplet = (fields: object) => post<Created>("/v2/droplets", { ...node, ...fields });

test("the account, its catalogue and a key", async () => {
  const { account } = await get<{ account: object }>("/v2/account");
  expect(account).toMatchObject({ droplet_limit: 25, status: "active" });
  const { sizes } = await get<{ sizes: object[] }>("/v2/sizes?per_page=200");
  expect(sizes).toContainEqual(expect.objectContaining({ slug: "s-2vcpu-4gb", price_monthly: 24 }));
  const { regions } = await get<{ regions: { slug: string; sizes: string[] }[] }>("/v2/regions?per_page=200");
  expect(regions.find((region) => region.slug === "sgp1")?.sizes).toContain("s-2vcpu-4gb");
  const { images } = await get<{ images: { slug: string }[] }>("/v2/images?per_page=200");
  expect(images.map((image) => image.slug)).toContain("debian-12-x64");

  const { ssh_key } = await post<{ ssh_key: { id: number; fingerprint: string } }>("/v2/account/keys", {
    ...{ name: "operator", public_key: publicKey },
  });
  const nameOf = async (key: number | string) =>
    (await get<{ ssh_key: { name: string } }>(`/v2/account/keys/${key}`)).ssh_key.name;
  expect(await nameOf(ssh_key.id)).toBe("operator");
  expect(await nameOf(ssh_key.fingerprint)).toBe("operator");
});

test("a droplet from create to gone: new without networks, active with them, deleted for good", async () => {
  const { vpc } = await post<{ vpc: { id: string } }>("/v2/vpcs", {
    ...{ name: "cluster", region: "sgp1", ip_range: "10.20.0.0/24" },
  });
  const { ssh_key } = await post<{ ssh_key: { fingerprint: string } }>("/v2/account/keys", {
    ...{ name: "operator", public_key: publicKey },
  });
  const created = await createDroplet({
    ...{ name: "node-1", tags: ["cluster"], vpc_uuid: vpc.id, ssh_keys: [ssh_key.fingerprint] },
  });
  expect(created.droplet).toMatchObject({ status: "new", networks: { v4: [] }, tags: ["cluster"] });
  expect(created.links.actions).toMatchObject([{ rel: "create" }]);

  const { id } = created.droplet;
  const droplet = await eventually(async () => {
    const answer = await get<Created>(`/v2/droplets/${id}`);
    expect(answer.droplet.status).toBe("active");
    return answer.droplet;
  });
  const { action } = await get<{ action: Action }>(`/v2/actions/${created.links.actions[0]?.id ?? 0}`);
  expect(action).toMatchObject({ status: "completed", type: "create" });
  expect(droplet.networks.v4).toMatchObject([
    { ip_address: "10.20.0.2", type: "private" },
    { ip_address: "198.18.0.10", type: "public" },
  ]);
  expect(emulator.hypervisor.machines.get(id)).toEqual({
    ...{ id, name: "node-1", userData: node.user_data, sshKeys: [publicKey] },
    ...{ publicAddress: "198.18.0.10", anchorAddress: "10.15.0.2", vcpus: 2, memoryMiB: 4096 },
    vpc: { id: vpc.id, ipRange: "10.20.0.0/24", address: "10.20.0.2" },
  });
  const { tag } = await get<{ tag: { resources: { count: number } } }>("/v2/tags/cluster");
  expect(tag.resources.count).toBe(1);
  const tagged = await get<{ meta: { total: number } }>("/v2/droplets?tag_name=cluster");
  expect(tagged.meta.total).toBe(1);

  await remove(`/v2/droplets/${id}`);
  await eventually(async () => expect((await get<{ droplets: [] }>("/v2/droplets")).droplets).toEqual([]));
  expect(emulator.hypervisor.machines.size).toBe(0);
  // Its membership of the VPC ends a little later.
  await eventually(() => remove(`/v2/vpcs/${vpc.id}`));
});

test("power and name of a droplet", async () => {
  const { droplet } = await createDroplet({ name: "node-1" });
  const path = `/v2/droplets/${droplet.id}`;
  const now = async () => (await get<Created>(path)).droplet;
  const idle = (wanted: string) =>
    eventually(async () => {
      expect(await now()).toMatchObject({ status: wanted, locked: false });
      const { actions } = await get<{ actions: Action[] }>(`${path}/actions`);
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
    const { action } = await post<{ action: Action }>(`${path}/actions`, { type });
    expect(action).toMatchObject({ status: "in-progress", type });
    await idle(wanted);
  }
  await post(`${path}/actions`, { type: "rename", name: "node-2" });
  await eventually(async () => expect((await now()).name).toBe("node-2"));
  const calls = emulator.hypervisor.calls
    .map((call) => call.method)
    .filter((method) => method !== "setFirewall");
  expect(calls).toEqual([
    ...["create", "powerOff", "create", "powerOn", "reboot", "powerOff", "powerOn", "powerOff"],
  ]);
});

test("a reserved IP goes to a droplet and away again, and follows the droplet's end", async () => {
  interface ReservedIp {
    readonly reserved_ip: { readonly ip: string; readonly droplet: { readonly id: number } | null };
  }
  const { ip } = (await post<ReservedIp>("/v2/reserved_ips", { region: "sgp1" })).reserved_ip;
  const { id } = (await createDroplet({ name: "node-1" })).droplet;
  await eventually(async () =>
    expect((await get<{ actions: Action[] }>(`/v2/droplets/${id}/actions`)).actions).toMatchObject([
      { type: "droplet_metadata_create", status: "completed" },
      { type: "create", status: "completed" },
    ]),
  );

  const path = `/v2/reserved_ips/${ip}`;
  const holder = async () => (await get<ReservedIp>(path)).reserved_ip.droplet?.id;
  const assign = () => post<{ action: Action }>(`${path}/actions`, { type: "assign", droplet_id: id });
  expect((await assign()).action).toMatchObject({ status: "in-progress", type: "assign_ip" });
  await eventually(async () => expect(await holder()).toBe(id));
  expect(emulator.hypervisor.reservedIps.get(ip)).toBe(id);
  const { networks } = (await get<Created>(`/v2/droplets/${id}`)).droplet;
  expect(networks.v4.map(({ ip_address }) => ip_address)).toContain(ip);

  await post(`${path}/actions`, { type: "unassign" });
  await eventually(async () => expect(await holder()).toBeUndefined());
  await assign();
  await eventually(async () => expect(await holder()).toBe(id));
  await remove(`/v2/droplets/${id}`);
  await eventually(async () => expect(await holder()).toBeUndefined());
  expect(emulator.hypervisor.reservedIps.size).toBe(0);
  await remove(path);
});

test("a firewall by tag reaches droplets that are there and those that come later", async () => {
  await post("/v2/tags", { name: "node" });
  const first = (await createDroplet({ name: "node-1", tags: ["node"] })).droplet.id;
  const { firewall } = await post<{ firewall: { id: string; status: string } }>("/v2/firewalls", {
    name: "cluster",
    tags: ["node"],
    inbound_rules: [{ protocol: "tcp", ports: "4647", sources: { tags: ["node"] } }],
    outbound_rules: [{ protocol: "tcp", ports: "all", destinations: { addresses: ["0.0.0.0/0"] } }],
  });
  expect(firewall.status).toBe("waiting");
  const path = `/v2/firewalls/${firewall.id}`;
  await eventually(async () =>
    expect((await get<{ firewall: { status: string } }>(path)).firewall.status).toBe("succeeded"),
  );
  const sources = (id: number) => emulator.hypervisor.firewalls.get(id)?.inbound[0]?.addresses;
  expect(sources(first)).toEqual(["10.104.0.2/32", "198.18.0.10/32"]);

  const second = (await createDroplet({ name: "node-2", tags: ["node"] })).droplet.id;
  const both = ["10.104.0.2/32", "10.104.0.3/32", "198.18.0.10/32", "198.18.0.11/32"];
  await eventually(() => expect([sources(first), sources(second)]).toEqual([both, both]));

  await remove(`/v2/droplets/${first}`);
  await eventually(() => expect(sources(second)).toEqual(["10.104.0.3/32", "198.18.0.11/32"]));
  await remove(path);
  await eventually(() => {
    expect(emulator.hypervisor.firewalls.has(second)).toBe(true);
    expect(emulator.hypervisor.firewalls.get(second)).toBeUndefined();
  });
});
