import { mkdir } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startMackerelApi } from "../../../emulators/mackerel/index.ts";
import { plannedChanges } from "../../support/pulumi/planned-changes.ts";
import { findPulumi, pulumiWorkspace } from "../../support/pulumi/workspace.ts";
import type { PulumiWorkspace } from "../../support/pulumi/workspace.ts";

const pulumi = findPulumi();
const root = path.resolve(import.meta.dirname, "../../..");
const apiKey = "key-of-the-alerts-test";
const newKey = "next-key-of-the-alerts-test";
const hook = "https://hooks.example.com/secret-of-the-alerts-test";

type Settings = Record<string, unknown> & { readonly id: string; readonly name: string };

let api: Awaited<ReturnType<typeof startMackerelApi>>;
let workspace: PulumiWorkspace;

async function call<Answer = Settings>(method: string, target: string, content?: object): Promise<Answer> {
  const response = await fetch(new URL(`/api/v0/${target}`, api.url), {
    method,
    headers: { "x-api-key": apiKey, "content-type": "application/json" },
    ...(content && { body: JSON.stringify(content) }),
  });
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return JSON.parse(text) as Answer;
}
const monitors = async () => (await call<{ monitors: Settings[] }>("GET", "monitors")).monitors;
const monitor = async (name: string) => (await monitors()).find((one) => one.name === name)!;

const declared = {
  scopes: ["blog:nomad-cluster"],
  memory: { warning: 80, critical: 90 },
  hostMetrics: { load: { metric: "loadavg5", warning: 4 } },
  fileSystems: {},
  connectivity: {},
  urls: { front: { url: "https://blog.example.com" } },
  serviceMetrics: { backup: { service: "blog", metric: "backup.age", critical: 26 } },
  emails: { operators: { addresses: ["operators@example.com"] } },
  downtimes: { move: { start: "2026-12-01T03:00:00Z", duration: 30 } },
};

const program = (args: object) => `
  import * as pulumi from "@pulumi/pulumi";
  import { MackerelAlerts } from "${root}/components/index.ts";
  const config = new pulumi.Config();
  const { monitorIds } = new MackerelAlerts("blog", {
    apiKey: config.requireSecret("apiKey"),
    apiUrl: ${JSON.stringify(api.url)},
    webhooks: { pager: { url: config.requireSecret("hook") } },
    ...${JSON.stringify(args)},
  });
  export const ids = monitorIds;
`;

async function run(...command: string[]): Promise<string> {
  const { exitCode, output } = await workspace.pulumi(...command);
  expect(exitCode, output).toBe(0);
  return output;
}
const up = () => run("up", "--yes", "--skip-preview");
const planned = async () => plannedChanges((await workspace.pulumi("preview", "--json")).stdout);
const update = (name: string) => [{ operation: "update", type: "mackerel:index:Monitor", name }];

// Each test is several commands of Pulumi, one after another.
describe.skipIf(pulumi === undefined)("MackerelAlerts", { timeout: 360_000 }, () => {
  let foreign: Settings;

  beforeAll(async () => {
    workspace = await pulumiWorkspace(pulumi!);
    const database = path.join(workspace.directory, "mackerel");
    await mkdir(database);
    api = await startMackerelApi({
      databaseFile: path.join(database, "mackerel.db"),
      apiKeys: [apiKey, newKey].map((key) => ({ key, writes: true })),
      evaluationInterval: 0,
    });
    await call("POST", "hosts", { name: "node", meta: {}, roleFullnames: ["blog:nomad-cluster"] });
    foreign = await call("POST", "monitors", { type: "connectivity", name: "by hand" });
    await workspace.setSecret("apiKey", apiKey);
    await workspace.setSecret("hook", hook);
    await workspace.program(program(declared));
  });
  afterAll(async () => {
    await api.close();
    await workspace.remove();
  });

  test("creates monitors, channels, a group and a downtime, and then has nothing to change", async () => {
    await up();
    expect((await monitors()).map(({ name }) => name).sort()).toEqual([
      ...[
        "blog: backup",
        "blog: connectivity",
        "blog: file systems",
        "blog: front",
        "blog: load",
        "blog: memory",
        "by hand",
      ],
    ]);
    expect(await monitor("blog: memory")).toMatchObject({
      ...{ type: "host", metric: "memory%", operator: ">", warning: 80, critical: 90, duration: 3 },
      scopes: ["blog: nomad-cluster"],
    });
    const { channels } = await call<{ channels: Settings[] }>("GET", "channels");
    expect(channels.map(({ url, emails }) => url ?? emails)).toEqual(
      expect.arrayContaining([hook, ["operators@example.com"]]),
    );
    const { notificationGroups } = await call<{ notificationGroups: Settings[] }>(
      "GET",
      "notification-groups",
    );
    const group = notificationGroups.find(({ name }) => name === "blog")!;
    expect(group["childChannelIds"]).toHaveLength(2);
    expect(group["monitors"]).toHaveLength(6);
    const { downtimes } = await call<{ downtimes: Settings[] }>("GET", "downtimes");
    expect(downtimes).toMatchObject([{ name: "blog: move", start: 1_796_094_000, duration: 30 }]);
    expect(await planned()).toEqual([]);
  });

  test("shows the change of a limit as that of one monitor, of a metric as a replacement, and makes them", async () => {
    const load = await monitor("blog: load");
    const { id } = await monitor("blog: memory");
    const changed = {
      ...{ ...declared, memory: { warning: 85, critical: 90 } },
      hostMetrics: { load: { metric: "loadavg15", warning: 4 } },
    };
    await workspace.program(program(changed));
    const changes = await planned();
    expect(changes).toEqual(
      expect.arrayContaining([
        ...update("blog-memory"),
        { operation: "replace", type: "mackerel:index:Monitor", name: "blog-metric-load" },
      ]),
    );
    // The group names the monitor that takes the other's place.
    expect(changes.map(({ name }) => name).sort()).toEqual([
      ...["blog-downtime-move", "blog-memory", "blog-metric-load", "blog-notifications"],
    ]);
    await up();
    expect(await monitor("blog: memory")).toMatchObject({ id, warning: 85 });
    expect((await monitor("blog: load")).id).not.toBe(load.id);
  });

  test("sees in a refresh what was changed and deleted by hand, and puts it back", async () => {
    await run("refresh", "--yes", "--skip-preview");
    expect(await planned()).toEqual([]);
    const { id, ...memory } = await monitor("blog: memory");
    await call("PUT", `monitors/${id}`, { ...memory, warning: 50, notificationInterval: 60 });
    const { notificationGroups } = await call<{ notificationGroups: Settings[] }>(
      "GET",
      "notification-groups",
    );
    const group = notificationGroups.find(({ name }) => name === "blog")!;
    await call("DELETE", `notification-groups/${group.id}`);
    await run("refresh", "--yes", "--skip-preview");
    expect(await planned()).toEqual([
      ...update("blog-memory"),
      { operation: "create", type: "mackerel:index:NotificationGroup", name: "blog-notifications" },
    ]);
    await up();
    const restored = await monitor("blog: memory");
    expect(restored).toMatchObject({ id, warning: 85 });
    expect(restored).not.toHaveProperty("notificationInterval");
  });

  test("takes another API key without a change of what it made", async () => {
    await workspace.setSecret("apiKey", newKey);
    const before = await monitors();
    await up();
    expect(await monitors()).toEqual(before);
  });

  test("keeps secrets out of the state's plain text", async () => {
    const { output } = await workspace.pulumi("stack", "export");
    expect(output).toContain("blog-webhook-pager");
    for (const secret of [apiKey, newKey, hook]) expect(output).not.toContain(secret);
  });

  test("takes over what somebody made by hand", async () => {
    const made = await call("POST", "monitors", {
      ...{ type: "host", name: "made by hand", metric: "loadavg5", operator: ">", warning: 9, duration: 2 },
    });
    await run(
      "config",
      "set-all",
      "--secret",
      `mackerel:apiKey=${apiKey}`,
      "--plaintext",
      `mackerel:apiUrl=${api.url}`,
    );
    const output = await run(
      "import",
      "mackerel:index:Monitor",
      "taken",
      made.id,
      "--yes",
      "--generate-code=false",
      "--protect=false",
    );
    expect(output).toMatch(/1 imported/);
    const taken = (await workspace.state()).resources.find(({ id }) => id === made.id);
    expect(taken?.inputs).toMatchObject({ type: "host", metric: "loadavg5", warning: 9, duration: 2 });
  });

  test("leaves none behind, and what is not its own alone", async () => {
    await run("destroy", "--yes", "--skip-preview");
    expect(await monitors()).toEqual([foreign]);
    expect((await call<{ channels: unknown[] }>("GET", "channels")).channels).toEqual([]);
    expect((await call<{ downtimes: unknown[] }>("GET", "downtimes")).downtimes).toEqual([]);
  });
});
