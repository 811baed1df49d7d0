import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { retireHostsOfGoneDroplets } from "../../../components/jobs/monitoring/retire-hosts.ts";
import {
  mackerelHosts,
  mackerelMetadata,
} from "../../../components/jobs/monitoring/presets/mackerel-hosts.ts";
import { readHosts } from "../../../sandbox/status/mackerel-hosts.ts";
import { startMackerelApi } from "../../../emulators/mackerel/index.ts";
import { findPulumi, pulumiWorkspace } from "../../support/pulumi/workspace.ts";
import type { PulumiWorkspace } from "../../support/pulumi/workspace.ts";
import { startEmulator, token } from "../../support/digitalocean-emulator.ts";
import type { TestEmulator } from "../../support/digitalocean-emulator.ts";

const pulumi = findPulumi();
const root = path.resolve(import.meta.dirname, "../../..");
const writeKey = "write-key-of-the-retirement-test";
const readKey = "read-key-of-the-retirement-test";
const clusterAddress = "https://192.0.2.11:4646";

let folder: string;
let api: Awaited<ReturnType<typeof startMackerelApi>>;

async function send(method: string, target: string, content: unknown): Promise<unknown> {
  const response = await fetch(new URL(`/api/v0/${target}`, api.url), {
    method,
    headers: { "x-api-key": writeKey, "content-type": "application/json" },
    body: JSON.stringify(content),
  });
  expect(response.status).toBe(200);
  return response.json();
}

/** Registers a host as the agent of a node does. */
async function register(nodeName: string, mark: unknown = { cluster: clusterAddress }, status = "working") {
  const { id } = (await send("POST", "hosts", { name: "node", displayName: nodeName, meta: {} })) as {
    id: string;
  };
  if (mark !== null) await send("PUT", `hosts/${id}/metadata/${mackerelMetadata}`, mark);
  await send("POST", `hosts/${id}/status`, { status });
  return id;
}

const names = async () => (await readHosts(api.url, writeKey)).map(({ name }) => name).sort();

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), "retire-hosts-"));
  api = await startMackerelApi({
    databaseFile: path.join(folder, "mackerel.db"),
    address: "127.0.0.1",
    port: 0,
    apiKeys: [
      { key: writeKey, writes: true },
      { key: readKey, writes: false },
    ],
  });
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});

describe("hosts at Mackerel", () => {
  const cluster = {
    clusterName: "blog",
    clusterAddress,
    dropletIds: ["1", "2"],
    nodeNames: ["blog-server-2-3"],
  };
  const retire = (apiKey: string) =>
    retireHostsOfGoneDroplets(mackerelHosts({ url: api.url, apiKey }), cluster);
  const staying = [
    "blog-server-1-1",
    // Listed, but off.
    "blog-client-1-2",
    // Made by this update, and not listed yet.
    "blog-server-2-3",
    "blog-a-server-1-90",
    // Of a cluster of the same name in another account; of no known cluster; marked by somebody else.
    "blog-server-1-91",
    "blog-server-1-92",
    "blog-server-1-93",
  ];
  beforeAll(async () => {
    await register("blog-server-1-1");
    await register("blog-client-1-2", { cluster: clusterAddress }, "poweroff");
    await register("blog-server-2-3");
    await register("blog-a-server-1-90");
    await register("blog-server-1-91", { cluster: "https://192.0.2.99:4646" });
    await register("blog-server-1-92", null);
    await register("blog-server-1-93", [clusterAddress]);
    await register("blog-server-1-4");
    await register("blog-server-2-5", { cluster: clusterAddress }, "poweroff");
  });

  test("are not retired with a key that may only read", async () => {
    const before = await names();
    await expect(retire(readKey)).rejects.toThrow(/POST .*\/retire answered 403/);
    expect(await names()).toEqual(before);
  });

  test("are retired whatever their status, once, and no others", async () => {
    const { retired, failures } = await retire(writeKey);
    expect([retired.map(({ name }) => name), failures]).toEqual([["blog-server-1-4", "blog-server-2-5"], []]);
    expect(await names()).toEqual([...staying].sort());
    expect(await retire(writeKey)).toEqual({ retired: [], failures: [] });
  });

  test("cannot be listed with a key that nobody has, nor where nothing answers", async () => {
    await expect(retire("wrong-key")).rejects.toThrow(/GET .* answered 401/);
    const nowhere = mackerelHosts({ url: "http://127.0.0.1:9", apiKey: writeKey });
    await expect(retireHostsOfGoneDroplets(nowhere, cluster)).rejects.toThrow(/127\.0\.0\.1:9/);
  });
});

// A cluster as far as its hosts are concerned: one droplet, and an address to mark them with.
const program = (apiKey: string) => `
  import * as digitalocean from "@pulumi/digitalocean";
  import * as pulumi from "@pulumi/pulumi";
  import { mackerelAgent, retireHosts } from ${JSON.stringify(path.join(root, "components/index.ts"))};
  const droplet = new digitalocean.Droplet("node", {
    name: "site-server-1", image: "debian-12-x64", region: "sgp1", size: "s-1vcpu-2gb",
  });
  const cluster = Object.assign(new pulumi.ComponentResource("test:index:Cluster", "site"), {
    clusterName: pulumi.output("site"),
    address: pulumi.output("${clusterAddress}"),
    nodes: pulumi.all([droplet.id]).apply(([id]) => [{ name: "site-server-1-" + id }]),
  });
  const agent = mackerelAgent({ roles: ["site:nomad-cluster"], apiUrl: "${api.url}" });
  retireHosts({ cluster, agent, apiKey: pulumi.secret("${apiKey}") });
`;

describe.skipIf(pulumi === undefined)("a program (needs pulumi on PATH)", () => {
  let emulator: TestEmulator;
  let workspace: PulumiWorkspace;
  const run = async (apiKey: string, ...command: string[]) => {
    await workspace.program(program(apiKey));
    const result = await workspace.pulumi(...command);
    expect(result.output).not.toContain(apiKey);
    expect(result.exitCode).toBe(0);
    return result.output;
  };
  const up = (apiKey: string) => run(apiKey, "up", "--yes", "--skip-preview");
  const siteHosts = async () => (await names()).filter((name) => name.startsWith("site-"));

  beforeAll(async () => {
    emulator = await startEmulator();
    workspace = await pulumiWorkspace(pulumi ?? "", {
      DIGITALOCEAN_TOKEN: token,
      DIGITALOCEAN_API_URL: emulator.url,
    });
  });
  afterAll(async () => {
    await workspace.remove();
    await emulator.close();
  });

  test("retires the host of a droplet that is gone in an update, and says so, but in no preview or refresh", async () => {
    expect(await up(writeKey)).not.toContain("retired");
    const { body } = await emulator.call<{ droplets: { id: number }[] }>("GET", "/v2/droplets");
    const present = `site-server-1-${body.droplets[0]!.id}`;
    await register(present, { cluster: clusterAddress }, "poweroff");
    await register("site-server-1-9");

    await run(writeKey, "preview");
    expect(await siteHosts()).toEqual([present, "site-server-1-9"].sort());
    await run(writeKey, "refresh", "--run-program", "--yes", "--skip-preview");
    expect(await siteHosts()).toEqual([present, "site-server-1-9"].sort());
    expect(await up(writeKey)).toMatch(
      /retired Mackerel host site-server-1-9 \(\w+\), whose droplet is gone/,
    );
    expect(await siteHosts()).toEqual([present]);
    expect(await up(writeKey)).not.toContain("retired");
  });

  test("goes on with a warning if it may not, and retires in the next update that may", async () => {
    await register("site-server-1-8");
    const output = await up(readKey);
    expect(output).toMatch(
      /warning: .*the next update tries again: the API key may not do this; .*write permission/,
    );
    expect(await up("wrong-key")).toMatch(/warning: .*Mackerel does not know the API key/);
    expect(await siteHosts()).toContain("site-server-1-8");
    await up(writeKey);
    expect(await siteHosts()).not.toContain("site-server-1-8");
  });
});
