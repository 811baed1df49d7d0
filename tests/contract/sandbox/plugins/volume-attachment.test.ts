import { afterEach, beforeEach, expect, test } from "vitest";
import { DigitalOceanClient } from "../../../../sandbox/offline/plugins/digitalocean/client.ts";
import { volumeAttachment } from "../../../../sandbox/offline/plugins/digitalocean/volume.ts";
import { activeDroplet, startEmulator, token } from "../../../../emulators/digitalocean/tests/support.ts";
import type { TestEmulator } from "../../../../emulators/digitalocean/tests/support.ts";
import { withRecordedVolumes } from "../../../../emulators/digitalocean/tests/contract/recorded-volumes.ts";

let emulator: TestEmulator;
let client: DigitalOceanClient;
const operation = { signal: new AbortController().signal };

beforeEach(async () => {
  const delays = { droplet: 20, action: 500, firewall: 20 };
  emulator = await startEmulator({ hypervisor: withRecordedVolumes(), delays });
  client = new DigitalOceanClient({ endpoint: emulator.url, token, retries: 0, waitMin: 1, waitMax: 1 });
});
afterEach(() => emulator.close());

const volumeOf = async () => {
  const wanted = { name: "data", region: "sgp1", size_gigabytes: 1 };
  return (await emulator.call<{ volume: { id: string } }>("POST", "/v2/volumes", wanted)).body.volume.id;
};
const reboot = (droplet: number) =>
  emulator.call("POST", `/v2/droplets/${droplet}/actions`, { type: "reboot" });

test("an attachment waits for another action on its droplet, to be made and to be deleted", async () => {
  const [dropletId, volumeId] = [(await activeDroplet(emulator)).id, await volumeOf()];
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
      "/_sandbox/requests?method=POST",
    )
  ).body.requests.flatMap(({ path, status }) => (path.startsWith("/v2/volumes/") ? [status] : []));
  expect(statuses.filter((status) => status === 202)).toHaveLength(2);
  expect(statuses).toContain(422);
});

test("an attachment that cannot be is refused at once", async () => {
  const [first, volumeId] = [(await activeDroplet(emulator)).id, await volumeOf()];
  const second = (await activeDroplet(emulator, { volumes: [volumeId], name: "node-2" })).id;
  await expect(volumeAttachment.create(client, { dropletId: first, volumeId }, operation)).rejects.toThrow(
    "422 This volume is already attached",
  );
  const { id } = await volumeAttachment.create(client, { dropletId: second, volumeId }, operation);
  expect(id).toMatch(new RegExp(`^${second}-`));
});
