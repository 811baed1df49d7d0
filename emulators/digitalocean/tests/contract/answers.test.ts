import { afterEach, beforeEach, expect, test } from "vitest";
import { checkedOperations } from "../openapi/answers.ts";
import { operations } from "../openapi/operations.ts";
import { activeDroplet, dropletBody, eventually, startEmulator } from "../support.ts";
import type { TestEmulator } from "../support.ts";

// One answer at least of every operation. What each is held to, DigitalOcean's OpenAPI description, is checked in `call`.

let emulator: TestEmulator;
beforeEach(async () => {
  checkedOperations.clear();
  emulator = await startEmulator();
});
afterEach(() => emulator.close());

async function succeed<Body>(method: string, path: string, body?: unknown): Promise<Body> {
  const answer = await emulator.call<Body>(method, path, body);
  expect(answer.status, `${method} ${path}: ${JSON.stringify(answer.body)}`).toBeLessThan(300);
  return answer.body;
}
const get = <Body = unknown>(path: string) => succeed<Body>("GET", path);
const post = <Body = unknown>(path: string, body: unknown) => succeed<Body>("POST", path, body);
const remove = (path: string, body?: unknown) => succeed("DELETE", path, body);

/** Operations whose path matches and of which no answer was seen. */
const missing = (path: RegExp) =>
  operations.filter((operation) => path.test(operation) && !checkedOperations.has(operation));

interface WithAction {
  readonly action: { readonly id: number };
}
/** Waits until the last action of a resource is done. */
const done = (resource: string) =>
  eventually(async () => {
    const { actions } = await get<{ actions: { status: string }[] }>(`${resource}/actions`);
    expect(actions[0]?.status).toBe("completed");
  });

test("the account and its keys", async () => {
  const public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";
  const { ssh_key } = await post<{ ssh_key: { id: number } }>("/v2/account/keys", { name: "k", public_key });
  await get("/v2/account");
  await get("/v2/account/keys");
  await get(`/v2/account/keys/${ssh_key.id}`);
  await succeed("PUT", `/v2/account/keys/${ssh_key.id}`, { name: "renamed" });
  await remove(`/v2/account/keys/${ssh_key.id}`);
  expect(missing(/ \/v2\/account/)).toEqual([]);
});

test("the catalogue", async () => {
  for (const path of ["images", "images/debian-12-x64", "regions", "sizes"]) await get(`/v2/${path}`);
  expect(missing(/ \/v2\/(regions|sizes)/)).toEqual([]);
});

test("projects and their resources", async () => {
  const fields = { name: "blog", purpose: "Website or blog" };
  const { project } = await post<{ project: { id: string } }>("/v2/projects", fields);
  const { id } = await activeDroplet(emulator);
  await get("/v2/projects");
  for (const path of [`/v2/projects/${project.id}`, "/v2/projects/default"]) {
    await get(path);
    await succeed("PATCH", path, { description: "for tests" });
    await succeed("PUT", path, { ...fields, name: path.replaceAll("/", "-") });
    await post(`${path}/resources`, { resources: [`do:droplet:${id}`] });
    await get(`${path}/resources`);
  }
  await remove(`/v2/projects/${project.id}`);
  expect(missing(/ \/v2\/projects/)).toEqual([]);
});

test("droplets and their actions, page by page, and their volumes, networks and firewalls", async () => {
  const { volume } = await post<{ volume: { id: string } }>("/v2/volumes", {
    ...{ name: "data", region: "sgp1", size_gigabytes: 1 },
  });
  const { id } = await activeDroplet(emulator, { tags: ["node"], volumes: [volume.id], monitoring: true });
  await post("/v2/firewalls", {
    ...{ name: "nodes", tags: ["node"], inbound_rules: [{ protocol: "icmp", sources: { tags: ["node"] } }] },
  });
  const { action } = await post<WithAction>(`/v2/droplets/${id}/actions`, { type: "reboot" });
  await done(`/v2/droplets/${id}`);
  const { reserved_ip } = await post<{ reserved_ip: { ip: string } }>("/v2/reserved_ips", { droplet_id: id });
  await done(`/v2/reserved_ips/${reserved_ip.ip}`);
  await post("/v2/droplets", {
    ...dropletBody,
    name: undefined,
    names: ["node-2", "node-3"],
    tags: ["more"],
  });
  for (const page of [1, 2, 3]) await get(`/v2/droplets?per_page=1&page=${page}`);
  await get(`/v2/droplets/${id}`);
  await get(`/v2/droplets/${id}/actions/${action.id}`);
  for (const part of ["firewalls", "kernels", "neighbors", "snapshots", "backups", "backups/policy"])
    await get(`/v2/droplets/${id}/${part}`);
  for (const path of ["droplets/backups/policies", "droplets/backups/supported_policies"])
    await get(`/v2/${path}`);
  await get("/v2/reports/droplet_neighbors_ids");
  await get("/v2/actions");
  await get(`/v2/actions/${action.id}`);
  await done(`/v2/droplets/${id}`);
  await post("/v2/droplets/actions?tag_name=node", { type: "enable_backups" });
  await done(`/v2/droplets/${id}`);
  await get(`/v2/droplets/${id}/backups/policy`);
  await get("/v2/droplets/backups/policies");
  await remove("/v2/droplets?tag_name=more");
  await remove(`/v2/droplets/${id}`);
  expect(missing(/ \/v2\/(droplets(?!.*destroy_with)|actions)/)).toEqual([]);
});

test("firewalls, with every kind of rule", async () => {
  const { id } = await activeDroplet(emulator, { tags: ["node"] });
  const rules = {
    inbound_rules: [
      { protocol: "tcp", ports: "22", sources: { addresses: ["192.0.2.0/24", "2001:db8::/32"] } },
      { protocol: "udp", ports: "8000-9000", sources: { tags: ["node"] } },
      { protocol: "icmp", sources: { droplet_ids: [id] } },
    ],
    outbound_rules: [{ protocol: "tcp", ports: "all", destinations: { addresses: ["0.0.0.0/0"] } }],
  };
  const { firewall } = await post<{ firewall: { id: string } }>("/v2/firewalls", { name: "nodes", ...rules });
  const path = `/v2/firewalls/${firewall.id}`;
  await get("/v2/firewalls");
  await get(path);
  const more = { outbound_rules: [{ protocol: "udp", ports: "53", destinations: { tags: ["node"] } }] };
  for (const [part, body] of Object.entries({
    droplets: { droplet_ids: [id] },
    tags: { tags: ["node"] },
    rules: more,
  })) {
    await post(`${path}/${part}`, body);
    await remove(`${path}/${part}`, body);
  }
  await succeed("PUT", path, { name: "renamed", ...rules });
  await remove(path);
  expect(missing(/ \/v2\/firewalls/)).toEqual([]);
});

test("snapshots of droplets and volumes, and images of the account's own", async () => {
  const { id } = await activeDroplet(emulator);
  const volume = { name: "data", region: "sgp1", size_gigabytes: 1 };
  const { id: volumeId } = (await post<{ volume: { id: string } }>("/v2/volumes", volume)).volume;
  const droplets = `/v2/droplets/${id}`;
  const volumes = `/v2/volumes/${volumeId}/snapshots`;
  for (const kept of ["one", "two"]) {
    await post(`${droplets}/actions`, { type: "snapshot", name: kept });
    await done(droplets);
    await post(volumes, { name: kept });
  }
  await get(droplets);
  await get(`${droplets}/snapshots`);
  await get(volumes);
  const idsOf = async (type: string) =>
    (await get<{ snapshots: { id: string }[] }>(`/v2/snapshots?resource_type=${type}`)).snapshots.map(
      (snapshot) => snapshot.id,
    );
  const [image, other] = await idsOf("droplet");
  const [ofVolume, otherOfVolume] = await idsOf("volume");
  await get("/v2/images?private=true");
  await get(`/v2/images/${image}`);
  await succeed("PUT", `/v2/images/${image}`, { name: "renamed" });
  await remove(`/v2/images/${image}`);
  await get(`/v2/snapshots/${other}`);
  await remove(`/v2/snapshots/${other}`);
  await get(`/v2/volumes/snapshots/${ofVolume}`);
  await remove(`/v2/volumes/snapshots/${ofVolume}`);
  await get(`/v2/snapshots/${otherOfVolume}`);
  await get("/v2/snapshots");
  expect(missing(/ \/v2\/(snapshots|images\/|volumes\/snapshots|volumes.*snapshots)/)).toEqual([]);
});

test.each([
  ["reserved", "reserved_ip"],
  ["floating", "floating_ip"],
] as const)("%s IPs, free and assigned", async (_what, one) => {
  const { id } = await activeDroplet(emulator);
  const list = `/v2/${one}s`;
  const reserved = await post<Record<string, { ip: string }>>(list, { region: "sgp1" });
  const path = `${list}/${reserved[one]?.ip}`;
  await get(path);
  const { action } = await post<WithAction>(`${path}/actions`, { type: "assign", droplet_id: id });
  await done(path);
  await get(path);
  await get(list);
  await get(`${path}/actions/${action.id}`);
  await post(`${path}/actions`, { type: "unassign" });
  await done(path);
  await remove(path);
  expect(missing(new RegExp(` ${list}`))).toEqual([]);
});

test("tags, unused and used", async () => {
  const { id } = await activeDroplet(emulator);
  await post("/v2/tags", { name: "node" });
  const resources = { resources: [{ resource_id: String(id), resource_type: "droplet" }] };
  await post("/v2/tags/node/resources", resources);
  await get("/v2/tags");
  await get("/v2/tags/node");
  await remove("/v2/tags/node/resources", resources);
  await remove("/v2/tags/node");
  expect(missing(/ \/v2\/tags/)).toEqual([]);
});

test("volumes, free and attached", async () => {
  const { id } = await activeDroplet(emulator);
  const { volume } = await post<{ volume: { id: string } }>("/v2/volumes", {
    ...{ name: "data", region: "sgp1", size_gigabytes: 1, filesystem_type: "ext4", tags: ["kept"] },
  });
  const path = `/v2/volumes/${volume.id}`;
  const { action } = await post<WithAction>(`${path}/actions`, { type: "attach", droplet_id: id });
  await done(path);
  await get(path);
  await get("/v2/volumes");
  await get(`${path}/actions/${action.id}`);
  await post(`${path}/actions`, { type: "detach", droplet_id: id });
  await done(path);
  const byName = { volume_name: "data", droplet_id: id, region: "sgp1" };
  await post("/v2/volumes/actions", { ...byName, type: "attach" });
  await done(path);
  await post("/v2/volumes/actions", { ...byName, type: "detach" });
  await done(path);
  await remove("/v2/volumes?name=data&region=sgp1");
  const again = await post<{ volume: { id: string } }>("/v2/volumes", {
    ...{ name: "data", region: "sgp1", size_gigabytes: 1, filesystem_type: "xfs" },
  });
  await remove(`/v2/volumes/${again.volume.id}`);
  expect(missing(/ \/v2\/volumes(?!.*snapshots)/)).toEqual([]);
});

test("VPCs and their members", async () => {
  const { vpc } = await post<{ vpc: { id: string } }>("/v2/vpcs", { name: "net", region: "sgp1" });
  const path = `/v2/vpcs/${vpc.id}`;
  const { id } = await activeDroplet(emulator, { vpc_uuid: vpc.id });
  await get("/v2/vpcs");
  await get(path);
  await get(`${path}/members`);
  await succeed("PUT", path, { name: "renamed", description: "for nodes" });
  await succeed("PATCH", path, { name: "again" });
  await remove(`/v2/droplets/${id}`);
  await eventually(async () => expect((await get<{ droplets: [] }>("/v2/droplets")).droplets).toEqual([]));
  await eventually(() => remove(path));
  expect(missing(/ \/v2\/vpcs/)).toEqual([]);
});
