import { afterEach, expect, test } from "vitest";
import { DigitalOceanClient } from "../../../components/clients/digitalocean/client.ts";
import { startEmulator, token } from "../../support/digitalocean-emulator.ts";
import type { TestEmulator } from "../../support/digitalocean-emulator.ts";

let emulator: TestEmulator;
afterEach(() => emulator.close());

test("a rollout's own calls tag a droplet, twice too, shut it down, power it on and off and delete it", async () => {
  emulator = await startEmulator();
  const client = new DigitalOceanClient({ endpoint: emulator.url, token });
  const made = await emulator.call<{ droplet: { id: number } }>("POST", "/v2/droplets", {
    ...{ name: "web", region: "sgp1", size: "s-1vcpu-1gb", image: "debian-12-x64" },
  });
  const id = String(made.body.droplet.id);
  const droplet = async () =>
    (await client.find<{ droplet: { status: string; tags: string[] } }>(`/v2/droplets/${id}`))?.droplet;
  await expect.poll(async () => (await droplet())?.status).toBe("active");
  await client.tagDroplet(id, "nomad-cluster-blog");
  await client.tagDroplet(id, "nomad-cluster-blog");
  expect((await droplet())?.tags).toEqual(["nomad-cluster-blog"]);
  // Until the droplet has no event under way, which may be a moment after it is active.
  await expect.poll(() => client.shutDownDroplet(id).then(() => true, String)).toBe(true);
  await expect.poll(async () => (await droplet())?.status).toBe("off");
  await expect.poll(() => client.shutDownDroplet(id).then(() => true, String)).toBe(true);
  await expect.poll(() => client.powerOnDroplet(id).then(() => true, String)).toBe(true);
  await expect.poll(async () => (await droplet())?.status).toBe("active");
  await expect.poll(() => client.powerOffDroplet(id).then(() => true, String)).toBe(true);
  await expect.poll(async () => (await droplet())?.status).toBe("off");
  await expect.poll(() => client.deleteDroplet(id).then(droplet, String)).toBeUndefined();
  await client.deleteDroplet(id);
});
