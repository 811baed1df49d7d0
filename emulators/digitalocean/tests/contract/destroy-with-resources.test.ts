import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { checkedOperations } from "../openapi/answers.ts";
import { operations } from "../openapi/operations.ts";
import { activeDroplet, eventually, startEmulator, token, waitForDroplet } from "../support.ts";
import type { TestEmulator } from "../support.ts";

let emulator: TestEmulator;
let path: string;
let droplet: number;
let ids: { volume: string; address: string; snapshot: string; volumeSnapshot: string };

type Kinds = Record<
  "reserved_ips" | "snapshots" | "volumes" | "volume_snapshots",
  { id: string; cost: string }[]
>;

const get = async <Body>(target: string) => (await emulator.call<Body>("GET", target)).body;
const post = async <Body>(target: string, body: unknown) =>
  (await emulator.call<Body>("POST", target, body)).body;
const asked = async (method: string, target: string, body?: unknown, headers?: Record<string, string>) => {
  const answer = await emulator.call(method, target, body, headers);
  return answer.status < 300 ? answer.status : `${answer.status} ${answer.body.message}`;
};
const dangerous = () =>
  asked("DELETE", `${path}/dangerous`, undefined, {
    authorization: `Bearer ${token}`,
    "x-dangerous": "true",
  });

beforeEach(async () => {
  emulator = await startEmulator();
  const { volume } = await post<{ volume: { id: string } }>("/v2/volumes", {
    ...{ name: "data", region: "sgp1", size_gigabytes: 10 },
  });
  await post(`/v2/volumes/${volume.id}/snapshots`, { name: "of-volume" });
  droplet = (await activeDroplet(emulator, { volumes: [volume.id] })).id;
  await post("/v2/reserved_ips", { droplet_id: droplet });
  await waitForDroplet(emulator, droplet);
  await post(`/v2/droplets/${droplet}/actions`, { type: "snapshot", name: "of-droplet" });
  await waitForDroplet(emulator, droplet);
  path = `/v2/droplets/${droplet}/destroy_with_associated_resources`;
  const kinds = await get<Kinds>(path);
  ids = {
    volume: volume.id,
    address: kinds.reserved_ips[0]?.id ?? "",
    snapshot: kinds.snapshots[0]?.id ?? "",
    volumeSnapshot: kinds.volume_snapshots[0]?.id ?? "",
  };
});
afterEach(() => emulator.close());
// All of them were held to DigitalOcean's description.
afterAll(() => {
  const ofThis = operations.filter((operation) => operation.includes("destroy_with"));
  expect(ofThis.filter((operation) => !checkedOperations.has(operation))).toEqual([]);
});

const gone = () =>
  eventually(async () => expect(await asked("GET", `/v2/droplets/${droplet}`)).toMatch(/^404/));
const left = async () => {
  const [volumes, addresses, snapshots] = await Promise.all([
    get<{ volumes: object[] }>("/v2/volumes"),
    get<{ reserved_ips: object[] }>("/v2/reserved_ips"),
    get<{ snapshots: { name: string }[] }>("/v2/snapshots"),
  ]);
  const names = snapshots.snapshots.map(({ name }) => name);
  return [volumes.volumes.length, addresses.reserved_ips.length, names];
};

test("what belongs to a droplet is listed with its cost, and goes with it when all is destroyed", async () => {
  expect(await get(path)).toMatchObject({
    volumes: [{ id: ids.volume, name: "data", cost: "1.00" }],
    snapshots: [{ name: "of-droplet" }],
    volume_snapshots: [{ name: "of-volume" }],
  });
  expect(await asked("DELETE", `${path}/dangerous`)).toMatch(/^400 X-Dangerous/);
  expect(await asked("GET", `${path}/status`)).toMatch(/^404/);
  expect(await dangerous()).toBe(202);
  await gone();
  expect(await left()).toEqual([0, 0, []]);
  expect(await get(`${path}/status`)).toMatchObject({
    droplet: { id: String(droplet), name: "node-1", destroyed_at: expect.any(String) as string },
    resources: { volumes: [{ id: ids.volume, destroyed_at: expect.any(String) as string }] },
    failures: 0,
  });
  expect(emulator.hypervisor.volumes.size).toBe(0);
});

test("what is not named stays, and nothing else can be named", async () => {
  const selective = (body: object) => asked("DELETE", `${path}/selective`, body);
  expect(await selective({ volumes: ["none"] })).toBe("422 volumes: [none] does not belong to the Droplet");
  expect(await selective({ snapshots: [ids.snapshot], floating_ips: [ids.address] })).toBe(202);
  await gone();
  expect(await left()).toEqual([1, 0, ["of-volume"]]);
});

test("a destruction that failed is seen and asked for again", async () => {
  emulator.hypervisor.failNext("destroyVolume", "the disk is busy");
  expect(await dangerous()).toBe(202);
  await eventually(async () => expect(await get(`${path}/status`)).toMatchObject({ failures: 5 }));
  expect(await left()).toEqual([1, 1, ["of-volume", "of-droplet"]]);
  expect(await asked("POST", `${path}/retry`)).toBe(202);
  await gone();
  expect(await left()).toEqual([0, 0, []]);
});
