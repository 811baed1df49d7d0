import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { metric, registration, startTime, TestApi } from "../support.ts";

let api: TestApi;
beforeEach(() => {
  api = new TestApi();
});
afterEach(() => api.close());

describe("hosts", () => {
  it("gives a new host an id of eleven letters and digits, status working and its roles", async () => {
    const id = await api.register({ displayName: "first" });
    expect(id).toMatch(/^[0-9A-Za-z]{11}$/);
    const { body } = await api.call("GET", `hosts/${id}`);
    expect(body["host"]).toMatchObject({
      id,
      name: "node-0",
      displayName: "first",
      status: "working",
      roles: { blog: ["cluster"] },
      isRetired: false,
      createdAt: startTime,
    });
    expect((await api.call("GET", "services")).body).toEqual({
      services: [{ name: "blog", memo: "", roles: ["cluster"] }],
    });
    expect((await api.call("GET", "services/blog/roles")).body).toEqual({
      roles: [{ name: "cluster", memo: "" }],
    });
    expect((await api.call("GET", "services/shop/roles")).status).toBe(404);
  });

  it.each([
    ["a role without a service", { roleFullnames: ["cluster"] }],
    ["a role of one letter", { roleFullnames: ["blog:c"] }],
    ["a role with a space", { roleFullnames: ["blog: cluster"] }],
    ["a name that is a number", { name: 7 }],
    ["no meta", { meta: undefined }],
  ])("refuses %s", async (_case, change) => {
    const { status, body } = await api.call("POST", "hosts", { ...registration, ...change });
    expect(status).toBe(400);
    expect(body["error"]).toHaveProperty("message");
  });

  it("adds roles on update and takes them away only by role-fullnames", async () => {
    const id = await api.register({ displayName: "kept" });
    expect(
      (await api.call("PUT", `hosts/${id}`, { ...registration, roleFullnames: ["blog:edge"] })).body,
    ).toEqual({ id });
    const updated = (await api.call("GET", `hosts/${id}`)).body["host"];
    expect(updated).toMatchObject({ roles: { blog: ["cluster", "edge"] }, displayName: "kept" });
    await api.call("PUT", `hosts/${id}/role-fullnames`, { roleFullnames: ["blog:edge"] });
    expect((await api.call("GET", `hosts/${id}`)).body["host"]).toMatchObject({ roles: { blog: ["edge"] } });
  });

  it("filters by service and role, name and status, with working and standby as the default", async () => {
    const first = await api.register();
    const second = await api.register({ name: "node-1", roleFullnames: ["blog:edge"] });
    await api.call("POST", `hosts/${second}/status`, { status: "poweroff" });
    const ids = async (query: string) => {
      const { body } = await api.call("GET", `hosts${query}`);
      return (body["hosts"] as { id: string }[]).map((host) => host.id);
    };
    expect(await ids("")).toEqual([first]);
    expect(await ids("?status=poweroff")).toEqual([second]);
    expect(await ids("?status=working&status=poweroff")).toEqual([first, second]);
    expect(await ids("?status=working&status=poweroff&service=blog&role=edge")).toEqual([second]);
    expect(await ids("?role=edge")).toEqual([first]);
    expect(await ids("?service=shop")).toEqual([]);
    expect(await ids("?name=node-1")).toEqual([]);
    expect((await api.call("GET", "hosts?status=asleep")).status).toBe(400);
    expect((await api.call("GET", "hosts?limit=1")).status).toBe(501);
  });

  it("refuses a status that does not exist and a host that does not exist", async () => {
    const id = await api.register();
    expect((await api.call("POST", `hosts/${id}/status`, { status: "asleep" })).status).toBe(400);
    expect((await api.call("POST", "hosts/0123456789a/status", { status: "standby" })).status).toBe(404);
    expect((await api.call("PUT", "hosts/0123456789a", registration)).status).toBe(404);
  });

  it("keeps any JSON value as metadata, one a namespace", async () => {
    const id = await api.register();
    const metadata = `hosts/${id}/metadata`;
    expect((await api.call("GET", `${metadata}/cluster`)).status).toBe(404);
    await api.call("PUT", `${metadata}/cluster`, { address: "old" });
    expect((await api.call("PUT", `${metadata}/cluster`, { address: "new" })).body).toEqual({
      success: true,
    });
    expect((await api.call("GET", `${metadata}/cluster`)).body).toEqual({ address: "new" });
    await api.call("PUT", `${metadata}/a-list`, [1, null]);
    expect((await api.call("GET", metadata)).body).toEqual({
      metadata: [{ namespace: "a-list" }, { namespace: "cluster" }],
    });
    expect((await api.call("PUT", `${metadata}/a.b`, {})).status).toBe(400);
    expect((await api.call("PUT", "hosts/0123456789a/metadata/cluster", {})).status).toBe(404);
  });

  it("retires for good", async () => {
    const id = await api.register();
    api.now += 60;
    expect((await api.call("POST", `hosts/${id}/retire`, {})).body).toEqual({ success: true });
    expect((await api.call("GET", `hosts/${id}`)).body["host"]).toMatchObject({
      isRetired: true,
      retiredAt: startTime + 60,
    });
    expect((await api.call("GET", "hosts?status=working")).body).toEqual({ hosts: [] });
    expect((await api.call("PUT", `hosts/${id}`, registration)).status).toBe(501);
    expect((await api.call("PUT", `hosts/${id}/metadata/cluster`, {})).status).toBe(501);
    expect((await api.call("POST", "tsdb", [metric(id, api.now)])).status).toBe(501);
  });

  it("finds everything again after a restart", async () => {
    const id = await api.register();
    await api.call("POST", "tsdb", [metric(id, api.now, 0.5)]);
    await api.restart();
    expect((await api.call("GET", `hosts/${id}`)).body["host"]).toMatchObject({
      id,
      roles: { blog: ["cluster"] },
    });
    expect((await api.call("GET", `hosts/${id}/metric-names`)).body).toEqual({ names: ["loadavg5"] });
  });
});
