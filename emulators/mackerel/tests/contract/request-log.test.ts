import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { LoggedRequest } from "../../request-log.ts";
import { startMackerelApi } from "../../server.ts";

const key = "write-key-of-the-log-test";
const folder = mkdtempSync(path.join(os.tmpdir(), "mackerel-log-"));
const logFile = path.join(folder, "log", "mackerel.log");
let api: Awaited<ReturnType<typeof startMackerelApi>>;

const start = (apiKeys?: { key: string; writes: boolean }[]) =>
  startMackerelApi({
    ...{ databaseFile: path.join(folder, "mackerel.db"), logFile, address: "127.0.0.1", port: 0 },
    ...(apiKeys && { apiKeys }),
  });

async function call(method: string, target: string, body?: object, apiKey = key): Promise<unknown> {
  const response = await fetch(new URL(target, api.url), {
    method,
    headers: { "x-api-key": apiKey, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  return response.json();
}

/** Waits for as many requests, since a request is logged after its answer is sent. */
const logged = (count: number) =>
  vi.waitFor(async () => {
    const { requests } = (await call("GET", "/_emulator/requests")) as { requests: LoggedRequest[] };
    expect(requests).toHaveLength(count);
    return requests;
  });

beforeAll(async () => {
  api = await start([{ key, writes: true }]);
});

afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});

test("every request is logged with its answer's status, also over a restart, and with no key", async () => {
  const before = Date.now();
  const { id } = (await call("POST", "/api/v0/hosts", { name: "node-0", meta: {} })) as { id: string };
  const retire = `/api/v0/hosts/${id}/retire`;
  await call("POST", retire, {});
  await call("POST", retire, {});
  await call("GET", "/api/v0/hosts?status=working", undefined, "wrong-key-of-the-log-test");
  await logged(4);
  await api.close();
  api = await start();
  await call("GET", "/api/v0/nothing");

  const requests = await logged(5);
  expect(requests.map(({ method, path, status }) => [method, path, status])).toEqual([
    ["POST", "/api/v0/hosts", 200],
    ["POST", retire, 200],
    ["POST", retire, 501],
    ["GET", "/api/v0/hosts", 401],
    ["GET", "/api/v0/nothing", 501],
  ]);
  const times = requests.map(({ at }) => Date.parse(at));
  for (const time of times) expect(time).toBeGreaterThanOrEqual(before);
  expect(times).toEqual([...times].sort((one, other) => one - other));
  expect(readFileSync(logFile, "utf8")).not.toContain("key-of-the-log-test");
});

test("the log is for those with a key only", async () => {
  expect(await call("GET", "/_emulator/requests", undefined, "wrong")).toEqual({
    error: { message: "Authentication failed. Please try with valid Api Key." },
  });
});
