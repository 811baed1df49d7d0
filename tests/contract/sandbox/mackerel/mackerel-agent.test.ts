import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { setApiKeys, startMackerelApi } from "../../../../emulators/mackerel/index.ts";
import { readHosts } from "../../../../sandbox/status/mackerel-hosts.ts";
import { sandboxSettings } from "../../../../sandbox/settings.ts";
import { installTool } from "../../../../sandbox/tools/install-tool.ts";
import { mackerelAgent } from "../../../../sandbox/tools/tool-table.ts";
import { agentHome, node, startAgent, writeConfiguration } from "./agent-process.ts";
import type { AgentHome } from "./agent-process.ts";

const apiKey = "key-of-the-contract-test";
const readOnlyKey = "read-only-key-of-the-contract-test";
const keys = [
  { key: apiKey, writes: true },
  { key: readOnlyKey, writes: false },
];
const roles = ["lorentzca:nomad-cluster"];
const patience = { timeout: 130_000, interval: 250 };

let program: string;
let home: AgentHome;
let databaseFile: string;
let logFile: string;
let api: Awaited<ReturnType<typeof startMackerelApi>>;
let running: ReturnType<typeof startAgent>[];

beforeAll(async () => {
  const { cacheDir } = sandboxSettings(path.resolve(import.meta.dirname, "../../../.."));
  program = (await installTool(mackerelAgent, cacheDir)).path;
}, 600_000);

beforeEach(async () => {
  home = agentHome();
  running = [];
  databaseFile = path.join(home.folder, "mackerel.db");
  logFile = path.join(home.folder, "requests.log");
  api = await startMackerelApi({ databaseFile, logFile, address: "127.0.0.1", port: 0, apiKeys: keys });
});

afterEach(async () => {
  await Promise.all(running.map((agent) => agent.stop()));
  await api.close();
  rmSync(home.folder, { recursive: true });
});

function run(change: { apiKey?: string; roles?: string[] } = {}, ...args: string[]) {
  const conf = writeConfiguration(home, { url: api.url, apiKey, roles, ...change });
  const agent = startAgent(program, [...args, "-conf", conf], home);
  running.push(agent);
  return agent;
}

const hosts = () => readHosts(api.url, apiKey);
const hostIs = (expected: object) =>
  vi.waitFor(async () => expect(await hosts()).toMatchObject([expected]), patience);
const requests = () => readFileSync(logFile, "utf8");

it("knows every key of the configuration that the program gives it", async () => {
  const test = run({}, "configtest");
  expect(await test.exit()).toBe(0);
  expect(test.log()).toContain("SUCCESS");
});

it(
  "registers with its role, posts metrics of the machine, marks its host and says when it stops",
  { timeout: 280_000 },
  async () => {
    const agent = run();
    await hostIs({ name: node.name, roles, status: "working" });
    await hostIs({ lastMetricAt: expect.any(Number) as number });
    const [host] = await hosts();
    const ofHost = async (what: string): Promise<unknown> => {
      const response = await fetch(`${api.url}/api/v0/hosts/${host?.id}/${what}`, {
        headers: { "x-api-key": apiKey },
      });
      return response.json();
    };
    const { names } = (await ofHost("metric-names")) as { names: string[] };
    expect(names).toEqual(expect.arrayContaining(["loadavg5", "memory.used"]));
    await vi.waitFor(
      async () =>
        expect(await ofHost("metadata/nomad-digitalocean")).toEqual({ cluster: node.clusterAddress }),
      patience,
    );

    expect(await agent.stop()).toBe(0);
    expect(await hosts()).toMatchObject([{ id: host?.id, status: "poweroff" }]);
    expect(agent.log()).not.toContain(apiKey);
    expect(requests()).toContain("/api/v0/tsdb");
    expect(requests()).not.toContain(apiKey);
  },
);

it("is the same host after a restart and keeps its old role beside a new one", async () => {
  const first = run();
  await hostIs({ roles, status: "working" });
  const [before] = await hosts();
  await vi.waitFor(() => expect(readFileSync(path.join(home.root, "id"), "utf8")).toBe(before?.id), patience);
  await first.stop();

  run({ roles: ["lorentzca:edge"] });
  await hostIs({ id: before?.id, status: "working", roles: ["lorentzca:edge", ...roles] });
});

it.each([
  ["a key that nobody has", "wrong-key", 401],
  ["a key that may only read", readOnlyKey, 403],
])("ends with an error on %s, at once and with no host left", async (_case, key, status) => {
  const agent = run({ apiKey: key });
  expect(await agent.exit()).toBe(1);
  expect(agent.log()).toContain("failed to register this host");
  expect(agent.log()).not.toContain(key);
  await vi.waitFor(() => expect(requests()).toContain(`"status":${status}`), patience);
  expect(await hosts()).toEqual([]);
});

it("ends with an error once its key is taken away and it starts again", async () => {
  const agent = run();
  await hostIs({ status: "working" });
  await agent.stop();
  setApiKeys(databaseFile, []);
  expect(await run().exit()).toBe(1);
});

it("ends with an error that names the id file when Mackerel does not know its host", async () => {
  const agent = run();
  await hostIs({ status: "working" });
  await agent.stop();
  writeFileSync(path.join(home.root, "id"), "0123456789a");
  const again = run();
  expect(await again.exit()).toBe(1);
  expect(again.log()).toContain(path.join(home.root, "id"));
});
