import { afterEach, describe, expect, test, vi } from "vitest";
import { compareProperties } from "../../../providers/engine/diff.ts";
import type { Properties } from "../../../providers/engine/values.ts";
import type { MackerelClient } from "../../../providers/mackerel/client.ts";
import { monitor } from "../../../providers/mackerel/monitor.ts";
import { channel } from "../../../providers/mackerel/notifications.ts";
import { settingsResource } from "../../../providers/mackerel/settings-resource.ts";

const host = { type: "host", name: "load", metric: "loadavg5", operator: ">", warning: 4, duration: 3 };
const type = settingsResource(monitor);
const changes = (old: Properties, next: Properties) =>
  compareProperties(type.inputs, old, next).map(({ path, kind, replaces }) => [
    path,
    replaces ? "replace" : kind,
  ]);
afterEach(() => vi.useRealTimers());

const operation = { signal: new AbortController().signal };

describe("a monitor's changes", () => {
  test.each([
    ["nothing", {}, {}, []],
    ["a default that is written out", {}, { maxCheckAttempts: 1, isMute: false, memo: "" }, []],
    ["a role as Mackerel writes it", { scopes: ["blog: web", "shop"] }, { scopes: ["shop", "blog:web"] }, []],
    ["a limit", {}, { warning: 5 }, [["warning", "update"]]],
    ["a limit of nothing", {}, { critical: 0 }, [["critical", "update"]]],
    ["a limit that is taken away", { critical: 0 }, {}, [["critical", "update"]]],
    ["attempts that are left out again", { maxCheckAttempts: 3 }, {}, [["maxCheckAttempts", "delete"]]],
    ["a metric", {}, { metric: "loadavg15" }, [["metric", "replace"]]],
  ] as [string, Properties, Properties, string[][]][])("%s", (_case, old, next, expected) => {
    expect(changes({ ...host, ...old }, { ...host, ...next })).toEqual(expected);
  });
});

describe("a monitor's properties", () => {
  test.each([
    ["type", { ...host, type: "hosts" }],
    ["duration", { ...host, duration: undefined }],
    ["url", { ...host, url: "https://blog.example.com" }],
    ["url", { type: "external", name: "blog", method: "GET" }],
  ] as [string, Properties][])("that are wrong: %s", (property, given) => {
    expect(monitor.check?.(given)).toMatchObject([{ property }]);
  });

  test("are read without what is Mackerel's default, and with what is gone as gone", async () => {
    const found = {
      ...host,
      id: "1",
      memo: "",
      isMute: false,
      maxCheckAttempts: 1,
      scopes: [],
      excludeScopes: [],
    };
    const client = { get: () => Promise.resolve({ monitor: found }) } as unknown as MackerelClient;
    const answer = await type.read(client, "1", {}, operation);
    expect(answer?.outputs).toMatchObject({
      ...host,
      memo: null,
      maxCheckAttempts: null,
      notificationInterval: null,
    });
  });

  test("are sent once the role that they name is there", async () => {
    const calls: string[] = [];
    const client = {
      get: (path: string) => {
        calls.push(path);
        const roles = calls.length > 1 ? ["web"] : [];
        return Promise.resolve({ services: [{ name: "blog", roles }] });
      },
      post: (path: string, body: object) => {
        calls.push(`${path} ${JSON.stringify(body)}`);
        return Promise.resolve({ id: "1" });
      },
    } as unknown as MackerelClient;
    vi.useFakeTimers();
    const sent = { ...host, scopes: ["blog:web"] };
    const creation = type.create(client, { ...sent, __internal: "the engine's" }, operation);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await creation).toEqual({ id: "1", outputs: {} });
    expect(calls).toEqual([
      "/api/v0/services",
      "/api/v0/services",
      `/api/v0/monitors ${JSON.stringify(sent)}`,
    ]);
  });
});

test("a channel needs its address", () => {
  expect(channel.check?.({ type: "webhook", name: "x" })).toMatchObject([{ property: "url" }]);
  expect(channel.check?.({ type: "email", name: "x", emails: [], userIds: [] })).toEqual([]);
});
