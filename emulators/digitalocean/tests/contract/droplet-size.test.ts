import { afterEach, beforeEach, expect, test } from "vitest";
import { activeDroplet, eventually, startEmulator } from "../support.ts";
import type { TestEmulator } from "../support.ts";

let emulator: TestEmulator;
let id: number;

beforeEach(async () => {
  emulator = await startEmulator();
  ({ id } = await activeDroplet(emulator, { size: "s-2vcpu-2gb" }));
});
afterEach(() => emulator.close());

const resize = async (fields: object) => {
  const path = `/v2/droplets/${id}/actions`;
  const { status, body } = await emulator.call("POST", path, { type: "resize", ...fields });
  return status === 201 ? status : [status, body.message];
};
/** Waits until the droplet is idle, and says what the API says of it. */
const idle = () =>
  eventually(async () => {
    const { body } = await emulator.call<{ droplet: object & { locked: boolean } }>(
      "GET",
      `/v2/droplets/${id}`,
    );
    expect(body.droplet.locked).toBe(false);
    return body.droplet;
  });
const powerOff = async () => {
  await emulator.call("POST", `/v2/droplets/${id}/actions`, { type: "power_off" });
  expect(await idle()).toMatchObject({ status: "off" });
};

test("a droplet that is on is not resized", async () => {
  expect(await resize({ size: "s-2vcpu-4gb" })).toEqual([
    422,
    "Droplet is currently on. Please power it off to run this event.",
  ]);
});

test("without its disk it has the memory of the new size, stays off, and can be made smaller again", async () => {
  await powerOff();
  expect(await resize({ size: "s-4vcpu-8gb" })).toBe(201);
  expect(await idle()).toMatchObject({
    ...{ status: "off", size_slug: "s-4vcpu-8gb", vcpus: 4, memory: 8192, disk: 60 },
    disk_info: [{ type: "local", size: { amount: 60, unit: "gib" } }],
    size: { slug: "s-4vcpu-8gb", disk: 160 },
  });
  expect(emulator.hypervisor.machines.get(id)).toMatchObject({ vcpus: 4, memoryMiB: 8192 });
  expect(await resize({ size: "s-2vcpu-2gb" })).toBe(201);
  expect(await idle()).toMatchObject({ size_slug: "s-2vcpu-2gb", memory: 2048, disk: 60 });
});

test("with its disk it can never be made smaller again", async () => {
  await powerOff();
  expect(await resize({ size: "s-2vcpu-4gb", disk: true })).toBe(201);
  expect(await idle()).toMatchObject({ size_slug: "s-2vcpu-4gb", memory: 4096, disk: 80 });
  for (const disk of [true, false]) {
    expect(await resize({ size: "s-2vcpu-2gb", disk })).toEqual([
      422,
      "Size can not decrease size of Droplet's disk image",
    ]);
  }
  expect(await idle()).toMatchObject({ size_slug: "s-2vcpu-4gb", disk: 80 });
});

test.each([
  ["the size that it has", { size: "s-2vcpu-2gb" }, "The droplet is already set to this size."],
  ["a size that there is not", { size: "s-3vcpu-5gb" }, "size [s-3vcpu-5gb] is not a size"],
  ["no size", {}, "size is required"],
])("%s is refused", async (_what, fields, message) => {
  await powerOff();
  expect(await resize(fields)).toEqual([422, message]);
});

test("what the hypervisor cannot give leaves the droplet as it was", async () => {
  await powerOff();
  emulator.hypervisor.failNext("resize", "no memory is left");
  expect(await resize({ size: "s-2vcpu-4gb" })).toBe(201);
  expect(await idle()).toMatchObject({ size_slug: "s-2vcpu-2gb", memory: 2048 });
});
