import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { activeDroplet, dropletBody, startEmulator } from "../support.ts";
import type { RawDroplet, TestEmulator } from "../support.ts";

let emulator: TestEmulator;
let droplet: RawDroplet;

beforeAll(async () => {
  emulator = await startEmulator({ limits: { droplets: 3, reservedIps: 2 } });
  droplet = await activeDroplet(emulator);
});
afterAll(() => emulator.close());

const refusal = async (method: string, path: string, body?: unknown) => {
  const answer = await emulator.call(method, path, body);
  expect(answer.body.request_id).toBe(answer.headers.get("x-request-id"));
  return [answer.status, answer.body.id, answer.body.message] as const;
};

describe("a caller without the right token", () => {
  test.each([{}, { authorization: "Bearer wrong" }, { authorization: "token-of-the-test" }])(
    "%j",
    async (headers) => {
      const answer = await emulator.call("GET", "/v2/account", undefined, headers);
      expect([answer.status, answer.body.id]).toEqual([401, "unauthorized"]);
      const admin = await emulator.call("POST", "/_emulator/reset", undefined, headers);
      expect(admin.status).toBe(401);
    },
  );
});

test.each([
  ["GET", "/v2/droplets/1"],
  ["DELETE", "/v2/droplets/1"],
  ["GET", "/v2/actions/1"],
  ["GET", "/v2/account/keys/1"],
  ["GET", "/v2/tags/none"],
  ["GET", "/v2/vpcs/00000000-0000-0000-0000-000000000000"],
  ["GET", "/v2/firewalls/00000000-0000-0000-0000-000000000000"],
  ["GET", "/v2/reserved_ips/198.18.1.200"],
  ["GET", "/v2/volumes/00000000-0000-0000-0000-000000000000"],
])("%s %s: 404", async (method, path) => {
  expect(await refusal(method, path)).toEqual([
    404,
    "not_found",
    "The resource you were accessing could not be found.",
  ]);
});

describe("what DigitalOcean would refuse to create: 422", () => {
  test.each([
    ["a size there is not", { size: "s-3vcpu-5gb" }, /invalid size/],
    ["an image there is not", { image: "debian-1-x64" }, /invalid image/],
    ["a region there is not", { region: "xyz1" }, /invalid region/],
    ["a name that is no host name", { name: "node_1" }, /hostname/],
    ["no name", { name: undefined }, /name is required/],
    ["user data above 64 KiB", { user_data: "ü".repeat(32 * 1024 + 1) }, /64 KiB/],
    ["an SSH key that is not there", { ssh_keys: [12] }, /key/],
    ["a VPC that is not there", { vpc_uuid: "nope" }, /VPC/],
    ["a tag with a space", { tags: ["a b"] }, /invalid characters/],
  ])("a droplet with %s", async (_what, fields, message) => {
    const [status, id, text] = await refusal("POST", "/v2/droplets", { ...dropletBody, ...fields });
    expect([status, id]).toEqual([422, "unprocessable_entity"]);
    expect(text).toMatch(message);
  });

  test("user data of exactly 64 KiB is fine, one droplet above the limit is not", async () => {
    const names = ["node-2", "node-3"];
    const created = await emulator.call("POST", "/v2/droplets", {
      ...{ ...dropletBody, name: undefined, names },
      user_data: "x".repeat(64 * 1024),
    });
    expect(created.status).toBe(202);
    expect(await refusal("POST", "/v2/droplets", dropletBody)).toEqual([
      422,
      "unprocessable_entity",
      "creating this/these droplet(s) will exceed your droplet limit",
    ]);
  });

  test("more reserved IPs than the account has", async () => {
    const create = () => emulator.call("POST", "/v2/reserved_ips", { region: "sgp1" });
    expect([(await create()).status, (await create()).status, (await create()).status]).toEqual([
      202, 202, 422,
    ]);
  });

  test("the same SSH key twice", async () => {
    const key = {
      name: "k",
      public_key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f",
    };
    expect((await emulator.call("POST", "/v2/account/keys", key)).status).toBe(201);
    expect(await refusal("POST", "/v2/account/keys", key)).toEqual([
      422,
      "unprocessable_entity",
      "SSH Key is already in use on your account",
    ]);
  });
});

test("while an action is pending the droplet is locked and refuses another one, and a reserved IP", async () => {
  const slow = await startEmulator({ delays: { droplet: 0, action: 600_000, firewall: 0 } });
  try {
    const { id } = await activeDroplet(slow);
    const { body } = await slow.call<{ reserved_ip: { ip: string } }>("POST", "/v2/reserved_ips", {
      region: "sgp1",
    });
    expect((await slow.call("POST", `/v2/droplets/${id}/actions`, { type: "reboot" })).status).toBe(201);
    expect((await slow.call<{ droplet: RawDroplet }>("GET", `/v2/droplets/${id}`)).body.droplet.locked).toBe(
      true,
    );
    for (const [method, target, request] of [
      ["POST", `/v2/droplets/${id}/actions`, { type: "power_off" }],
      ["POST", `/v2/reserved_ips/${body.reserved_ip.ip}/actions`, { type: "assign", droplet_id: id }],
      ["DELETE", `/v2/droplets/${id}`, undefined],
    ] as const) {
      const answer = await slow.call(method, target, request);
      expect([answer.status, answer.body.message]).toEqual([422, "Droplet already has a pending event."]);
    }
  } finally {
    await slow.close();
  }
});

describe("VPCs", () => {
  interface Vpc {
    readonly vpc: { readonly id: string; readonly default: boolean; readonly ip_range: string };
  }
  const create = (fields: object) =>
    emulator.call<Vpc>("POST", "/v2/vpcs", {
      name: "net",
      region: "fra1",
      ip_range: "10.40.0.0/24",
      ...fields,
    });

  test("the first of a region is its default, which cannot be deleted: 403", async () => {
    const first = (await create({ name: "first" })).body.vpc;
    const second = (await create({ name: "second", ip_range: "10.41.0.0/24" })).body.vpc;
    expect([first.default, second.default]).toEqual([true, false]);
    expect((await refusal("DELETE", `/v2/vpcs/${first.id}`)).slice(0, 2)).toEqual([403, "forbidden"]);
    expect((await emulator.call("DELETE", `/v2/vpcs/${second.id}`)).status).toBe(204);
  });

  test("one with members is not deleted: 409", async () => {
    const id = droplet.vpc_uuid;
    await create({ name: "other", region: "sgp1", ip_range: "10.42.0.0/24" }).then(({ body }) =>
      emulator.call("PATCH", `/v2/vpcs/${body.vpc.id}`, { default: true }),
    );
    expect(await refusal("DELETE", `/v2/vpcs/${id}`)).toEqual([
      409,
      "conflict",
      "Can not delete VPC with members",
    ]);
  });

  test("the default of sgp1 has the range that it has in every account, and a new one gets another", async () => {
    const { body } = await emulator.call<{ vpcs: Vpc["vpc"][] }>("GET", "/v2/vpcs");
    expect(body.vpcs.find(({ id }) => id === droplet.vpc_uuid)?.ip_range).toBe("10.104.0.0/20");
    expect(
      (await refusal("POST", "/v2/vpcs", { name: "bad", region: "fra1", ip_range: "10.104.0.0/20" }))[2],
    ).toBe("ip_range [10.104.0.0/20] overlaps with [10.104.0.0/20], another network in your account");
    const { vpc } = (await create({ name: "chosen", ip_range: undefined })).body;
    expect(vpc.ip_range).toMatch(/^10\..*\/20$/);
    expect(vpc.ip_range).not.toBe("10.104.0.0/20");
  });

  test.each(["10.104.0.0/24", "8.8.8.0/24", "10.0.0.0/8", "10.15.3.0/24"])(
    "[%s] is refused: 422",
    async (range) => {
      expect((await create({ name: "bad", ip_range: range })).status).toBe(422);
    },
  );
});

describe("what the emulator does not do: 501, never a guess", () => {
  test.each([
    ["DELETE", "/v2/load_balancers/one/cache", undefined],
    ["POST", "/v2/kubernetes/clusters", { name: "k" }],
    ["GET", "/v1/droplets", undefined],
    ["POST", "/v2/images", { name: "own", url: "http://198.18.0.9/image" }],
    ["POST", "/v2/droplets", { ...dropletBody, user_data_url: "http://198.18.0.9/" }],
  ])("%s %s", async (method, path, body) => {
    const [status, id, message] = await refusal(method, path, body);
    expect([status, id]).toEqual([501, "not_implemented"]);
    expect(message).toMatch(/^The DigitalOcean emulator does not do this: /);
  });

  test("rebuilding a droplet", async () => {
    expect((await refusal("POST", `/v2/droplets/${droplet.id}/actions`, { type: "rebuild" }))[0]).toBe(501);
  });

  test("and it is in the log", async () => {
    await emulator.call("GET", "/v2/apps");
    const log = await emulator.call<{ requests: { status: number; error: string }[] }>(
      "GET",
      "/_emulator/requests?path=/v2/apps",
    );
    expect(log.body.requests).toMatchObject([
      { status: 501, error: expect.stringContaining("/v2/apps") as string },
    ]);
  });
});

test("a firewall's name is used once: 409", async () => {
  const firewall = {
    name: "cluster",
    inbound_rules: [{ protocol: "icmp", sources: { addresses: ["10.0.0.0/8"] } }],
  };
  expect((await emulator.call("POST", "/v2/firewalls", firewall)).status).toBe(202);
  expect((await refusal("POST", "/v2/firewalls", firewall)).slice(0, 2)).toEqual([409, "conflict"]);
});

test("a body that is no JSON: 400", async () => {
  const response = await fetch(`${emulator.url}/v2/tags`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer token-of-the-test" },
    body: "{",
  });
  expect([response.status, ((await response.json()) as { id: string }).id]).toEqual([400, "bad_request"]);
});
