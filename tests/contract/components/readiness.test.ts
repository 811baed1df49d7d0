import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ReadinessArgs } from "../../../components/rollout/readiness.ts";
import { waitForCluster } from "../../../components/rollout/readiness.ts";
import { NomadClient } from "../../../components/clients/nomad/client.ts";
import { sandboxSettings } from "../../../sandbox/settings.ts";
import { installTool } from "../../../sandbox/tools/install-tool.ts";
import { nomad } from "../../../sandbox/tools/tool-table.ts";
import { startNomadServer } from "../../support/nomad/server.ts";
import type { TestAgent } from "../../support/nomad/server.ts";

const root = new URL("../../..", import.meta.url).pathname;
const managementToken = "01234567-89ab-4def-8123-456789abcdef";
let agent: TestAgent;
const told: string[] = [];
const warned: string[] = [];

/** The server runs no client, so its node is never ready and is waited for only as one of the update's. */
function ready(changed: Partial<ReadinessArgs> = {}): Promise<void> {
  const { address, caCertificate } = agent;
  const expected = {
    nodes: [{ name: "blog-server-1-1", address, isNew: false, volumes: ["blog-content"] }],
    caCertificate,
    managementToken,
    deadline: 60_000,
  };
  return waitForCluster(
    { ...expected, ...changed },
    { status: (message) => told.push(message), warn: (message) => warned.push(message) },
  );
}

describe("readiness, against a real Nomad server with the generated configuration", () => {
  beforeAll(async () => {
    const { path } = await installTool(nomad, sandboxSettings(root).cacheDir);
    agent = await startNomadServer(path, 24_646);
  });
  afterAll(() => agent.stop());

  test("waits for a leader and makes the stack's own secret the management token", async () => {
    await ready();
    expect(told[0]).toMatch(/^waiting for the Nomad servers, 0 s: 0 of 1 are ready; /);
    const { address, caCertificate } = agent;
    expect(await new NomadClient({ address, caCertificate, token: managementToken }).tokenIsKnown()).toBe(
      true,
    );
  });

  test("has nothing left to do the second time", async () => {
    await expect(ready({ deadline: 1_000 })).resolves.toBeUndefined();
  });

  test("refuses at once a cluster that another stack bootstrapped", async () => {
    await expect(ready({ managementToken: "99999999-9999-4999-8999-999999999999" })).rejects.toThrow(
      "bootstrapped with another secret than this stack's",
    );
  });

  test("warns of a node that is away and was there before, and goes on", async () => {
    warned.length = 0;
    await ready({ deadline: 1_500 });
    expect(warned).toHaveLength(1);
    expect(warned[0]).toMatch(/^not ready, and not waited for .*: blog-server-1-1 /);
  });

  test("names the nodes that are missing when time is up", async () => {
    const { address } = agent;
    const nodes = [
      { name: "blog-server-1-1", address, isNew: false, volumes: [] },
      { name: "blog-client-1-7", isNew: true, volumes: [] },
    ];
    await expect(ready({ nodes, deadline: 1_500 })).rejects.toThrow(
      /waiting for the nodes timed out after \d+ s: not ready: .*blog-client-1-7/,
    );
  });

  test("does not talk to a server that another authority signed", async () => {
    await expect(ready({ caCertificate: agent.otherCaCertificate, deadline: 500 })).rejects.toThrow(
      /certificate/,
    );
  });

  test("finds the API closed without a token, and closed to plain HTTP", async () => {
    const { address, caCertificate } = agent;
    await expect(new NomadClient({ address, caCertificate }).nodes()).rejects.toThrow("Permission denied");
    const answer = await fetch(address.replace("https", "http")).then((response) => response.text());
    expect(answer).toContain("Client sent an HTTP request to an HTTPS server");
  });
});
