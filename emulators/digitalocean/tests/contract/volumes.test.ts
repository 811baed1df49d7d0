import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { activeDroplet, dropletBody, eventually, startEmulator, volumeCalls } from "../support.ts";
import type { ErrorBody, RawDroplet, TestEmulator } from "../support.ts";

interface Volume {
  readonly id: string;
  readonly droplet_ids: readonly number[];
  readonly size_gigabytes: number;
}

let emulator: TestEmulator;
const calls = () => volumeCalls(emulator.hypervisor);

beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.close());

const create = async (fields: object = {}) =>
  emulator.call<{ volume: Volume } & ErrorBody>("POST", "/v2/volumes", {
    ...{ name: "data", region: "sgp1", size_gigabytes: 2, filesystem_type: "ext4", ...fields },
  });
const holders = async (id: string) =>
  (await emulator.call<{ volume: Volume }>("GET", `/v2/volumes/${id}`)).body.volume.droplet_ids;

test("a volume goes to a droplet, survives the droplet, goes to the next one, and is deleted", async () => {
  const { id } = (await create()).body.volume;
  const first = await activeDroplet(emulator);
  const second = await activeDroplet(emulator, { name: "node-2" });
  const act = (type: string, droplet: number) =>
    emulator.call("POST", `/v2/volumes/${id}/actions`, { type, droplet_id: droplet, region: "sgp1" });

  expect((await act("attach", first.id)).status).toBe(202);
  await eventually(async () => expect(await holders(id)).toEqual([first.id]));
  expect((await act("attach", second.id)).status).toBe(422);
  expect((await emulator.call("DELETE", `/v2/volumes/${id}`)).status).toBe(409);

  await emulator.call("DELETE", `/v2/droplets/${first.id}`);
  await eventually(async () => expect(await holders(id)).toEqual([]));
  await act("attach", second.id);
  await eventually(async () => expect(await holders(id)).toEqual([second.id]));
  await act("detach", second.id);
  await eventually(async () => expect(await holders(id)).toEqual([]));
  expect((await emulator.call("DELETE", `/v2/volumes/${id}`)).status).toBe(204);
  expect((await emulator.call("GET", `/v2/volumes/${id}`)).status).toBe(404);
  expect(calls().slice(2)).toEqual([
    `attach data ${first.id}`,
    `destroy ${first.id}`,
    `detach data ${first.id}`,
    `attach data ${second.id}`,
    `detach data ${second.id}`,
    "destroy data",
  ]);
});

test("names are unique in a region, and small letters", async () => {
  expect((await create()).status).toBe(201);
  expect((await create()).status).toBe(409);
  expect((await create({ region: "nyc3" })).status).toBe(201);
  expect((await create({ name: "Data" })).status).toBe(422);
  const listed = await emulator.call<{ volumes: unknown[] }>("GET", "/v2/volumes?name=data&region=sgp1");
  expect(listed.body.volumes).toHaveLength(1);
});

describe("volumes given with a new droplet", () => {
  const withVolumes = (volumes: readonly unknown[], fields: object = {}) =>
    emulator.call<{ droplet: RawDroplet & { volume_ids: string[] } } & ErrorBody>("POST", "/v2/droplets", {
      ...{ ...dropletBody, volumes, ...fields },
    });

  test.each([
    ["by their ids", (id: string): unknown => id],
    ["in objects, as godo sends them", (id: string): unknown => ({ id })],
  ])("are attached before it boots, %s", async (_how, given) => {
    const { id } = (await create()).body.volume;
    const { status, body } = await withVolumes([given(id)]);
    expect(status).toBe(202);
    expect(body.droplet.volume_ids).toEqual([id]);
    expect(await holders(id)).toEqual([body.droplet.id]);
    expect((await withVolumes([id])).body.message).toBe("This volume is already attached");
    await eventually(() =>
      expect(calls()).toEqual([`attach data ${body.droplet.id}`, `create ${body.droplet.id}`]),
    );
  });

  test("are free again when it is deleted", async () => {
    const { id } = (await create()).body.volume;
    const droplet = await activeDroplet(emulator, { volumes: [id] });
    await emulator.call("DELETE", `/v2/droplets/${droplet.id}`);
    await eventually(async () => expect(await holders(id)).toEqual([]));
    expect(calls().slice(2)).toEqual([`destroy ${droplet.id}`, `detach data ${droplet.id}`]);
    await activeDroplet(emulator, { volumes: [id] });
  });

  test("are refused when they cannot be attached, and then no droplet is made", async () => {
    const { id } = (await create()).body.volume;
    const away = (await create({ name: "away", region: "nyc3" })).body.volume.id;
    const many = await Promise.all(
      Array.from(
        { length: 16 },
        async (_, number) => (await create({ name: `data-${number}` })).body.volume.id,
      ),
    );
    const refused = async (volumes: readonly unknown[], fields: object = {}) => {
      const { status, body } = await withVolumes(volumes, fields);
      return `${status} ${body.message}`;
    };
    expect(await refused(["nowhere"])).toBe("422 Invalid volume allocations: there is no volume [nowhere]");
    expect(await refused([away])).toBe(
      `422 Invalid volume allocations: volume [${away}] is in nyc3, not in sgp1`,
    );
    expect(await refused([id, id])).toMatch(/^422 Invalid volume allocations: .* once$/);
    expect(await refused([id], { name: undefined, names: ["one", "two"] })).toMatch(/^422 Invalid volume/);
    expect(await refused(many)).toBe("422 cannot attach more volumes to the Droplet");
    expect(await refused([7])).toBe("422 volumes must be an array of volume ids");
    expect(await refused([{ name: "data" }])).toMatch(/^501 .*a volume by its name/);
    const { body } = await emulator.call<{ droplets: unknown[] }>("GET", "/v2/droplets");
    expect(body.droplets).toEqual([]);
    expect(await holders(id)).toEqual([]);
  });
});

test("what the hypervisor refuses to do with a volume is an errored action, and the volume stays as it was", async () => {
  const { id } = (await create()).body.volume;
  const droplet = await activeDroplet(emulator);
  emulator.hypervisor.failNext("attachVolume", "no loop device is free");
  emulator.hypervisor.failNext("resizeVolume", "no space left on device");
  for (const request of [
    { type: "attach", droplet_id: droplet.id },
    { type: "resize", size_gigabytes: 3 },
  ]) {
    const path = `/v2/volumes/${id}/actions`;
    const { body } = await emulator.call<{ action: { id: number } }>("POST", path, request);
    await eventually(async () => {
      const answer = await emulator.call<{ action: object }>("GET", `${path}/${body.action.id}`);
      expect(answer.body.action).toMatchObject({ status: "errored" });
    });
  }
  const { volume } = (await emulator.call<{ volume: Volume }>("GET", `/v2/volumes/${id}`)).body;
  expect(volume).toMatchObject({ droplet_ids: [], size_gigabytes: 2 });

  emulator.hypervisor.failNext("attachVolume", "no loop device is free");
  const created = (
    await emulator.call<{ droplet: RawDroplet }>("POST", "/v2/droplets", { ...dropletBody, volumes: [id] })
  ).body.droplet;
  await eventually(async () => {
    const answer = await emulator.call<{ actions: object[] }>("GET", `/v2/droplets/${created.id}/actions`);
    expect(answer.body.actions).toMatchObject([{ type: "create", status: "errored" }]);
  });
});

test("a volume grows and never shrinks", async () => {
  await emulator.close();
  // Long enough for a busy machine to ask again meanwhile.
  emulator = await startEmulator({ delays: { action: 1000 } });
  const { id } = (await create()).body.volume;
  const resize = (size: number) =>
    emulator.call("POST", `/v2/volumes/${id}/actions`, { type: "resize", size_gigabytes: size });
  expect((await resize(2)).body.message).toContain("volumes only grow");
  expect((await resize(3)).status).toBe(202);
  expect((await resize(4)).body.message).toBe("Volume already has a pending event.");
  await eventually(async () => {
    const { body } = await emulator.call<{ volume: Volume }>("GET", `/v2/volumes/${id}`);
    expect(body.volume.size_gigabytes).toBe(3);
  });
  expect(calls()).toEqual(["resize data 3"]);
});

test.each([
  ["a file system that there is not", { filesystem_type: "ntfs" }, 422],
  ["a label that XFS cannot keep", { filesystem_type: "xfs", filesystem_label: "thirteen-chars" }, 422],
  ["a label without a file system", { filesystem_type: "", filesystem_label: "data" }, 422],
  ["a label that ext4 cannot keep", { filesystem_label: "seventeen-letters" }, 422],
])("%s is refused", async (_what, fields, status) => {
  expect((await create(fields)).status).toBe(status);
});

test("a volume whose data cannot be deleted stays", async () => {
  const { id } = (await create()).body.volume;
  emulator.hypervisor.failNext("destroyVolume", "the disk is full of holes");
  expect((await emulator.call("DELETE", `/v2/volumes/${id}`)).status).toBe(500);
  expect((await emulator.call("GET", `/v2/volumes/${id}`)).status).toBe(200);
});

test("a reset destroys volumes too", async () => {
  const { id } = (await create()).body.volume;
  const droplet = await activeDroplet(emulator, { volumes: [id] });
  await emulator.call("POST", "/_emulator/reset");
  expect(calls().slice(2)).toEqual([`destroy ${droplet.id}`, `detach data ${droplet.id}`, "destroy data"]);
});
