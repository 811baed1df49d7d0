import { expect, test } from "vitest";
import { edgeTests } from "../edges.ts";
import { activeDroplet, dropletBody, eventually, waitForDroplet } from "../support.ts";

// Edges of what the API answers and counts, as the README's table has them: what holds with the edge on, and off.

const { emulator, start, switchEdges, get, create, asked } = edgeTests();

test("privateAddressFirst: the private network is listed before the public one", async () => {
  await start();
  const { id, networks } = await activeDroplet(emulator());
  expect(networks.v4.map(({ type }) => type)).toEqual(["private", "public"]);
  await switchEdges({ privateAddressFirst: false });
  const { v4 } = (await waitForDroplet(emulator(), id)).networks;
  expect(v4.map(({ type }) => type)).toEqual(["public", "private"]);
});

const limitHeaders = (headers: Headers) =>
  ["ratelimit-limit", "ratelimit-remaining", "retry-after"].map((name) => headers.get(name));

test("rateLimitHeaders: no request remains above the burst limit, the hourly one has no retry-after, 401 has both", async () => {
  let now = 1_800_000_000_000;
  await start({ rateLimit: { perMinute: 1, perHour: 2 }, now: () => new Date(now) });
  const account = (headers?: Record<string, string>) =>
    emulator().call("GET", "/v2/account", undefined, headers);
  await account();
  const burst = await account();
  expect([burst.status, ...limitHeaders(burst.headers)]).toEqual([429, "2", "0", "60"]);
  now += 60_000;
  await account();
  const hourly = await account();
  expect([hourly.status, ...limitHeaders(hourly.headers)]).toEqual([429, "2", "0", null]);
  const stranger = await account({ authorization: "Bearer wrong" });
  expect([stranger.status, ...limitHeaders(stranger.headers)]).toEqual([401, "2", "0", null]);
  await switchEdges({ rateLimitHeaders: false });
  expect(limitHeaders((await account()).headers)).toEqual(["2", "0", "3540"]);
  expect(limitHeaders((await account({ authorization: "Bearer wrong" })).headers)).toEqual([
    null,
    null,
    null,
  ]);
});

test("keyListLimit: the eleventh list of keys in a minute is refused, one key is not", async () => {
  await start();
  const list = async () => (await emulator().call("GET", "/v2/account/keys?per_page=200")).status;
  for (let number = 0; number < 10; number += 1) expect(await list()).toBe(200);
  expect(await list()).toBe(429);
  expect(await asked("GET", "/v2/account/keys/1")).toMatch(/^404/);
  await switchEdges({ keyListLimit: false });
  expect(await list()).toBe(200);
});

test("emptyAnswersHaveType: 204 says that it is JSON", async () => {
  await start();
  const remove = async (name: string) => {
    await emulator().call("POST", "/v2/tags", { name });
    const { status, headers } = await emulator().call("DELETE", `/v2/tags/${name}`);
    return [status, headers.get("content-type")];
  };
  expect(await remove("one")).toEqual([204, "application/json; charset=utf-8"]);
  await switchEdges({ emptyAnswersHaveType: false });
  expect(await remove("two")).toEqual([204, null]);
});

test("retiredImages: such an image is neither listed nor given to a droplet, and those there are stay", async () => {
  await start();
  const { id } = await activeDroplet(emulator());
  await switchEdges({ retiredImages: ["debian-12-x64"] });
  const { images } = await get<{ images: { slug: string }[] }>("/v2/images?per_page=200");
  expect(images.map(({ slug }) => slug)).toEqual(["debian-13-x64", "ubuntu-22-04-x64", "ubuntu-24-04-x64"]);
  expect(await asked("GET", "/v2/images/debian-12-x64")).toMatch(/^404/);
  expect(await asked("POST", "/v2/droplets", { ...dropletBody, name: "node-2" })).toBe(
    "422 You specified an invalid image for Droplet creation.",
  );
  expect(await get(`/v2/droplets/${id}`)).toMatchObject({ droplet: { image: { slug: "debian-12-x64" } } });
});

test("images: further public ones are listed, given to droplets, and can retire too", async () => {
  await start({ images: [{ slug: "debian-11-x64", distribution: "Debian", name: "11 x64" }] });
  const { id } = await activeDroplet(emulator(), { image: "debian-11-x64" });
  expect(await get("/v2/images/debian-11-x64")).toMatchObject({ image: { name: "11 x64", public: true } });
  await switchEdges({ retiredImages: ["debian-11-x64"] });
  expect(await asked("GET", "/v2/images/debian-11-x64")).toMatch(/^404/);
  expect(await get(`/v2/droplets/${id}`)).toMatchObject({ droplet: { image: { slug: "debian-11-x64" } } });
});

test("an icmp rule may have ports: they are told again, and the hypervisor gets none", async () => {
  await start();
  const { id } = await activeDroplet(emulator(), { tags: ["node"] });
  const rule = { protocol: "icmp", ports: "1-65535", destinations: { addresses: ["0.0.0.0/0"] } };
  const { firewall } = await create<{ firewall: { outbound_rules: object[] } }>("/v2/firewalls", {
    ...{ name: "nodes", tags: ["node"], outbound_rules: [rule] },
  });
  expect(firewall.outbound_rules).toEqual([rule]);
  await eventually(() =>
    expect(emulator().hypervisor.firewalls.get(id)?.outbound).toEqual([
      { protocol: "icmp", addresses: ["0.0.0.0/0"] },
    ]),
  );
});

test("reserved addresses in use count against the limit, and a droplet has one at most", async () => {
  await start({ limits: { reservedIps: 2 } });
  const { id } = await activeDroplet(emulator());
  await create("/v2/reserved_ips", { droplet_id: id });
  await waitForDroplet(emulator(), id);
  expect(await asked("POST", "/v2/reserved_ips", { droplet_id: id })).toBe(
    "422 The Droplet already has a reserved IP.",
  );
  expect(await asked("POST", "/v2/reserved_ips", { region: "sgp1" })).toBe(202);
  expect(await asked("POST", "/v2/reserved_ips", { region: "sgp1" })).toMatch(
    /^422 .*limit of 2 reserved IPs/,
  );
});
