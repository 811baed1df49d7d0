import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  activeDroplet,
  dropletBody,
  eventually,
  rawCall,
  startEmulator,
  volumeCalls,
  waitForDroplet,
} from "../support.ts";
import type { RawDroplet } from "../support.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "digitalocean-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a restart loses nothing: droplets are brought back with their rules and addresses", async () => {
  const before = await startEmulator({}, { folder });
  const droplet = await activeDroplet(before, { tags: ["node"] });
  const { body } = await before.call<{ reserved_ip: { ip: string } }>("POST", "/v2/reserved_ips", {
    region: "sgp1",
  });
  const { ip } = body.reserved_ip;
  await before.call("POST", `/v2/reserved_ips/${ip}/actions`, { type: "assign", droplet_id: droplet.id });
  await eventually(() => expect(before.hypervisor.reservedIps.get(ip)).toBe(droplet.id));
  await waitForDroplet(before, droplet.id);
  const rules = { inbound_rules: [{ protocol: "icmp", sources: { addresses: ["10.0.0.0/8"] } }] };
  await before.call("POST", "/v2/firewalls", { name: "cluster", tags: ["node"], ...rules });
  await eventually(() => expect(before.hypervisor.firewalls.get(droplet.id)?.inbound).toHaveLength(1));
  const answers = (emulator: typeof before) =>
    Promise.all(
      ["droplets", "vpcs", "tags", "actions", "reserved_ips"].map(
        async (kind) => (await emulator.call<object>("GET", `/v2/${kind}`)).body,
      ),
    );
  const sent = JSON.stringify(await answers(before)).replaceAll(before.url, "");
  await before.close();

  const after = await startEmulator({}, { folder });
  try {
    expect(JSON.stringify(await answers(after)).replaceAll(after.url, "")).toBe(sent);
    await eventually(() => {
      expect(after.hypervisor.machines.get(droplet.id)).toEqual(before.hypervisor.machines.get(droplet.id));
      expect(after.hypervisor.firewalls.get(droplet.id)).toEqual(before.hypervisor.firewalls.get(droplet.id));
      expect(after.hypervisor.reservedIps.get(ip)).toBe(droplet.id);
    });
  } finally {
    await after.close();
  }
  expect(statSync(path.join(folder, "digitalocean.db")).mode & 0o777).toBe(0o600);
});

test("a restart brings a droplet back with its volumes, and finishes attaching them", async () => {
  const before = await startEmulator({ delays: { droplet: 20, action: 600_000, firewall: 20 } }, { folder });
  const volume = async (name: string) => {
    const wanted = { name, region: "sgp1", size_gigabytes: 1, filesystem_type: "ext4" };
    return (await before.call<{ volume: { id: string } }>("POST", "/v2/volumes", wanted)).body.volume.id;
  };
  const [one, two] = [await volume("one"), await volume("two")];
  const { id } = await activeDroplet(before, { volumes: [one] });
  const accepted = await before.call("POST", `/v2/volumes/${two}/actions`, {
    type: "attach",
    droplet_id: id,
  });
  expect(accepted.status).toBe(202);
  // Before the action begins.
  await before.close();

  const after = await startEmulator({}, { folder });
  try {
    await eventually(async () => {
      const { body } = await after.call<{ droplet: { volume_ids: string[] } }>("GET", `/v2/droplets/${id}`);
      expect(body.droplet.volume_ids).toEqual([one, two]);
    });
    expect(volumeCalls(after.hypervisor)).toEqual([`attach one ${id}`, `create ${id}`, `attach two ${id}`]);
  } finally {
    await after.close();
  }
});

test("a droplet that does not come back is off, and power_on is tried on request", async () => {
  const before = await startEmulator({}, { folder });
  const { id } = await activeDroplet(before);
  await before.close();
  before.hypervisor.failNext("create", "image not found");
  const after = await startEmulator({}, { folder, hypervisor: before.hypervisor });
  try {
    const status = async () =>
      (await after.call<{ droplet: RawDroplet }>("GET", `/v2/droplets/${id}`)).body.droplet.status;
    await eventually(async () => expect(await status()).toBe("off"));
    await after.call("POST", `/v2/droplets/${id}/actions`, { type: "power_on" });
    await eventually(async () => expect(await status()).toBe("active"));
  } finally {
    await after.close();
  }
});

test("killed while droplets are being created: the next process finishes them", async () => {
  const script = path.join(import.meta.dirname, "emulator-process.ts");
  const killed = execa(process.execPath, [script, folder, "60000"], { reject: false });
  const url = await new Promise<string>((resolve, reject) => {
    killed.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
    void killed.then((result) => reject(new Error(result.stderr)));
  });
  const created = await rawCall<{ droplets: RawDroplet[] }>(url, "POST", "/v2/droplets", {
    ...{ ...dropletBody, name: undefined, names: ["node-1", "node-2", "node-3"] },
  });
  expect(created.body.droplets.map((droplet) => droplet.status)).toEqual(["new", "new", "new"]);
  killed.kill("SIGKILL");
  expect((await killed).signal).toBe("SIGKILL");

  const emulator = await startEmulator({}, { folder });
  try {
    const droplets = await Promise.all(created.body.droplets.map(({ id }) => waitForDroplet(emulator, id)));
    expect(emulator.hypervisor.machines.size).toBe(3);
    const addresses = droplets.flatMap((droplet) => droplet.networks.v4.map((network) => network.ip_address));
    expect(new Set(addresses).size).toBe(6);
  } finally {
    await emulator.close();
  }
});
