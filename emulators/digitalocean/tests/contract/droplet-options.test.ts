import { afterEach, beforeEach, expect, test } from "vitest";
import { activeDroplet, dropletBody, eventually, startEmulator, waitForDroplet } from "../support.ts";
import type { RawDroplet, TestEmulator } from "../support.ts";
import { storedOnlyHypervisor } from "../../index.ts";

let emulator: TestEmulator;
beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.close());

interface Detailed extends RawDroplet {
  readonly features: readonly string[];
  readonly region: { readonly slug: string };
  readonly networks: RawDroplet["networks"] & { readonly v6: readonly { readonly ip_address: string }[] };
}

const get = async <Body>(path: string) => (await emulator.call<Body>("GET", path)).body;
const dropletNow = async (id: number) => (await get<{ droplet: Detailed }>(`/v2/droplets/${id}`)).droplet;
const asked = async (path: string, body: unknown) => {
  const answer = await emulator.call("POST", path, body);
  return answer.status < 300 ? answer.status : `${answer.status} ${answer.body.message}`;
};
/** Asks the droplet for an action and waits until it is done. */
async function act(id: number, body: object): Promise<void> {
  expect(await asked(`/v2/droplets/${id}/actions`, body)).toBe(201);
  await waitForDroplet(emulator, id);
}

test("IPv6 is there from the start or enabled later, and never twice the same", async () => {
  const first = await activeDroplet(emulator, { ipv6: true });
  const second = await activeDroplet(emulator, { name: "node-2" });
  expect((await dropletNow(second.id)).networks.v6).toEqual([]);
  await act(second.id, { type: "enable_ipv6" });
  const addresses = await Promise.all(
    [first, second].map(async ({ id }) => (await dropletNow(id)).networks.v6[0]?.ip_address),
  );
  expect(addresses).toEqual([expect.stringMatching(/^2001:db8::/), expect.stringMatching(/^2001:db8::/)]);
  expect(new Set(addresses).size).toBe(2);
  expect((await dropletNow(second.id)).features).toContain("ipv6");
  expect(await asked(`/v2/droplets/${second.id}/actions`, { type: "enable_ipv6" })).toMatch(/^422/);
});

test("a droplet without public networking has its private address only, and firewalls know no other", async () => {
  const { id, networks } = await activeDroplet(emulator, { public_networking: false, tags: ["node"] });
  expect(networks.v4.map(({ type }) => type)).toEqual(["private"]);
  await emulator.call("POST", "/v2/firewalls", {
    ...{ name: "nodes", tags: ["node"], inbound_rules: [{ protocol: "icmp", sources: { tags: ["node"] } }] },
  });
  await eventually(() =>
    expect(emulator.hypervisor.firewalls.get(id)?.inbound[0]?.addresses).toEqual([
      `${networks.v4[0]?.ip_address}/32`,
    ]),
  );
});

test("a droplet without a region gets one that has its size and image", async () => {
  const { id } = await activeDroplet(emulator, { region: undefined });
  const { sizes } = await get<{ sizes: { slug: string; regions: string[] }[] }>("/v2/sizes?per_page=200");
  const size = sizes.find(({ slug }) => slug === dropletBody.size);
  expect(size?.regions).toContain((await dropletNow(id)).region.slug);
});

test("backups are enabled with a policy, which changes, and disabled; none is ever made", async () => {
  const weekly = { plan: "weekly", weekday: "MON", hour: 4 };
  const { id } = await activeDroplet(emulator, { backups: true, backup_policy: weekly });
  const policy = () => get<{ policy: object }>(`/v2/droplets/${id}/backups/policy`);
  expect(await policy()).toMatchObject({
    policy: { droplet_id: id, backup_enabled: true, backup_policy: { ...weekly, retention_period_days: 28 } },
  });
  await act(id, { type: "change_backup_policy", backup_policy: { plan: "daily", hour: 20 } });
  expect(await policy()).toMatchObject({ policy: { backup_policy: { plan: "daily", hour: 20 } } });
  expect((await dropletNow(id)).features).toContain("backups");
  await act(id, { type: "disable_backups" });
  expect(await policy()).toMatchObject({ policy: { backup_enabled: false } });
  expect((await dropletNow(id)).features).not.toContain("backups");
  await act(id, { type: "enable_backups" });
  expect(await get("/v2/droplets/backups/policies")).toMatchObject({
    policies: { [id]: { backup_policy: { plan: "daily", hour: 0 } } },
  });
  expect(await get(`/v2/droplets/${id}/backups`)).toMatchObject({ backups: [] });
});

test.each([
  ["a policy without backups", { backups: false, backup_policy: { plan: "daily" } }, /backups are enabled/],
  ["another plan", { backups: true, backup_policy: { plan: "hourly" } }, /plan/],
  ["another hour", { backups: true, backup_policy: { plan: "daily", hour: 3 } }, /hour/],
  ["a weekly plan without a day", { backups: true, backup_policy: { plan: "weekly" } }, /weekday/],
])("%s is refused", async (_what, fields, message) => {
  expect(await asked("/v2/droplets", { ...dropletBody, ...fields })).toMatch(message);
});

test("an action by tag reaches all droplets of the tag, and no other", async () => {
  const first = await activeDroplet(emulator, { tags: ["node"] });
  const second = await activeDroplet(emulator, { name: "node-2", tags: ["node"] });
  const third = await activeDroplet(emulator, { name: "node-3" });
  expect(await asked("/v2/droplets/actions?tag_name=node", { type: "resize" })).toMatch(/^422/);
  expect(await asked("/v2/droplets/actions?tag_name=node", { type: "power_off" })).toBe(201);
  const statuses = () =>
    Promise.all([first, second, third].map(async ({ id }) => (await dropletNow(id)).status));
  await eventually(async () => expect(await statuses()).toEqual(["off", "off", "active"]));
});

test("lists of what no droplet here has are empty", async () => {
  const { id } = await activeDroplet(emulator);
  expect(await get(`/v2/droplets/${id}/neighbors`)).toEqual({ droplets: [] });
  expect(await get(`/v2/droplets/${id}/kernels`)).toMatchObject({ kernels: [] });
  expect(await get("/v2/reports/droplet_neighbors_ids")).toEqual({ neighbor_ids: [] });
  expect(await get("/v2/droplets/backups/supported_policies")).toMatchObject({
    supported_policies: [{ name: "weekly" }, { name: "daily" }],
  });
});

test("what the hypervisor cannot give is refused: 501", async () => {
  const { features, ...plain } = storedOnlyHypervisor();
  expect(features).not.toEqual([]);
  const other = await startEmulator({ hypervisor: plain });
  try {
    const { id } = await activeDroplet(other);
    const volume = { name: "data", region: "sgp1", size_gigabytes: 1 };
    const created = await other.call<{ volume: { id: string } }>("POST", "/v2/volumes", volume);
    for (const [path, body] of [
      ["/v2/droplets", { ...dropletBody, ipv6: true }],
      ["/v2/droplets", { ...dropletBody, backups: true }],
      ["/v2/droplets", { ...dropletBody, public_networking: false }],
      [`/v2/droplets/${id}/actions`, { type: "enable_ipv6" }],
      [`/v2/droplets/${id}/actions`, { type: "enable_backups" }],
      [`/v2/droplets/${id}/actions`, { type: "snapshot", name: "kept" }],
      ["/v2/volumes", { ...volume, name: "other", filesystem_type: "xfs" }],
      [`/v2/volumes/${created.body.volume.id}/snapshots`, { name: "kept" }],
    ] as const) {
      const answer = await other.call("POST", path, body);
      expect([answer.status, answer.body.message]).toEqual([
        501,
        expect.stringMatching(/on this hypervisor\.$/),
      ]);
    }
  } finally {
    await other.close();
  }
});
