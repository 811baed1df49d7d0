import { afterEach, beforeEach, expect, test } from "vitest";
import { storedOnlyHypervisor } from "../../../sandbox/digitalocean/stored-only-hypervisor.ts";
import type { HypervisorVolume } from "../../../sandbox/digitalocean/volume-hypervisor.ts";
import { activeDroplet, eventually, startEmulator } from "./emulator.ts";
import type { TestEmulator } from "./emulator.ts";

interface Volume {
  readonly id: string;
  readonly droplet_ids: readonly number[];
}

let emulator: TestEmulator;
const calls: string[] = [];
const recorded = (what: string) => (dropletId: number, volume: HypervisorVolume) => {
  calls.push(`${what} ${volume.name} ${dropletId}`);
  return Promise.resolve();
};

beforeEach(async () => {
  calls.length = 0;
  const withVolumes = {
    ...storedOnlyHypervisor(),
    attachVolume: recorded("attach"),
    detachVolume: recorded("detach"),
    destroyVolume: ({ name }: HypervisorVolume) => {
      calls.push(`destroy ${name}`);
      return Promise.resolve();
    },
  };
  emulator = await startEmulator({ hypervisor: withVolumes });
});
afterEach(() => emulator.close());

const create = async (fields: object = {}) =>
  emulator.call<{ volume: Volume }>("POST", "/v2/volumes", {
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
  expect(calls).toEqual([
    `attach data ${first.id}`,
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
