import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { metric, TestApi } from "../support.ts";

let api: TestApi;
let host: string;
beforeEach(async () => {
  api = new TestApi();
  host = await api.register();
});
afterEach(() => api.close());

const memory = {
  ...{ type: "host", name: "memory", metric: "memory%", operator: ">" },
  ...{ warning: 80, critical: 90, duration: 3 },
};
const connectivity = { type: "connectivity", name: "connectivity" };

/** A minute passes in which the host reports these values. */
async function minute(values: Record<string, number>): Promise<void> {
  api.now += 60;
  const posted = Object.entries(values).map(([name, value]) => metric(host, api.now, value, name));
  const { status } = await api.call("POST", "tsdb", posted);
  expect(status).toBe(200);
}
const memoryUsed = (percent: number) => minute({ "memory.used": percent, "memory.total": 100 });
const statuses = async () => (await api.evaluate()).map(({ status }) => status);

describe("a host metric", () => {
  it("is judged by its average over the duration, and closed by the same", async () => {
    await api.create("monitors", memory);
    const seen: unknown[] = [];
    for (const percent of [70, 70, 97, 97, 97, 50, 50]) {
      await memoryUsed(percent);
      seen.push((await statuses())[0] ?? "none");
    }
    // Averages: 70, 70, 79, 88, 97, 81.3, 65.7.
    expect(seen).toEqual(["none", "none", "none", "WARNING", "CRITICAL", "WARNING", "none"]);
    const { body } = await api.call("GET", "alerts?withClosed=true");
    expect(body["alerts"]).toMatchObject([{ status: "OK", hostId: host, type: "host", closedAt: api.now }]);
  });

  it("needs as many looks in a row as maxCheckAttempts says", async () => {
    await api.create("monitors", { ...memory, duration: 1, maxCheckAttempts: 3 });
    const seen: unknown[] = [];
    for (const percent of [95, 95, 50, 95, 95, 95]) {
      await memoryUsed(percent);
      seen.push((await statuses()).length);
    }
    expect(seen).toEqual([0, 0, 0, 0, 0, 1]);
  });

  it("without values is not judged, so an open alert stays", async () => {
    await api.create("monitors", { ...memory, duration: 1 });
    await memoryUsed(95);
    expect(await statuses()).toEqual(["CRITICAL"]);
    await minute({ loadavg5: 1 });
    expect(await statuses()).toEqual(["CRITICAL"]);
  });

  it.each([
    [
      "filesystem%",
      {
        "filesystem.vda1.used": 10,
        "filesystem.vda1.size": 100,
        "filesystem.sda.used": 95,
        "filesystem.sda.size": 100,
      },
      95,
    ],
    ["cpu%", { "cpu.user.percentage": 150, "cpu.guest.percentage": 150, "cpu.idle.percentage": 50 }, 75],
    ["swap%", { "memory.swap_used": 0, "memory.swap_total": 0 }, undefined],
    ["loadavg5", { loadavg5: 81.5 }, 81.5],
  ])("%s of %o is %s", async (name, values, expected) => {
    await api.create("monitors", { ...memory, metric: name, warning: 70, critical: null, duration: 1 });
    await minute(values);
    expect((await api.evaluate()).map(({ value }) => value)).toEqual(
      expected === undefined ? [] : [expected],
    );
  });

  it("is of hosts in the scopes only, and of those that work or stand by", async () => {
    await api.register({ name: "other", roleFullnames: ["shop:web"] });
    await api.create("monitors", { ...memory, duration: 1, scopes: ["shop"] });
    await memoryUsed(95);
    expect(await statuses()).toEqual([]);
    await api.create("monitors", { ...memory, duration: 1, scopes: ["blog:cluster"] });
    expect(await statuses()).toEqual(["CRITICAL"]);
    const excluding = { ...memory, duration: 1, excludeScopes: ["blog: cluster"] };
    await api.create("monitors", excluding);
    expect(await statuses()).toEqual(["CRITICAL"]);
    await api.call("POST", `hosts/${host}/status`, { status: "maintenance" });
    await memoryUsed(10);
    // Nothing is judged, so nothing is closed either.
    expect(await statuses()).toEqual(["CRITICAL"]);
  });
});

describe("connectivity", () => {
  it("is lost after seven minutes of silence and closed by the next post", async () => {
    await api.create("monitors", { ...connectivity, alertStatusOnGone: "WARNING" });
    await minute({ loadavg5: 1 });
    api.now += 420;
    expect(await statuses()).toEqual([]);
    api.now += 1;
    expect(await statuses()).toEqual(["WARNING"]);
    await minute({ loadavg5: 1 });
    expect(await statuses()).toEqual([]);
  });

  it("of a host that is retired closes its alert and tells nobody", async () => {
    await api.create("channels", { ...mail, addToDefaultNotificationGroup: true });
    await api.create("monitors", connectivity);
    api.now += 500;
    expect(await statuses()).toEqual(["CRITICAL"]);
    await api.call("POST", `hosts/${host}/retire`, {});
    expect(await statuses()).toEqual([]);
    expect(await api.told()).toEqual(["everybody: connectivity CRITICAL"]);
  });
});

describe("a service metric", () => {
  const service = {
    ...{ type: "service", name: "age of the backup", service: "blog", metric: "backup.age" },
    ...{ operator: ">", warning: 26, critical: 50, duration: 1 },
  };
  const post = async (value: number) => {
    api.now += 60;
    const values = [{ name: "backup.age", time: api.now, value }];
    expect((await api.call("POST", "services/blog/tsdb", values)).status).toBe(200);
  };

  it("is compared, and missed when nobody posts it", async () => {
    await api.create("monitors", { ...service, missingDurationCritical: 10 });
    expect(await statuses()).toEqual([]);
    await post(30);
    expect(await statuses()).toEqual(["WARNING"]);
    await post(1);
    expect(await statuses()).toEqual([]);
    api.now += 601;
    expect(await statuses()).toEqual(["CRITICAL"]);
  });
});

describe("a downtime", () => {
  it("suspends what is in its scopes until it is over", async () => {
    const id = await api.create("monitors", { ...memory, duration: 1 });
    await api.create("monitors", { ...memory, name: "other", duration: 1 });
    const downtime = { name: "roll", start: api.now + 60, duration: 2, roleScopes: ["blog:cluster"] };
    await api.create("downtimes", { ...downtime, monitorScopes: [id] });
    const seen: number[] = [];
    for (let count = 0; count < 3; count++) {
      await memoryUsed(95);
      seen.push((await api.evaluate()).filter(({ monitorId }) => monitorId === id).length);
    }
    expect(seen).toEqual([0, 0, 1]);
    expect((await api.evaluate()).length).toBe(2);
  });

  it("of a role that no host has, or of no monitor, is refused", async () => {
    const downtime = { name: "roll", start: api.now, duration: 1 };
    for (const scope of [
      { roleScopes: ["blog:none"] },
      { monitorScopes: ["none"] },
      { serviceScopes: ["none"] },
    ])
      expect((await api.call("POST", "downtimes", { ...downtime, ...scope })).status).toBe(400);
    expect((await api.call("POST", "downtimes", { ...downtime, duration: 0 })).status).toBe(400);
    expect((await api.call("POST", "downtimes", { ...downtime, recurrence: {} })).status).toBe(400);
  });
});

const mail = { type: "email", name: "everybody", emails: ["a@example.com"], userIds: [], events: ["alert"] };

describe("notifications", () => {
  it("go to the channels of the groups that name the monitor or its service, and of the default one", async () => {
    const id = await api.create("monitors", { ...memory, duration: 1 });
    await api.create("channels", { ...mail, addToDefaultNotificationGroup: true });
    const channel = (name: string) =>
      api.create("channels", { ...mail, name, addToDefaultNotificationGroup: false });
    const group = async (name: string, extra: object) =>
      api.create("notification-groups", {
        ...{
          name,
          notificationLevel: "all",
          childNotificationGroupIds: [],
          childChannelIds: [await channel(name)],
        },
        ...extra,
      });
    await group("by monitor", { monitors: [{ id, skipDefault: false }] });
    await group("critical", { notificationLevel: "critical", services: [{ name: "blog" }] });
    await group("nothing", {});
    for (const percent of [85, 95, 10]) {
      await memoryUsed(percent);
      await api.evaluate();
    }
    expect((await api.told()).sort()).toEqual(
      [
        ...["WARNING", "CRITICAL", "OK"].flatMap((status) => [
          `by monitor: memory ${status}`,
          `everybody: memory ${status}`,
        ]),
        ...["CRITICAL", "OK"].map((status) => `critical: memory ${status}`),
      ].sort(),
    );
  });

  it("skip the default group where a group says so, and all of a muted monitor", async () => {
    const id = await api.create("monitors", { ...memory, duration: 1 });
    await api.create("monitors", { ...memory, name: "muted", duration: 1, isMute: true });
    await api.create("channels", { ...mail, addToDefaultNotificationGroup: true });
    await api.create("notification-groups", {
      ...{ name: "only", notificationLevel: "all", childNotificationGroupIds: [], childChannelIds: [] },
      monitors: [{ id, skipDefault: true }],
    });
    await memoryUsed(95);
    expect((await api.evaluate()).length).toBe(2);
    expect(await api.told()).toEqual([]);
  });

  it("closes an alert by hand once", async () => {
    await api.create("monitors", { ...memory, duration: 1 });
    await memoryUsed(95);
    const [alert] = await api.evaluate();
    const close = () => api.call("POST", `alerts/${String(alert?.["id"])}/close`, { reason: "seen" });
    expect((await close()).body).toMatchObject({ status: "OK", reason: "seen", closedAt: api.now });
    expect((await close()).status).toBe(400);
  });
});
