import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sandboxSettings } from "../../../../sandbox/settings.ts";
import { ensureDockerDaemon } from "../../../../sandbox/tools/docker-daemon.ts";
import { installTool } from "../../../../sandbox/tools/install-tool.ts";
import { nomad } from "../../../../sandbox/tools/tool-table.ts";
import { startNomadAgent } from "../../../support/nomad/dev-agent.ts";
import type { NomadAgent } from "../../../support/nomad/dev-agent.ts";
import { sharedHostRoot } from "../../../support/host-root.ts";
import type { HostRoot } from "../../../support/host-root.ts";
import { findPulumi, pulumiWorkspace } from "../../../support/pulumi/workspace.ts";
import type { PulumiWorkspace } from "../../../support/pulumi/workspace.ts";

const pulumi = findPulumi();
const components = path.resolve(import.meta.dirname, "../../../../components/index.ts");
/** With everything that a reader of lines, of quotes or of variables could trip over. */
const password = String.raw`pa#s "s\w$ {o}'rd ${"${secret.registry.username}"} %{x}`;

interface Registry {
  readonly port: number;
  /** `Authorization` of the requests for a manifest. */
  readonly logins: (string | undefined)[];
  stop(): Promise<void>;
}

/** A registry of loopback, where Docker needs no TLS, that wants a login and has no image. */
async function startRegistry(): Promise<Registry> {
  const logins: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const { authorization } = request.headers;
    if (request.url?.includes("/manifests/")) logins.push(authorization);
    const headers = {
      "Docker-Distribution-Api-Version": "registry/2.0",
      "WWW-Authenticate": 'Basic realm="test"',
    };
    response.writeHead(authorization === undefined ? 401 : 404, headers).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    logins,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

describe.skipIf(pulumi === undefined)("an agent from a private registry (needs pulumi on PATH)", () => {
  let agent: NomadAgent;
  let host: HostRoot;
  let registry: Registry;
  let workspace: PulumiWorkspace;
  beforeAll(async () => {
    const { cacheDir } = sandboxSettings(path.resolve(import.meta.dirname, "../../../.."));
    await ensureDockerDaemon(cacheDir, () => undefined);
    host = await sharedHostRoot();
    agent = await startNomadAgent((await installTool(nomad, cacheDir)).path, {
      hostVolumes: { "host-root": { path: host.path, read_only: true } },
    });
    registry = await startRegistry();
    workspace = await pulumiWorkspace(pulumi ?? "", { TEST_TOKEN: agent.token, REGISTRY_PASSWORD: password });
  });
  afterAll(async () => {
    await agent.call("DELETE", "/v1/job/private?purge=true");
    await workspace.remove();
    await registry.stop();
    await agent.stop();
    await host.remove();
  });

  test("is fetched by a node that signs in with what is in a Variable, and the job does not have it", async () => {
    await workspace.program(`
      import { nodeExporterAgent, SystemMonitoringAgent } from ${JSON.stringify(components)};
      new SystemMonitoringAgent("private", {
        connection: {
          address: ${JSON.stringify(agent.address)}, caCertificate: "", datacenter: "dc1", token: process.env.TEST_TOKEN,
        },
        agent: nodeExporterAgent({ image: "127.0.0.1:${registry.port}/private/exporter:1" }),
        jobId: "private",
        registry: { username: "watcher", password: process.env.REGISTRY_PASSWORD },
        update: { minHealthyTime: "1s", healthyDeadline: "20s", progressDeadline: "0s" },
      });
    `);
    // The registry has no image, so that the update fails, once it has been asked for one.
    const up = await workspace.pulumi("up", "--yes", "--skip-preview");
    expect(up.output).toContain("terminated with status 'failed'");
    expect(registry.logins).toContain(`Basic ${Buffer.from(`watcher:${password}`).toString("base64")}`);

    const job = (await (await agent.call("GET", "/v1/job/private")).json()) as Job;
    expect(job.TaskGroups[0]!.Tasks[0]!.Config).toMatchObject({
      auth: [{ username: "${secret.registry.username}", password: "${secret.registry.password}" }],
    });
    for (const text of [up.output, JSON.stringify(job)]) expect(text).not.toContain("pa#s");
  });
});

interface Job {
  readonly TaskGroups: readonly { readonly Tasks: readonly { readonly Config: object }[] }[];
}
