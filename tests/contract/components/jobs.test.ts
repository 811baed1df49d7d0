import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ApiJob } from "../../../components/jobs/spec/api-job.ts";
import { datadogAgent } from "../../../components/jobs/monitoring/presets/datadog-agent.ts";
import { mackerelAgent } from "../../../components/jobs/monitoring/presets/mackerel-agent.ts";
import { nodeExporterAgent } from "../../../components/jobs/monitoring/presets/node-exporter-agent.ts";
import { openTelemetryCollectorAgent } from "../../../components/jobs/monitoring/presets/open-telemetry-collector-agent.ts";
import { ghostJob, nginxJob } from "../../support/rendered-jobs.ts";
import { monitoringAgentJob } from "../../support/rendered-jobs.ts";
import { sandboxSettings } from "../../../sandbox/settings.ts";
import { installTool } from "../../../sandbox/tools/install-tool.ts";
import { nomad } from "../../../sandbox/tools/tool-table.ts";
import { expectAccepted } from "../../support/nomad/job-readback.ts";
import { startNomadAgent } from "../../support/nomad/dev-agent.ts";
import type { NomadAgent } from "../../support/nomad/dev-agent.ts";

// The agent's own datacenter is another, so that it runs none of these jobs.
const datacenter = "sgp1";
const namespace = "watch";
const agent = mackerelAgent({ roles: ["blog:nomad-cluster"] });
const collector = openTelemetryCollectorAgent({
  endpoint: "https://otlp.example.com",
  apiKeyHeader: "api-key",
});
const jobs: [string, ApiJob][] = [
  ["the monitoring agent", monitoringAgentJob({ agent, jobId: "mackerel", datacenter })],
  [
    "node_exporter in a namespace",
    monitoringAgentJob({ agent: nodeExporterAgent(), jobId: "node-exporter", datacenter, namespace }),
  ],
  [
    "node_exporter on a port of its own",
    monitoringAgentJob({ agent: nodeExporterAgent({ port: 9100 }), jobId: "e", datacenter }),
  ],
  [
    "Datadog's agent",
    monitoringAgentJob({ agent: datadogAgent({ tags: ["env:test"] }), jobId: "datadog", datacenter }),
  ],
  [
    "an agent with all that says how it is run",
    monitoringAgentJob({
      ...{ agent, jobId: "grown", datacenter, datacenters: ["sgp1", "fra*"], nodePool: "all" },
      update: { maxParallel: 3, canary: 20, autoRevert: true, healthyDeadline: "2m", progressDeadline: "5m" },
      constraints: [
        { attribute: "${meta.slot}", operator: "regexp", value: "^client-" },
        { attribute: "${attr.nomad.version}", operator: "version", value: ">= 1.11.0, < 3.0" },
        { attribute: "${meta.watched}", operator: "is_set" },
      ],
      resources: { cpu: 20, memory: 48 },
      logs: { maxFiles: 2, maxFileSize: 5 },
      registry: { username: "watcher", password: "secret", server: "registry.example.com:5000" },
    }),
  ],
  ["the OpenTelemetry Collector", monitoringAgentJob({ agent: collector, jobId: "collector", datacenter })],
  ["Ghost", ghostJob({ datacenter, url: "https://blog.example.com", contentVolume: "blog-content" })],
  [
    "Ghost with backups",
    ghostJob({
      ...{ datacenter, url: "https://blog.example.com", contentVolume: "blog-content" },
      backups: {
        ...{ endpoint: "https://sgp1.digitaloceanspaces.com", bucket: "backups", region: "sgp1" },
        ...{ accessKeyId: "id", secretAccessKey: "key", passphrase: "passphrase" },
      },
    }),
  ],
  ["nginx on every node", nginxJob({ datacenter, tls: false })],
  ["nginx behind a load balancer", nginxJob({ datacenter, tls: false, shutdownDelay: "20s" })],
  ["nginx on every node with TLS", nginxJob({ datacenter, tls: true })],
  ["nginx as a service job", nginxJob({ datacenter, tls: false, type: "service", count: 3 })],
  ["nginx as a service job with TLS", nginxJob({ datacenter, tls: true, type: "service", count: 3 })],
];

describe("a real Nomad takes, and shows again with every field,", () => {
  let nomadAgent: NomadAgent;
  beforeAll(async () => {
    const { cacheDir } = sandboxSettings(path.resolve(import.meta.dirname, "../../.."));
    nomadAgent = await startNomadAgent((await installTool(nomad, cacheDir)).path);
    await nomadAgent.call("PUT", `/v1/namespace/${namespace}`, { Name: namespace });
  });
  afterAll(() => nomadAgent.stop());

  test.each(jobs)("%s", (_, job) => expectAccepted(nomadAgent, job));

  test("nothing that it drops: a field that it does not know is missed", async () => {
    const [, job] = jobs[0]!;
    const misspelt = { ...job, TaskGroups: job.TaskGroups.map((group) => ({ ...group, ShutDownDelays: 1 })) };
    await expect(expectAccepted(nomadAgent, misspelt)).rejects.toThrow("to match object");
  });

  test("nothing that it refuses", async () => {
    const [, job] = jobs[0]!;
    await expect(expectAccepted(nomadAgent, { ...job, Priority: 101 })).rejects.toThrow("job priority");
  });
});
