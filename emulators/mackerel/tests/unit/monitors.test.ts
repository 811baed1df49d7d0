import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readKey, TestApi } from "../support.ts";

let api: TestApi;
beforeEach(async () => {
  api = new TestApi();
  await api.register();
});
afterEach(() => api.close());

const host = { type: "host", name: "load", metric: "loadavg5", operator: ">", warning: 4, duration: 3 };
const service = { ...host, type: "service", service: "blog", metric: "backup.age" };
const external = { type: "external", name: "blog", url: "https://blog.example.com", method: "GET" };

describe("monitors", () => {
  it("are created with defaults, changed as a whole, shown and deleted", async () => {
    const id = await api.create("monitors", { ...host, scopes: ["blog:cluster"], notificationInterval: 60 });
    const created = {
      ...{ id, ...host, scopes: ["blog: cluster"], excludeScopes: [], notificationInterval: 60 },
      ...{ memo: "", isMute: false, maxCheckAttempts: 1 },
    };
    expect((await api.call("GET", `monitors/${id}`)).body).toEqual({ monitor: created });
    const changed = await api.call("PUT", `monitors/${id}`, { ...host, warning: 5 });
    expect(changed.body).toMatchObject({ id, warning: 5, scopes: [] });
    expect(changed.body).not.toHaveProperty("notificationInterval");
    expect((await api.call("GET", "monitors")).body).toEqual({ monitors: [changed.body] });
    expect((await api.call("DELETE", `monitors/${id}`)).body).toEqual(changed.body);
    expect((await api.call("GET", `monitors/${id}`)).status).toBe(404);
    expect((await api.call("DELETE", `monitors/${id}`)).status).toBe(404);
  });

  it.each([
    ["no type", { name: "x" }, 400],
    ["a type that does not exist", { ...host, type: "hosts" }, 400],
    ["an expression", { type: "expression" }, 501],
    ["an unknown property", { ...host, treshold: 1 }, 400],
    ["no limit", { ...host, warning: null }, 400],
    ["an average over eleven minutes", { ...host, duration: 11 }, 400],
    ["a share over a hundred", { ...host, metric: "memory%", warning: 101 }, 400],
    ["a share that does not exist", { ...host, metric: "disk%" }, 400],
    ["a scope that does not exist", { ...host, scopes: ["shop"] }, 400],
    ["a role that does not exist", { ...host, scopes: ["blog: edge"] }, 400],
    ["reminders every minute", { ...host, notificationInterval: 1 }, 400],
    ["a service that does not exist", { ...service, service: "shop" }, 400],
    ["fifteen minutes without values", { ...service, missingDurationWarning: 15 }, 400],
    ["a URL of another kind", { ...external, url: "ftp://example.com" }, 400],
    ["a response time without a service", { ...external, responseTimeWarning: 5 }, 400],
    ["redirects to follow", { ...external, followRedirect: true }, 501],
  ])("refuse %s", async (_case, body, expected) => {
    const { status } = await api.call("POST", "monitors", body);
    expect(status).toBe(expected);
    expect((await api.call("GET", "monitors")).body).toEqual({ monitors: [] });
  });

  it("keep their type, and need a key that may write", async () => {
    const id = await api.create("monitors", host);
    expect((await api.call("PUT", `monitors/${id}`, service)).status).toBe(400);
    expect((await api.call("PUT", `monitors/${id}`, host, readKey)).status).toBe(403);
    expect((await api.call("DELETE", `monitors/${id}`, undefined, readKey)).status).toBe(403);
  });

  it("cannot be deleted while something names them", async () => {
    const id = await api.create("monitors", host);
    const group = await api.create("notification-groups", {
      ...{ name: "g", notificationLevel: "all", childNotificationGroupIds: [], childChannelIds: [] },
      monitors: [{ id, skipDefault: false }],
    });
    expect((await api.call("DELETE", `monitors/${id}`)).status).toBe(501);
    await api.call("DELETE", `notification-groups/${group}`);
    expect((await api.call("DELETE", `monitors/${id}`)).status).toBe(200);
  });
});

describe("channels", () => {
  const webhook = { type: "webhook", name: "pager", url: "https://example.com/hook", events: ["alert"] };

  it("are kept as they are given, and leave the default group with their deletion", async () => {
    const { body } = await api.call("POST", "channels", { ...webhook, addToDefaultNotificationGroup: true });
    expect(body).toEqual({ id: body["id"], ...webhook, suspendedAt: null });
    const groups = async () =>
      (await api.call("GET", "notification-groups")).body["notificationGroups"] as {
        childChannelIds: string[];
      }[];
    expect((await groups())[0]?.childChannelIds).toEqual([body["id"]]);
    const changed = await api.call("PUT", `channels/${String(body["id"])}`, { ...webhook, name: "new" });
    expect(changed.body).toMatchObject({ name: "new" });
    expect((await api.call("DELETE", `channels/${String(body["id"])}`)).status).toBe(200);
    expect((await groups())[0]?.childChannelIds).toEqual([]);
  });

  it.each([
    ["another kind", { ...webhook, type: "pagerduty" }, 400],
    ["no URL", { ...webhook, url: undefined }, 400],
    ["an unknown event", { ...webhook, events: ["alerts"] }, 400],
    ["a property of another kind", { ...webhook, emails: [] }, 400],
    ["users", { type: "email", name: "x", events: [], emails: [], userIds: ["x"] }, 501],
  ])("refuse %s", async (_case, body, expected) => {
    const given = { addToDefaultNotificationGroup: false, ...body };
    expect((await api.call("POST", "channels", given)).status).toBe(expected);
  });
});

describe("notification groups", () => {
  const group = { name: "g", notificationLevel: "all", childNotificationGroupIds: [], childChannelIds: [] };

  it.each([
    ["a channel that does not exist", { childChannelIds: ["none"] }],
    ["a monitor that does not exist", { monitors: [{ id: "none", skipDefault: false }] }],
    ["a service that does not exist", { services: [{ name: "shop" }] }],
    ["another level", { notificationLevel: "warning" }],
  ])("refuse %s", async (_case, change) => {
    expect((await api.call("POST", "notification-groups", { ...group, ...change })).status).toBe(400);
  });

  it("keep the default one", async () => {
    const { body } = await api.call("GET", "notification-groups");
    const [first] = body["notificationGroups"] as { id: string; name: string }[];
    expect(first?.name).toBe("Default");
    expect((await api.call("DELETE", `notification-groups/${first?.id}`)).status).toBe(501);
  });
});
