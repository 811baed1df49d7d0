import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { metric, startTime, TestApi } from "../support.ts";

let api: TestApi;
beforeEach(() => {
  api = new TestApi();
});
afterEach(() => api.close());

describe("metrics", () => {
  it("keeps the last value of a time, in order, and shows the latest", async () => {
    const id = await api.register();
    await api.call("POST", "tsdb", [metric(id, api.now, 2), metric(id, api.now - 60, 1)]);
    expect((await api.call("POST", "tsdb", [metric(id, api.now, 0)])).body).toEqual({ success: true });
    expect(
      (await api.call("GET", `hosts/${id}/metrics?name=loadavg5&from=${api.now - 60}&to=${api.now}`)).body,
    ).toEqual({
      metrics: [
        { time: api.now - 60, value: 1 },
        { time: api.now, value: 0 },
      ],
    });
    expect((await api.call("GET", `tsdb/latest?hostId=${id}&name=loadavg5&name=memory.used`)).body).toEqual({
      tsdbLatest: { [id]: { loadavg5: { time: api.now, value: 0 } } },
    });
  });

  it("answers a value older than 24 hours with success and drops it", async () => {
    const id = await api.register();
    const day = 24 * 60 * 60;
    const { status } = await api.call("POST", "tsdb", [
      metric(id, api.now - day - 1, 1, "old"),
      metric(id, api.now - day, 1, "new"),
    ]);
    expect(status).toBe(200);
    expect((await api.call("GET", `hosts/${id}/metric-names`)).body).toEqual({ names: ["new"] });
  });

  it("keeps nothing of a post that names an unknown host", async () => {
    const id = await api.register();
    expect(
      (await api.call("POST", "tsdb", [metric(id, api.now), metric("0123456789a", api.now)])).status,
    ).toBe(404);
    expect((await api.call("GET", `hosts/${id}/metric-names`)).body).toEqual({ names: [] });
  });

  it.each([
    ["a value that is text", { value: "1" }],
    ["a name with a space", { name: "load avg" }],
    ["no time", { time: undefined }],
  ])("refuses %s", async (_case, change) => {
    const id = await api.register();
    expect((await api.call("POST", "tsdb", [{ ...metric(id, api.now), ...change }])).status).toBe(400);
  });

  it("refuses a metric that was never posted and a span without bounds", async () => {
    const id = await api.register();
    await api.call("POST", "tsdb", [metric(id, api.now)]);
    expect((await api.call("GET", `hosts/${id}/metrics?name=none&from=0&to=${api.now}`)).status).toBe(404);
    expect((await api.call("GET", `hosts/${id}/metrics?name=loadavg5&from=0`)).status).toBe(400);
    expect((await api.call("GET", `hosts/${id}/metrics?name=loadavg5&from=now&to=${api.now}`)).status).toBe(
      400,
    );
  });
});

describe("checks and graphs", () => {
  const report = (hostId: string, status: string) => ({
    reports: [{ source: { type: "host", hostId }, name: "disk", status, message: "", occurredAt: startTime }],
  });

  it("takes reports of known hosts with a known status", async () => {
    const id = await api.register();
    expect((await api.call("POST", "monitoring/checks/report", report(id, "WARNING"))).body).toEqual({
      success: true,
    });
    expect((await api.call("POST", "monitoring/checks/report", report(id, "BAD"))).status).toBe(400);
    expect((await api.call("POST", "monitoring/checks/report", report("0123456789a", "OK"))).status).toBe(
      404,
    );
  });

  it("takes graph definitions of custom metrics only", async () => {
    const metrics = [{ name: "custom.docker.#.user" }];
    expect((await api.call("POST", "graph-defs/create", [{ name: "custom.docker.#", metrics }])).status).toBe(
      200,
    );
    expect((await api.call("POST", "graph-defs/create", [{ name: "loadavg", metrics }])).status).toBe(400);
  });
});
