import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { setApiKeys } from "../../store/api-keys.ts";
import { readKey, registration, TestApi } from "../support.ts";

let api: TestApi;
beforeEach(() => {
  api = new TestApi();
});
afterEach(() => api.close());

describe("keys", () => {
  it.each([
    ["no key", null],
    ["a key that nobody has", "wrong"],
  ])("refuses %s, even for calls that do not exist", async (_case, key) => {
    for (const url of ["hosts", "nothing"]) {
      const { status, body } = await api.call("GET", url, undefined, key);
      expect(status).toBe(401);
      expect(body).toEqual({ error: { message: "Authentication failed. Please try with valid Api Key." } });
    }
  });

  it("lets a key without write permission read and not register", async () => {
    expect((await api.call("GET", "hosts", undefined, readKey)).status).toBe(200);
    expect((await api.call("POST", "hosts", registration, readKey)).status).toBe(403);
    expect((await api.call("GET", "hosts")).body).toEqual({ hosts: [] });
  });

  it("takes rotated keys while it runs and keeps none in the clear", async () => {
    const { databaseFile } = api;
    setApiKeys(databaseFile, [{ key: "rotated-key", writes: true }]);
    expect((await api.call("GET", "hosts")).status).toBe(401);
    expect((await api.call("GET", "hosts", undefined, "rotated-key")).status).toBe(200);
    await api.restart(() => {
      expect(readFileSync(databaseFile).includes("rotated-key")).toBe(false);
    });
  });
});

it("says of any other call that it does not do it", async () => {
  const { status, body } = await api.call("GET", "dashboards?limit=1");
  expect(status).toBe(501);
  expect(body).toEqual({
    error: { message: "The Mackerel emulator does not do this: GET /api/v0/dashboards." },
  });
});
