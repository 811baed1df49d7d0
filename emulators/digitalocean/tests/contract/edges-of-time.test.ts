import { expect, test } from "vitest";
import { edgeTests, shortDelays } from "../edges.ts";
import { activeDroplet, dropletBody, eventually } from "../support.ts";
import type { RawDroplet } from "../support.ts";

// Edges of time, as the README's table has them: what holds with the edge on, and off.

const never = 600_000;
const { emulator, start, switchEdges, get, create, asked } = edgeTests();

/** Creates a droplet and waits until it is active, which does not mean that it is idle. */
async function newlyActive(fields: object = {}): Promise<number> {
  const { droplet } = await create<{ droplet: RawDroplet }>("/v2/droplets", { ...dropletBody, ...fields });
  await eventually(async () => {
    const found = (await get<{ droplet: RawDroplet }>(`/v2/droplets/${droplet.id}`)).droplet;
    expect(found).toMatchObject({ status: "active", locked: false });
  });
  return droplet.id;
}

test("metadataAction: an active droplet refuses an address and a volume until its metadata is there", async () => {
  await start({ delays: { ...shortDelays, metadata: never } });
  const id = await newlyActive();
  const actions = await get<{ actions: object[] }>(`/v2/droplets/${id}/actions`);
  expect(actions.actions).toMatchObject([
    { type: "droplet_metadata_create", status: "in-progress" },
    { type: "create", status: "completed" },
  ]);
  const { volume } = await create<{ volume: { id: string } }>("/v2/volumes", {
    ...{ name: "data", region: "sgp1", size_gigabytes: 1 },
  });
  const { reserved_ip } = await create<{ reserved_ip: { ip: string } }>("/v2/reserved_ips", {
    region: "sgp1",
  });
  for (const [path, type] of [
    [`/v2/reserved_ips/${reserved_ip.ip}`, "assign"],
    [`/v2/volumes/${volume.id}`, "attach"],
    [`/v2/droplets/${id}`, "power_off"],
  ] as const) {
    expect(await asked("POST", `${path}/actions`, { type, droplet_id: id })).toBe(
      "422 Droplet already has a pending event.",
    );
  }
  await switchEdges({ metadataAction: false });
  const other = await newlyActive({ name: "node-2" });
  expect(await asked("POST", `/v2/volumes/${volume.id}/actions`, { type: "attach", droplet_id: other })).toBe(
    202,
  );
});

test("slowShutdown: a shutdown takes longer than other actions, and the droplet is active and busy meanwhile", async () => {
  await start({ delays: { ...shortDelays, shutdown: never } });
  const { id } = await activeDroplet(emulator());
  const path = `/v2/droplets/${id}/actions`;
  expect(await asked("POST", path, { type: "shutdown" })).toBe(201);
  expect(await asked("POST", path, { type: "power_off" })).toBe("422 Droplet already has a pending event.");
  expect(await get(`/v2/droplets/${id}`)).toMatchObject({ droplet: { status: "active", locked: true } });
  await switchEdges({ slowShutdown: false });
  const other = (await activeDroplet(emulator(), { name: "node-2" })).id;
  await emulator().call("POST", `/v2/droplets/${other}/actions`, { type: "shutdown" });
  await eventually(async () =>
    expect(await get(`/v2/droplets/${other}`)).toMatchObject({ droplet: { status: "off" } }),
  );
});

test("ignoresShutdown: the action is completed and the droplet is active still, until its power is cut", async () => {
  await start({ edges: { ignoresShutdown: "node-.*" } });
  const { id } = await activeDroplet(emulator());
  const path = `/v2/droplets/${id}/actions`;
  const done = () =>
    eventually(async () =>
      expect((await get<{ actions: object[] }>(path)).actions[0]).toMatchObject({ status: "completed" }),
    );
  expect(await asked("POST", path, { type: "shutdown" })).toBe(201);
  await done();
  expect(await get(`/v2/droplets/${id}`)).toMatchObject({ droplet: { status: "active", locked: false } });
  expect(emulator().hypervisor.calls.map(({ method }) => method)).not.toContain("powerOff");
  expect(await asked("POST", path, { type: "power_off" })).toBe(201);
  await done();
  expect(await get(`/v2/droplets/${id}`)).toMatchObject({ droplet: { status: "off" } });
});

test("ignoresShutdown: a pattern that is the whole name of no droplet is refused, once there is one", async () => {
  await start();
  await switchEdges({ ignoresShutdown: "node" });
  await activeDroplet(emulator());
  expect(await asked("POST", "/_emulator/edges", { ignoresShutdown: "node" })).toMatch(
    /^422 ignoresShutdown is a regular expression for the whole name.* node matches none of node-1$/,
  );
  await switchEdges({ ignoresShutdown: ".*-1" });
  await switchEdges({ ignoresShutdown: "" });
});

test("lateRelease: a VPC keeps its members, and a volume its droplet, for a while after the droplet is gone", async () => {
  await start({ delays: { ...shortDelays, release: never } });
  const { vpc } = await create<{ vpc: { id: string } }>("/v2/vpcs", { name: "net", region: "sgp1" });
  const { volume } = await create<{ volume: { id: string } }>("/v2/volumes", {
    ...{ name: "data", region: "sgp1", size_gigabytes: 1 },
  });
  const { id } = await activeDroplet(emulator(), { vpc_uuid: vpc.id, volumes: [volume.id] });
  const other = (await activeDroplet(emulator(), { name: "node-2" })).id;
  await emulator().call("DELETE", `/v2/droplets/${id}`);
  await eventually(async () => expect(await asked("GET", `/v2/droplets/${id}`)).toMatch(/^404/));
  const attach = () =>
    asked("POST", `/v2/volumes/${volume.id}/actions`, { type: "attach", droplet_id: other });
  expect(await get(`/v2/vpcs/${vpc.id}/members`)).toMatchObject({ members: [{ urn: `do:droplet:${id}` }] });
  expect(await asked("DELETE", `/v2/vpcs/${vpc.id}`)).toBe("409 Can not delete VPC with members");
  expect(await get(`/v2/volumes/${volume.id}`)).toMatchObject({ volume: { droplet_ids: [id] } });
  expect(await attach()).toBe("422 This volume is already attached");
  expect(await asked("POST", "/v2/droplets", { ...dropletBody, name: "node-3", volumes: [volume.id] })).toBe(
    "422 This volume is already attached",
  );
  await switchEdges({ lateRelease: false });
  expect(await attach()).toBe(202);
  expect(await asked("DELETE", `/v2/vpcs/${vpc.id}`)).toBe(204);
});

test("lateRelease: it ends by itself", async () => {
  await start();
  const { volume } = await create<{ volume: { id: string } }>("/v2/volumes", {
    ...{ name: "data", region: "sgp1", size_gigabytes: 1 },
  });
  const { id } = await activeDroplet(emulator(), { volumes: [volume.id] });
  await emulator().call("DELETE", `/v2/droplets/${id}`);
  await eventually(async () => expect(await asked("DELETE", `/v2/volumes/${volume.id}`)).toBe(204));
});

test("edges are read and changed, by their names only, and a reset brings back what the options say", async () => {
  await start({ edges: { keyListLimit: false } });
  expect(await get("/_emulator/edges")).toMatchObject({
    edges: { keyListLimit: false, lateRelease: true, retiredImages: [] },
  });
  await switchEdges({ keyListLimit: true, lateRelease: false });
  expect(await asked("POST", "/_emulator/edges", { kindness: true })).toMatch(
    /^400 there is no edge kindness/,
  );
  expect(await asked("POST", "/_emulator/edges", { lateRelease: "no" })).toMatch(/^422 lateRelease/);
  expect(await asked("POST", "/_emulator/edges", { ignoresShutdown: "(" })).toMatch(/^422 ignoresShutdown/);
  await emulator().call("POST", "/_emulator/reset");
  expect(await get("/_emulator/edges")).toMatchObject({ edges: { keyListLimit: false, lateRelease: true } });
});
