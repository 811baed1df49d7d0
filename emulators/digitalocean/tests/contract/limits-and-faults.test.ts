import { readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { activeDroplet, dropletBody, eventually, startEmulator, token } from "../support.ts";
import type { RawDroplet, TestEmulator } from "../support.ts";

let emulator: TestEmulator;
afterEach(() => emulator.close());

test("every answer tells the rate limit, and the one above the burst limit when to come back", async () => {
  let now = 1_800_000_000_000;
  emulator = await startEmulator({ rateLimit: { perMinute: 2 }, now: () => new Date(now) });
  const first = await emulator.call("GET", "/v2/account");
  expect(Object.fromEntries([...first.headers].filter(([name]) => name.startsWith("ratelimit")))).toEqual({
    "ratelimit-limit": "5000",
    "ratelimit-remaining": "4999",
    "ratelimit-reset": "1800003600",
  });
  now += 20_000;
  await emulator.call("GET", "/v2/nothing");
  const third = await emulator.call("GET", "/v2/account");
  expect([third.status, third.body.id, third.headers.get("retry-after")]).toEqual([
    429,
    "too_many_requests",
    "40",
  ]);
  now += 40_000;
  expect((await emulator.call("GET", "/v2/account")).status).toBe(200);
});

test("lists are cut into pages with links that work", async () => {
  emulator = await startEmulator();
  for (const name of ["a", "b", "c"]) await emulator.call("POST", "/v2/tags", { name });
  interface Tags {
    tags: { name: string }[];
    links: { pages?: { next?: string } };
    meta: { total: number };
  }
  const first = await emulator.call<Tags>("GET", "/v2/tags?per_page=2");
  expect(first.body).toMatchObject({ tags: [{ name: "a" }, { name: "b" }], meta: { total: 3 } });
  const next = first.body.links.pages?.next ?? "";
  expect(next.startsWith(emulator.url)).toBe(true);
  expect((await emulator.call<Tags>("GET", next.slice(emulator.url.length))).body.tags).toMatchObject([
    { name: "c" },
  ]);
});

const fault = (rule: object) => emulator.call("POST", "/_emulator/faults", rule);
const tagNames = async () => {
  const { body } = await emulator.call<{ tags: { name: string }[] }>("GET", "/v2/tags");
  return body.tags.map((tag) => tag.name);
};

test("faults before the commit leave nothing behind, those after it leave everything", async () => {
  emulator = await startEmulator();
  const create = (name: string) => emulator.call("POST", "/v2/tags", { name });
  await fault({ method: "POST", path: "/v2/tags", kind: "fail-before", status: 429, retryAfter: 7 });
  const before = await create("before");
  expect([before.status, before.body.id, before.headers.get("retry-after")]).toEqual([
    429,
    "too_many_requests",
    "7",
  ]);
  await fault({ method: "POST", path: "/v2/tags", kind: "fail-after-commit", status: 502 });
  // The first rule is spent: it struck its one request.
  const after = await create("after");
  expect([after.status, after.body.id]).toEqual([502, "server_error"]);
  await fault({ method: "POST", path: "/v2/tags", kind: "reset" });
  await expect(create("reset")).rejects.toThrow();
  await fault({ method: "POST", path: "/v2/tags", kind: "reset-after-commit" });
  await expect(create("reset-after")).rejects.toThrow();
  expect(await tagNames()).toEqual(["after", "reset-after"]);

  const unanswered = (body?: string) =>
    fetch(`${emulator.url}/v2/tags`, {
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      signal: AbortSignal.timeout(500),
      ...(body !== undefined && { method: "POST", body }),
    });
  await fault({ path: "/v2/tags", kind: "timeout" });
  await expect(unanswered()).rejects.toThrow(/timeout/);
  await fault({ method: "POST", path: "/v2/tags", kind: "timeout-after-commit" });
  await expect(unanswered('{"name":"silent"}')).rejects.toThrow(/timeout/);
  // A busy machine may let go of the wait before the request has come in.
  await eventually(async () => expect(await tagNames()).toContain("silent"));

  const { body } = await emulator.call<{ requests: { fault?: string; status: number }[] }>(
    "GET",
    "/_emulator/requests?method=POST",
  );
  expect(body.requests.map((request) => [request.fault, request.status])).toEqual([
    ["fail-before", 429],
    ["fail-after-commit", 502],
    ["reset", 0],
    ["reset-after-commit", 0],
    ["timeout-after-commit", 0],
  ]);
  expect((await emulator.call<{ faults: unknown[] }>("GET", "/_emulator/faults")).body.faults).toHaveLength(
    6,
  );
  expect((await emulator.call("DELETE", "/_emulator/faults")).status).toBe(204);
  expect((await emulator.call<{ faults: unknown[] }>("GET", "/_emulator/faults")).body.faults).toEqual([]);
});

test("a droplet that the hypervisor cannot create: the action is errored, the log says why, it can be deleted", async () => {
  emulator = await startEmulator();
  emulator.hypervisor.failNext("create", "no space left on device");
  const { body } = await emulator.call<{ droplet: RawDroplet; links: { actions: { id: number }[] } }>(
    "POST",
    "/v2/droplets",
    dropletBody,
  );
  const actionPath = `/v2/actions/${body.links.actions[0]?.id ?? 0}`;
  await eventually(async () => {
    const { action } = (await emulator.call<{ action: { status: string } }>("GET", actionPath)).body;
    expect(action.status).toBe("errored");
  });
  const log = readFileSync(path.join(emulator.folder, "digitalocean.log"), "utf8");
  expect(log).toContain("no space left on device");
  expect(log).not.toContain("#cloud-config");
  expect((await emulator.call("DELETE", `/v2/droplets/${body.droplet.id}`)).status).toBe(204);
  await eventually(async () =>
    expect((await emulator.call("GET", `/v2/droplets/${body.droplet.id}`)).status).toBe(404),
  );
});

test("rules that the hypervisor refuses make the firewall failed, and the next change mends it", async () => {
  emulator = await startEmulator();
  const droplet = await activeDroplet(emulator, { tags: ["node"] });
  emulator.hypervisor.failNext("setFirewall", "nft: syntax error");
  const rules = { inbound_rules: [{ protocol: "icmp", sources: { addresses: ["10.0.0.0/8"] } }] };
  const firewall = { name: "cluster", tags: ["node"], ...rules };
  const { body } = await emulator.call<{ firewall: { id: string } }>("POST", "/v2/firewalls", firewall);
  const status = async () =>
    (await emulator.call<{ firewall: { status: string } }>("GET", `/v2/firewalls/${body.firewall.id}`)).body
      .firewall.status;
  await eventually(async () => expect(await status()).toBe("failed"));
  await emulator.call("PUT", `/v2/firewalls/${body.firewall.id}`, firewall);
  await eventually(async () => expect(await status()).toBe("succeeded"));
  expect(emulator.hypervisor.firewalls.get(droplet.id)?.inbound).toHaveLength(1);
});

test("a reset destroys the machines, forgets all resources and never gives an id or address out again", async () => {
  emulator = await startEmulator();
  const before = await activeDroplet(emulator);
  await fault({ path: "/v2/tags", kind: "reset" });
  expect((await emulator.call("POST", "/_emulator/reset")).status).toBe(204);
  expect(emulator.hypervisor.machines.size).toBe(0);
  expect((await emulator.call<{ droplets: [] }>("GET", "/v2/droplets")).body.droplets).toEqual([]);
  expect((await emulator.call<{ faults: [] }>("GET", "/_emulator/faults")).body.faults).toEqual([]);
  const after = await activeDroplet(emulator);
  expect(after.id).toBeGreaterThan(before.id);
  const publicAddress = ({ networks }: RawDroplet) => networks.v4.find(({ type }) => type === "public");
  expect(publicAddress(after)?.ip_address).not.toBe(publicAddress(before)?.ip_address);
});
