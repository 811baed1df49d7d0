import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DigitalOceanClient } from "../../../../sandbox/offline/plugins/digitalocean/client.ts";
import { volumeAttachment } from "../../../../sandbox/offline/plugins/digitalocean/volume.ts";
import { startEmulator, token } from "../../../support/digitalocean-emulator.ts";
import type { TestEmulator } from "../../../support/digitalocean-emulator.ts";

let emulator: TestEmulator;
let client: DigitalOceanClient;
const operation = { signal: new AbortController().signal };

beforeEach(async () => {
  const delays = { droplet: 20, action: 500, firewall: 20 };
  emulator = await startEmulator({ delays });
  client = new DigitalOceanClient({ endpoint: emulator.url, token, retries: 0, waitMin: 1, waitMax: 1 });
});
afterEach(() => emulator.close());

const volumeOf = async () => {
  const wanted = { name: "data", region: "sgp1", size_gigabytes: 1 };
  return (await emulator.call<{ volume: { id: string } }>("POST", "/v2/volumes", wanted)).body.volume.id;
};
const activeDroplet = async (volumes: readonly string[] = []) => {
  const wanted = { name: "node", region: "sgp1", size: "s-1vcpu-2gb", image: "debian-12-x64", volumes };
  const { body } = await emulator.call<{ droplet: { id: number } }>("POST", "/v2/droplets", wanted);
  const { id } = body.droplet;
  await vi.waitFor(
    async () => {
      const answer = await emulator.call<{ droplet: { status: string } }>("GET", `/v2/droplets/${id}`);
      expect(answer.body.droplet.status).toBe("active");
    },
    { timeout: 30_000, interval: 20 },
  );
  return id;
};
const reboot = (droplet: number) =>
  emulator.call("POST", `/v2/droplets/${droplet}/actions`, { type: "reboot" });

test("an attachment waits for another action on its droplet, to be made and to be deleted", async () => {
  const [dropletId, volumeId] = [await activeDroplet(), await volumeOf()];
  const inputs = { dropletId, volumeId };
  await reboot(dropletId);
  const { id } = await volumeAttachment.create(client, inputs, operation);
  expect(id).toMatch(new RegExp(`^${dropletId}-${volumeId}-`));
  expect(await volumeAttachment.read(client, id, inputs, operation)).toEqual({ outputs: {} });
  await reboot(dropletId);
  await volumeAttachment.delete(client, id, inputs, operation);
  expect(await volumeAttachment.read(client, id, inputs, operation)).toBeUndefined();
  const statuses = (
    await emulator.call<{ requests: { path: string; status: number }[] }>(
      "GET",
      "/_emulator/requests?method=POST",
    )
  ).body.requests.flatMap(({ path, status }) => (path.startsWith("/v2/volumes/") ? [status] : []));
  expect(statuses.filter((status) => status === 202)).toHaveLength(2);
  expect(statuses).toContain(422);
});

test("an attachment that cannot be is refused at once", async () => {
  const [first, volumeId] = [await activeDroplet(), await volumeOf()];
  const second = await activeDroplet([volumeId]);
  await expect(volumeAttachment.create(client, { dropletId: first, volumeId }, operation)).rejects.toThrow(
    "422 This volume is already attached",
  );
  const { id } = await volumeAttachment.create(client, { dropletId: second, volumeId }, operation);
  expect(id).toMatch(new RegExp(`^${second}-`));
});
