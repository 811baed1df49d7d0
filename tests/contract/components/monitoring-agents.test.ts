import { readFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { nodeExporterAgent } from "../../../components/jobs/monitoring/presets/node-exporter-agent.ts";
import { openTelemetryCollectorAgent } from "../../../components/jobs/monitoring/presets/open-telemetry-collector-agent.ts";
import type { Constraint, MonitoringAgent } from "../../../components/index.ts";
import { resolveMonitoringAgentArgs } from "../../../components/jobs/monitoring/defaults.ts";
import { checkNodes, neededVolumes } from "../../../components/jobs/monitoring/node-check.ts";
import type { NodeNeeds } from "../../../components/jobs/monitoring/node-check.ts";
import { monitoringAgentJob } from "../../support/rendered-jobs.ts";
import { standInImages } from "../../../sandbox/offline/images.ts";
import { sandboxSettings } from "../../../sandbox/settings.ts";
import { ensureDockerDaemon } from "../../../sandbox/tools/docker-daemon.ts";
import { installTool } from "../../../sandbox/tools/install-tool.ts";
import { nomad } from "../../../sandbox/tools/tool-table.ts";
import { sharedHostRoot } from "../../support/host-root.ts";
import type { HostRoot } from "../../support/host-root.ts";
import { startNomadAgent } from "../../support/nomad/dev-agent.ts";
import type { NomadAgent } from "../../support/nomad/dev-agent.ts";
import { findPulumi, pulumiWorkspace } from "../../support/pulumi/workspace.ts";

const needsOf = (agent: MonitoringAgent, constraints?: Constraint[]): NodeNeeds => ({
  job: monitoringAgentJob({ agent, jobId: "asked", datacenter, ...(constraints && { constraints }) }),
  volumes: neededVolumes(resolveMonitoringAgentArgs({ agent })),
});

const pulumi = findPulumi();
const components = path.resolve(import.meta.dirname, "../../../components/index.ts");
const namespace = "watch";
const datacenter = "dc1";
let agent: NomadAgent;
let host: HostRoot;
let image: string;
let exporterId = "none";
let deployToken: string;

interface Allocation {
  readonly ID: string;
  readonly ClientStatus: string;
  readonly TaskStates: Record<string, { Events: { DisplayMessage: string }[] }> | null;
}

/** With the token that other stacks deploy with. */
async function answer<Answer>(method: string, target: string, body?: object): Promise<Answer> {
  const response = await fetch(new URL(target, agent.address), {
    method,
    headers: { "X-Nomad-Token": deployToken },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${target}: ${response.status} ${text}`);
  return JSON.parse(text) as Answer;
}

async function run(job: object): Promise<void> {
  await answer("POST", "/v1/jobs", { Job: job });
}

/** The job's only allocation, when it runs. */
function running(jobId: string): Promise<Allocation> {
  return vi.waitFor(
    async () => {
      const [first] = await answer<Allocation[]>(
        "GET",
        `/v1/job/${jobId}/allocations?namespace=${namespace}`,
      );
      const events = Object.values(first?.TaskStates ?? {}).flatMap(({ Events }) => Events);
      expect(first?.ClientStatus, events.map((event) => event.DisplayMessage).join("\n")).toBe("running");
      return first!;
    },
    { timeout: 60_000, interval: 300 },
  );
}

const inContainer = async (allocation: Allocation, ...command: string[]) => {
  const container = `node-exporter-agent-${allocation.ID}`;
  return (await execa("docker", ["exec", container, ...command])).stdout;
};

describe("agents on a real Nomad with Docker", () => {
  beforeAll(async () => {
    const { cacheDir } = sandboxSettings(path.resolve(import.meta.dirname, "../../.."));
    await ensureDockerDaemon(cacheDir, () => undefined);
    const standIn = await standInImages.nodeExporter.build(cacheDir);
    await execa("docker", ["load", "--input", standIn.archive]);
    image = standIn.localName;
    host = await sharedHostRoot();
    agent = await startNomadAgent((await installTool(nomad, cacheDir)).path, {
      hostVolumes: { "host-root": { path: host.path, read_only: true } },
    });
    await agent.call("PUT", `/v1/namespace/${namespace}`, { Name: namespace });
    const policy = new URL("../../../components/cluster/files/deploy-policy.hcl", import.meta.url);
    await agent.call("PUT", "/v1/acl/policy/deploy", {
      Name: "deploy",
      Rules: await readFile(policy, "utf8"),
    });
    const made = await agent.call("PUT", "/v1/acl/token", { Type: "client", Policies: ["deploy"] });
    deployToken = ((await made.json()) as { SecretID: string }).SecretID;
  }, 300_000);
  afterAll(async () => {
    await agent.call("DELETE", `/v1/job/node-exporter?namespace=${namespace}&purge=true`);
    await vi.waitFor(async () => {
      const names = (await execa("docker", ["ps", "--format", "{{.Names}}"])).stdout;
      expect(names).not.toContain(`node-exporter-agent-${exporterId}`);
    }, 30_000);
    await agent.stop();
    await host.remove();
  });

  test("node_exporter shows the node, not its container, to whoever asks Nomad where it is", async () => {
    const exporter = nodeExporterAgent({ image });
    const job = monitoringAgentJob({ agent: exporter, jobId: "node-exporter", datacenter, namespace });
    await run(job);
    const allocation = await running("node-exporter");
    exporterId = allocation.ID;
    const services = await answer<{ Address: string; Port: number }[]>(
      "GET",
      `/v1/service/node-exporter?namespace=${namespace}`,
    );
    expect(services).toHaveLength(1);
    const { Address, Port } = services[0]!;
    // It runs a moment before it listens.
    const metrics = await vi.waitFor(async () => (await fetch(`http://${Address}:${Port}/metrics`)).text(), {
      timeout: 20_000,
      interval: 200,
    });

    expect(metrics).toMatch(/^node_filesystem_size_bytes\{device="[^"]+",fstype="[^"]+",mountpoint="\/"\} /m);
    expect(metrics).not.toContain('mountpoint="/host');
    expect(metrics).not.toMatch(
      /^node_scrape_collector_success\{collector="(cpu|filesystem|meminfo|netdev)"\} 0/m,
    );
    expect(metrics).toContain(`nodename="${os.hostname()}"`);
    expect(await inContainer(allocation, "id", "-u")).toBe("65534");
    await expect(inContainer(allocation, "touch", "/host/tmp/written")).rejects.toThrow();
  });

  test("a job whose host volume no node offers is taken for deployed, so the nodes are asked before", async () => {
    const missing = nodeExporterAgent({ image });
    const nowhere = { ...missing, hostVolumes: [{ source: "nowhere", path: "/", destination: "/host" }] };
    await run(monitoringAgentJob({ agent: nowhere, jobId: "nowhere", datacenter }));
    const deployments = () =>
      answer<{ Status: string; TaskGroups: object }[]>("GET", "/v1/job/nowhere/deployments");
    await vi.waitFor(
      async () => expect(await deployments()).toMatchObject([{ Status: "successful" }]),
      20_000,
    );
    expect(await answer("GET", "/v1/job/nowhere/allocations")).toEqual([]);

    const access = { address: agent.address, caCertificate: "", token: deployToken };
    const warnings: string[] = [];
    const check = (needs: NodeNeeds) =>
      checkNodes(access, needs, {
        nameOf: (path) => path,
        warn: (message) => void warnings.push(message),
      });
    await expect(check(needsOf(nowhere))).rejects.toThrow(/agent\.hostVolumes: .* has no "nowhere"/);
    await check(needsOf(missing));
    expect(warnings).toEqual([]);
    const writer = { ...needsOf(missing), volumes: [{ source: "host-root", readOnly: false }] };
    await expect(check(writer)).rejects.toThrow('has no writable "host-root"');

    const linux = { attribute: "${attr.kernel.name}", value: "linux" };
    await check(needsOf(missing, [linux]));
    await expect(
      check(needsOf(missing, [linux, { attribute: "${meta.slot}", value: "client-9" }])),
    ).rejects.toThrow('constraints: no node fits them: "${meta.slot} = client-9" leaves out 1');
  });

  test("the component asks the nodes in an update, before it declares the job, and not in a preview", async () => {
    const workspace = await pulumiWorkspace(pulumi ?? "");
    const program = (source: string) => `
      import { nodeExporterAgent, SystemMonitoringAgent } from ${JSON.stringify(components)};
      const connection = {
        address: ${JSON.stringify(agent.address)}, caCertificate: "", datacenter: "${datacenter}",
        token: ${JSON.stringify(deployToken)},
      };
      const agent = nodeExporterAgent({ image: ${JSON.stringify(image)} });
      const hostVolumes = [{ ...agent.hostVolumes[0], source: "${source}" }];
      new SystemMonitoringAgent("declared", {
        connection, agent: { ...agent, hostVolumes }, jobId: "declared", namespace: "${namespace}",
      });
    `;
    try {
      await workspace.program(program("elsewhere"));
      expect((await workspace.pulumi("preview")).output).toContain("+ 5 to create");
      const refused = await workspace.pulumi("up", "--yes", "--skip-preview");
      expect(refused.output).toMatch(
        /no node can run the agent:\n.*agent\.hostVolumes: .* has no "elsewhere"/,
      );
      expect((await agent.call("GET", `/v1/job/declared?namespace=${namespace}`)).status).toBe(404);

      await workspace.program(program("host-root"));
      const up = await workspace.pulumi("up", "--yes", "--skip-preview");
      expect(up.exitCode, up.output).toBe(0);
      await running("declared");
      const destroyed = await workspace.pulumi("destroy", "--yes", "--skip-preview");
      expect(destroyed.exitCode, destroyed.output).toBe(0);
    } finally {
      await workspace.remove();
    }
  });

  test("a token that may not read nodes is warned of, and nothing checked", async () => {
    const warnings: string[] = [];
    await checkNodes({ address: agent.address, caCertificate: "" }, needsOf(nodeExporterAgent()), {
      nameOf: (path) => path,
      warn: (message) => void warnings.push(message),
    });
    expect(warnings).toEqual([expect.stringContaining("may not read nodes")]);
  });

  test("the collector's user, who is not root, reads its configuration with host name and key", async () => {
    const collector = openTelemetryCollectorAgent({
      endpoint: "https://otlp.example.com",
      apiKeyHeader: "api-key",
    });
    const items = { apiKey: 'k"$e' };
    const variable = { Path: "nomad/jobs/collector", Namespace: namespace, Items: items };
    await answer("PUT", `/v1/var/nomad/jobs/collector?namespace=${namespace}`, variable);
    const job = monitoringAgentJob({ agent: collector, jobId: "collector", datacenter, namespace });
    const group = job.TaskGroups[0]!;
    // The job's own templates, with a program of this machine in place of the container.
    const task = {
      ...group.Tasks[0]!,
      Driver: "raw_exec",
      Config: { command: "/bin/sleep", args: ["600"] },
      VolumeMounts: [],
    };
    await run({ ...job, TaskGroups: [{ ...group, Volumes: {}, Tasks: [task] }] });
    const { ID } = await running("collector");
    const wanted = ["-path", `*/${ID}/*/secrets/collector.json`, "-printf", "%U %m %p\n"];
    const others = ["-path", host.path, "-prune", "-o"];
    // Other tests' files disappear while it looks, which find calls an error.
    const { stdout } = await execa("find", [os.tmpdir(), ...others, ...wanted], { reject: false });
    const [found] = stdout.split("\n");
    const [owner, mode, file] = found!.split(" ");
    expect([owner, mode]).toEqual(["10001", "400"]);
    const text = (await execa("cat", [file!])).stdout;
    expect(JSON.parse(text)).toMatchObject({
      processors: { resource: { attributes: [{ key: "host.name", value: os.hostname() }] } },
      exporters: { otlp_http: { headers: { "api-key": 'k"$$e' } } },
    });
    await agent.call("DELETE", `/v1/job/collector?namespace=${namespace}&purge=true`);
  });
});
