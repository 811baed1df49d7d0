import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nomadConfiguration } from "../../../components/nodes/nomad-configuration.ts";
import { sandboxSettings } from "../../../sandbox/settings.ts";
import { installTool } from "../../../sandbox/tools/install-tool.ts";
import { nomad } from "../../../sandbox/tools/tool-table.ts";
import { startNomadAgent } from "../../support/nomad/dev-agent.ts";
import type { NomadAgent } from "../../support/nomad/dev-agent.ts";

/** What Debian 12's containernetworking-plugins answer: no version of their own, which Nomad looks for. */
const plugin = `#!/bin/sh
echo "CNI bridge plugin version unknown"
echo "CNI protocol versions supported: 0.1.0, 0.2.0, 0.3.0, 0.3.1, 0.4.0, 1.0.0"
`;

let agent: NomadAgent;
let plugins: string;
const get = async <Answer>(target: string) => (await (await agent.call("GET", target)).json()) as Answer;

beforeAll(async () => {
  const { cacheDir } = sandboxSettings(new URL("../../..", import.meta.url).pathname);
  plugins = await mkdtemp(path.join(os.tmpdir(), "cni-plugins-"));
  await writeFile(path.join(plugins, "bridge"), plugin, { mode: 0o755 });
  const { client } = nomadConfiguration({
    datacenter: "sgp1",
    region: "global",
    slot: "client-1",
    specHash: "test",
    serverAddresses: ["127.0.0.1"],
    hostVolumes: [],
  }) as { client: { template: object } };
  agent = await startNomadAgent((await installTool(nomad, cacheDir)).path, {
    client: { template: client.template, cni_path: plugins },
  });
});
afterAll(async () => {
  await agent.stop();
  await rm(plugins, { recursive: true });
});

test("a client asks for its templates without end, so that no task dies because no server answers", async () => {
  const self = await get<{ config: { Client: object } }>("/v1/agent/self");
  expect(self.config.Client).toMatchObject({ TemplateConfig: { NomadRetry: { Attempts: 0 } } });
});

test("a node with Debian's plugins takes jobs with bridge networks", async () => {
  const [node] = await get<{ ID: string }[]>("/v1/nodes");
  const { Attributes } = await get<{ Attributes: Record<string, string> }>(`/v1/node/${node!.ID}`);
  // Nomad wants at least 0.4.0.
  expect(Attributes["plugins.cni.version.bridge"]).toBe("1.0.0");
});
