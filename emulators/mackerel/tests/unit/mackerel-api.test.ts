import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { setApiKeys } from "../../store/api-keys.ts";
import { mackerelApi } from "../../server.ts";

const writeKey = "write-key-of-the-unit-test";
const readKey = "read-key-of-the-unit-test";
const start = 1_800_000_000;
const registration = {
  name: "node-0",
  meta: {},
  interfaces: [],
  roleFullnames: ["blog:cluster"],
  checks: [],
};

let folder: string;
let app: FastifyInstance;
let now: number;

const open = (): FastifyInstance =>
  mackerelApi({
    databaseFile: path.join(folder, "state", "mackerel.db"),
    apiKeys: [
      { key: writeKey, writes: true },
      { key: readKey, writes: false },
    ],
    now: () => now,
  });

beforeEach(() => {
  now = start;
  folder = mkdtempSync(path.join(os.tmpdir(), "mackerel-unit-"));
  app = open();
});

afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

async function call(
  method: "GET" | "POST" | "PUT" | "DELETE",
  url: string,
  body?: unknown,
  key: string | null = writeKey,
) {
  const response = await app.inject({
    method,
    url: `/api/v0/${url}`,
    headers: { ...(key === null ? {} : { "x-api-key": key }), "content-type": "application/json" },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  });
  return { status: response.statusCode, body: response.json<Record<string, unknown>>() };
}

async function register(extra: object = {}): Promise<string> {
  const { status, body } = await call("POST", "hosts", { ...registration, ...extra });
  expect(status).toBe(200);
  return String(body["id"]);
}

const metric = (hostId: string, time: number, value = 1, name = "loadavg5") => ({
  hostId,
  name,
  time,
  value,
});

describe("keys", () => {
  it.each([
    ["no key", null],
    ["a key that nobody has", "wrong"],
  ])("refuses %s, even for calls that do not exist", async (_case, key) => {
    for (const url of ["hosts", "nothing"]) {
      const { status, body } = await call("GET", url, undefined, key);
      expect(status).toBe(401);
      expect(body).toEqual({ error: { message: "Authentication failed. Please try with valid Api Key." } });
    }
  });

  it("lets a key without write permission read and not register", async () => {
    expect((await call("GET", "hosts", undefined, readKey)).status).toBe(200);
    expect((await call("POST", "hosts", registration, readKey)).status).toBe(403);
    expect((await call("GET", "hosts")).body).toEqual({ hosts: [] });
  });

  it("takes rotated keys while it runs and keeps none in the clear", async () => {
    const databaseFile = path.join(folder, "state", "mackerel.db");
    setApiKeys(databaseFile, [{ key: "rotated-key", writes: true }]);
    expect((await call("GET", "hosts")).status).toBe(401);
    expect((await call("GET", "hosts", undefined, "rotated-key")).status).toBe(200);
    await app.close();
    expect(readFileSync(databaseFile).includes("rotated-key")).toBe(false);
    app = open();
  });
});

describe("hosts", () => {
  it("gives a new host an id of eleven letters and digits, status working and its roles", async () => {
    const id = await register({ displayName: "first" });
    expect(id).toMatch(/^[0-9A-Za-z]{11}$/);
    const { body } = await call("GET", `hosts/${id}`);
    expect(body["host"]).toMatchObject({
      id,
      name: "node-0",
      displayName: "first",
      status: "working",
      roles: { blog: ["cluster"] },
      isRetired: false,
      createdAt: start,
    });
    expect((await call("GET", "services")).body).toEqual({
      services: [{ name: "blog", memo: "", roles: ["cluster"] }],
    });
    expect((await call("GET", "services/blog/roles")).body).toEqual({
      roles: [{ name: "cluster", memo: "" }],
    });
    expect((await call("GET", "services/shop/roles")).status).toBe(404);
  });

  it.each([
    ["a role without a service", { roleFullnames: ["cluster"] }],
    ["a role of one letter", { roleFullnames: ["blog:c"] }],
    ["a role with a space", { roleFullnames: ["blog: cluster"] }],
    ["a name that is a number", { name: 7 }],
    ["no meta", { meta: undefined }],
  ])("refuses %s", async (_case, change) => {
    const { status, body } = await call("POST", "hosts", { ...registration, ...change });
    expect(status).toBe(400);
    expect(body["error"]).toHaveProperty("message");
  });

  it("adds roles on update and takes them away only by role-fullnames", async () => {
    const id = await register({ displayName: "kept" });
    expect(
      (await call("PUT", `hosts/${id}`, { ...registration, roleFullnames: ["blog:edge"] })).body,
    ).toEqual({ id });
    const updated = (await call("GET", `hosts/${id}`)).body["host"];
    expect(updated).toMatchObject({ roles: { blog: ["cluster", "edge"] }, displayName: "kept" });
    await call("PUT", `hosts/${id}/role-fullnames`, { roleFullnames: ["blog:edge"] });
    expect((await call("GET", `hosts/${id}`)).body["host"]).toMatchObject({ roles: { blog: ["edge"] } });
  });

  it("filters by service and role, name and status, with working and standby as the default", async () => {
    const first = await register();
    const second = await register({ name: "node-1", roleFullnames: ["blog:edge"] });
    await call("POST", `hosts/${second}/status`, { status: "poweroff" });
    const ids = async (query: string) => {
      const { body } = await call("GET", `hosts${query}`);
      return (body["hosts"] as { id: string }[]).map((host) => host.id);
    };
    expect(await ids("")).toEqual([first]);
    expect(await ids("?status=poweroff")).toEqual([second]);
    expect(await ids("?status=working&status=poweroff")).toEqual([first, second]);
    expect(await ids("?status=working&status=poweroff&service=blog&role=edge")).toEqual([second]);
    expect(await ids("?role=edge")).toEqual([first]);
    expect(await ids("?service=shop")).toEqual([]);
    expect(await ids("?name=node-1")).toEqual([]);
    expect((await call("GET", "hosts?status=asleep")).status).toBe(400);
    expect((await call("GET", "hosts?limit=1")).status).toBe(501);
  });

  it("refuses a status that does not exist and a host that does not exist", async () => {
    const id = await register();
    expect((await call("POST", `hosts/${id}/status`, { status: "asleep" })).status).toBe(400);
    expect((await call("POST", "hosts/0123456789a/status", { status: "standby" })).status).toBe(404);
    expect((await call("PUT", "hosts/0123456789a", registration)).status).toBe(404);
  });

  it("keeps any JSON value as metadata, one a namespace", async () => {
    const id = await register();
    const metadata = `hosts/${id}/metadata`;
    expect((await call("GET", `${metadata}/cluster`)).status).toBe(404);
    await call("PUT", `${metadata}/cluster`, { address: "old" });
    expect((await call("PUT", `${metadata}/cluster`, { address: "new" })).body).toEqual({ success: true });
    expect((await call("GET", `${metadata}/cluster`)).body).toEqual({ address: "new" });
    await call("PUT", `${metadata}/a-list`, [1, null]);
    expect((await call("GET", metadata)).body).toEqual({
      metadata: [{ namespace: "a-list" }, { namespace: "cluster" }],
    });
    expect((await call("PUT", `${metadata}/a.b`, {})).status).toBe(400);
    expect((await call("PUT", "hosts/0123456789a/metadata/cluster", {})).status).toBe(404);
  });

  it("retires for good", async () => {
    const id = await register();
    now += 60;
    expect((await call("POST", `hosts/${id}/retire`, {})).body).toEqual({ success: true });
    expect((await call("GET", `hosts/${id}`)).body["host"]).toMatchObject({
      isRetired: true,
      retiredAt: start + 60,
    });
    expect((await call("GET", "hosts?status=working")).body).toEqual({ hosts: [] });
    expect((await call("PUT", `hosts/${id}`, registration)).status).toBe(501);
    expect((await call("PUT", `hosts/${id}/metadata/cluster`, {})).status).toBe(501);
    expect((await call("POST", "tsdb", [metric(id, now)])).status).toBe(501);
  });

  it("finds everything again after a restart", async () => {
    const id = await register();
    await call("POST", "tsdb", [metric(id, now, 0.5)]);
    await app.close();
    app = open();
    expect((await call("GET", `hosts/${id}`)).body["host"]).toMatchObject({
      id,
      roles: { blog: ["cluster"] },
    });
    expect((await call("GET", `hosts/${id}/metric-names`)).body).toEqual({ names: ["loadavg5"] });
  });
});

describe("metrics", () => {
  it("keeps the last value of a time, in order, and shows the latest", async () => {
    const id = await register();
    await call("POST", "tsdb", [metric(id, now, 2), metric(id, now - 60, 1)]);
    expect((await call("POST", "tsdb", [metric(id, now, 0)])).body).toEqual({ success: true });
    expect((await call("GET", `hosts/${id}/metrics?name=loadavg5&from=${now - 60}&to=${now}`)).body).toEqual({
      metrics: [
        { time: now - 60, value: 1 },
        { time: now, value: 0 },
      ],
    });
    expect((await call("GET", `tsdb/latest?hostId=${id}&name=loadavg5&name=memory.used`)).body).toEqual({
      tsdbLatest: { [id]: { loadavg5: { time: now, value: 0 } } },
    });
  });

  it("answers a value older than 24 hours with success and drops it", async () => {
    const id = await register();
    const day = 24 * 60 * 60;
    const { status } = await call("POST", "tsdb", [
      metric(id, now - day - 1, 1, "old"),
      metric(id, now - day, 1, "new"),
    ]);
    expect(status).toBe(200);
    expect((await call("GET", `hosts/${id}/metric-names`)).body).toEqual({ names: ["new"] });
  });

  it("keeps nothing of a post that names an unknown host", async () => {
    const id = await register();
    expect((await call("POST", "tsdb", [metric(id, now), metric("0123456789a", now)])).status).toBe(404);
    expect((await call("GET", `hosts/${id}/metric-names`)).body).toEqual({ names: [] });
  });

  it.each([
    ["a value that is text", { value: "1" }],
    ["a name with a space", { name: "load avg" }],
    ["no time", { time: undefined }],
  ])("refuses %s", async (_case, change) => {
    const id = await register();
    expect((await call("POST", "tsdb", [{ ...metric(id, now), ...change }])).status).toBe(400);
  });

  it("refuses a metric that was never posted and a span without bounds", async () => {
    const id = await register();
    await call("POST", "tsdb", [metric(id, now)]);
    expect((await call("GET", `hosts/${id}/metrics?name=none&from=0&to=${now}`)).status).toBe(404);
    expect((await call("GET", `hosts/${id}/metrics?name=loadavg5&from=0`)).status).toBe(400);
    expect((await call("GET", `hosts/${id}/metrics?name=loadavg5&from=now&to=${now}`)).status).toBe(400);
  });
});

describe("checks and graphs", () => {
  const report = (hostId: string, status: string) => ({
    reports: [{ source: { type: "host", hostId }, name: "disk", status, message: "", occurredAt: start }],
  });

  it("takes reports of known hosts with a known status", async () => {
    const id = await register();
    expect((await call("POST", "monitoring/checks/report", report(id, "WARNING"))).body).toEqual({
      success: true,
    });
    expect((await call("POST", "monitoring/checks/report", report(id, "BAD"))).status).toBe(400);
    expect((await call("POST", "monitoring/checks/report", report("0123456789a", "OK"))).status).toBe(404);
  });

  it("takes graph definitions of custom metrics only", async () => {
    const metrics = [{ name: "custom.docker.#.user" }];
    expect((await call("POST", "graph-defs/create", [{ name: "custom.docker.#", metrics }])).status).toBe(
      200,
    );
    expect((await call("POST", "graph-defs/create", [{ name: "loadavg", metrics }])).status).toBe(400);
  });
});

it("says of any other call that it does not do it", async () => {
  const { status, body } = await call("GET", "alerts?limit=1");
  expect(status).toBe(501);
  expect(body).toEqual({
    error: { message: "The Mackerel emulator does not do this: GET /api/v0/alerts." },
  });
});
