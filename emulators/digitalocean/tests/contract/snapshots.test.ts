import { afterEach, beforeEach, expect, test } from "vitest";
import { activeDroplet, dropletBody, eventually, startEmulator, waitForDroplet } from "../support.ts";
import type { ErrorBody, RawDroplet, TestEmulator } from "../support.ts";

let emulator: TestEmulator;
beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.close());

interface Snapshot {
  readonly id: string;
  readonly name: string;
  readonly regions: readonly string[];
  readonly min_disk_size: number;
}
interface Image {
  readonly id: number;
  readonly slug: string | null;
  readonly name: string;
}

const get = async <Body>(path: string) => (await emulator.call<Body>("GET", path)).body;
const asked = async (method: string, path: string, body?: unknown) => {
  const answer = await emulator.call(method, path, body);
  return answer.status < 300 ? answer.status : `${answer.status} ${answer.body.message}`;
};
const snapshotsOf = async (path: string) => (await get<{ snapshots: Snapshot[] }>(path)).snapshots;

/** A droplet and its snapshot. */
async function dropletSnapshot(): Promise<{ droplet: RawDroplet; snapshot: Snapshot }> {
  const droplet = await activeDroplet(emulator, { tags: ["node"] });
  const path = `/v2/droplets/${droplet.id}/actions`;
  expect(await asked("POST", path, { type: "snapshot", name: "before" })).toBe(201);
  const snapshot = await eventually(async () => {
    const [found] = await snapshotsOf("/v2/snapshots?resource_type=droplet");
    if (found === undefined) throw new Error("there is no snapshot yet");
    return found;
  });
  return { droplet, snapshot };
}

test("the snapshot of a droplet is an image: listed, found, renamed, tagged, and deleted for good", async () => {
  const { droplet, snapshot } = await dropletSnapshot();
  expect(snapshot).toMatchObject({ name: "before", regions: ["sgp1"], min_disk_size: 80 });
  expect(await snapshotsOf("/v2/snapshots?resource_type=volume")).toEqual([]);
  expect(await snapshotsOf(`/v2/droplets/${droplet.id}/snapshots`)).toMatchObject([
    { id: Number(snapshot.id), type: "snapshot" },
  ]);
  expect(await get(`/v2/droplets/${droplet.id}`)).toMatchObject({
    droplet: { snapshot_ids: [Number(snapshot.id)] },
  });
  const names = async (query: string) =>
    (await get<{ images: Image[] }>(`/v2/images?per_page=200&${query}`)).images.map(({ name }) => name);
  expect(await names("private=true")).toEqual(["before"]);
  expect(await names("type=distribution")).not.toContain("before");
  expect(await names("")).toContain("before");

  const path = `/v2/images/${snapshot.id}`;
  expect(await asked("PUT", path, { name: "kept" })).toBe(200);
  await emulator.call("POST", "/v2/tags/node/resources", {
    resources: [{ resource_id: snapshot.id, resource_type: "image" }],
  });
  expect(await get(path)).toMatchObject({
    image: { name: "kept", tags: ["node"], slug: null, public: false },
  });
  expect(await names("tag_name=node")).toEqual(["kept"]);
  expect(await get("/v2/tags/node")).toMatchObject({
    tag: { resources: { count: 2, images: { count: 1 } } },
  });
  expect(await asked("DELETE", path)).toBe(204);
  expect(await asked("GET", path)).toMatch(/^404/);
  expect(await snapshotsOf("/v2/snapshots")).toEqual([]);
});

test("an image of DigitalOcean's own is neither renamed nor deleted", async () => {
  expect(await asked("PUT", "/v2/images/debian-12-x64", { name: "mine" })).toMatch(/^403/);
  expect(await asked("DELETE", "/v2/images/debian-12-x64")).toMatch(/^403/);
});

test("a droplet made from a snapshot needs its disk and region, and says what it was made from when that is gone", async () => {
  const { snapshot } = await dropletSnapshot();
  const create = (fields: object) =>
    emulator.call<{ droplet: RawDroplet & { image: Image } } & ErrorBody>("POST", "/v2/droplets", {
      ...{ ...dropletBody, name: "copy", image: Number(snapshot.id), ...fields },
    });
  const small = await create({ size: "s-1vcpu-1gb" });
  expect([small.status, small.body.message]).toEqual([
    422,
    "This size is not available because it has a smaller disk.",
  ]);
  expect((await create({ region: "nyc3" })).status).toBe(422);
  const { droplet } = (await create({})).body;
  await waitForDroplet(emulator, droplet.id);
  expect(await asked("DELETE", `/v2/snapshots/${snapshot.id}`)).toBe(204);
  const { image } = (await get<{ droplet: { image: Image } }>(`/v2/droplets/${droplet.id}`)).droplet;
  expect(image).toMatchObject({ id: Number(snapshot.id), slug: null, name: "before" });
});

test("the snapshot of a volume outlives it, and makes a volume that is as large at least", async () => {
  const volume = { name: "data", region: "sgp1", size_gigabytes: 2, filesystem_type: "ext4" };
  const { id } = (await emulator.call<{ volume: { id: string } }>("POST", "/v2/volumes", volume)).body.volume;
  const created = await emulator.call<{ snapshot: Snapshot }>("POST", `/v2/volumes/${id}/snapshots`, {
    ...{ name: "before", tags: ["kept"], volume_id: id },
  });
  const { snapshot } = created.body;
  expect(await snapshotsOf(`/v2/volumes/${id}/snapshots`)).toEqual([snapshot]);
  expect(await get(`/v2/volumes/snapshots/${snapshot.id}`)).toEqual({ snapshot });
  expect(await get(`/v2/snapshots/${snapshot.id}`)).toMatchObject({ snapshot: { tags: ["kept"] } });
  expect(await asked("DELETE", "/v2/volumes?name=data&region=sgp1")).toBe(204);
  const restore = (fields: object) =>
    asked("POST", "/v2/volumes", {
      name: "restored",
      snapshot_id: snapshot.id,
      size_gigabytes: 2,
      ...fields,
    });
  expect(await restore({ size_gigabytes: 1 })).toMatch(/^422 size_gigabytes/);
  expect(await restore({ region: "nyc3" })).toMatch(/^422/);
  expect(await restore({ snapshot_id: "none" })).toMatch(/^422 snapshot_id/);
  expect(await restore({})).toBe(201);
  expect(await get("/v2/volumes?name=restored&region=sgp1")).toMatchObject({
    volumes: [{ region: { slug: "sgp1" }, filesystem_type: "ext4" }],
  });
  expect(await asked("DELETE", `/v2/volumes/snapshots/${snapshot.id}`)).toBe(204);
  expect(await asked("GET", `/v2/snapshots/${snapshot.id}`)).toMatch(/^404/);
});

test("a volume is attached and detached by its name", async () => {
  await emulator.call("POST", "/v2/volumes", { name: "data", region: "sgp1", size_gigabytes: 1 });
  const { id } = await activeDroplet(emulator);
  const act = (type: string, volume_name = "data") =>
    asked("POST", "/v2/volumes/actions", { type, volume_name, droplet_id: id, region: "sgp1" });
  const holders = async () =>
    (await get<{ volumes: { droplet_ids: number[] }[] }>("/v2/volumes")).volumes[0]?.droplet_ids;
  expect(await act("attach", "none")).toMatch(/^404/);
  expect(await act("attach")).toBe(202);
  await eventually(async () => expect(await holders()).toEqual([id]));
  expect(await act("detach")).toBe(202);
  await eventually(async () => expect(await holders()).toEqual([]));
  expect(await act("resize")).toMatch(/^422/);
});
