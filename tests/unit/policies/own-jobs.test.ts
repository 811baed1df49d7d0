import { describe, expect, test } from "vitest";
import { ghostJob, monitoringAgentJob, nginxJob } from "../../support/rendered-jobs.ts";
import { datadogAgent } from "../../../components/jobs/monitoring/presets/datadog-agent.ts";
import { mackerelAgent } from "../../../components/jobs/monitoring/presets/mackerel-agent.ts";
import { nodeExporterAgent } from "../../../components/jobs/monitoring/presets/node-exporter-agent.ts";
import { openTelemetryCollectorAgent } from "../../../components/jobs/monitoring/presets/open-telemetry-collector-agent.ts";
import type { MonitoringAgent } from "../../../components/jobs/monitoring/monitoring-agent.ts";
import { readJob } from "../../../policies/job.ts";
import { plainSecretProblems } from "../../../policies/rules/no-plain-secrets.ts";
import { pinnedImageProblems } from "../../../policies/rules/pinned-images.ts";
import { taskMemoryProblems } from "../../../policies/rules/task-memory.ts";
import { unprivilegedContainerProblems } from "../../../policies/rules/unprivileged-containers.ts";

describe("the components' own jobs", () => {
  const datacenter = "sgp1";
  const password = "hunter2canary";
  const agentJob = (agent: MonitoringAgent) => monitoringAgentJob({ agent, jobId: agent.name, datacenter });
  const jobs = {
    mackerel: agentJob(mackerelAgent({ roles: ["blog:nomad-cluster"] })),
    "node-exporter": agentJob(nodeExporterAgent()),
    datadog: agentJob(datadogAgent({ site: "datadoghq.eu" })),
    "otel-collector": agentJob(openTelemetryCollectorAgent({ endpoint: "https://otlp.example.com" })),
    nginx: nginxJob({ datacenter, tls: true }),
    ghost: ghostJob({
      datacenter,
      url: "https://blog.example.com",
      contentVolume: "blog-content",
      database: { host: "db", user: "blog", password, name: "blog" },
      mail: { host: "mail", user: "blog", password, from: "blog@example.com" },
    }),
  };

  test.each(Object.entries(jobs))("%s breaks no rule", (_, job) => {
    const read = readJob(JSON.stringify({ Job: job }));
    expect(read.groups.flatMap(({ tasks }) => tasks)).toHaveLength(1);
    expect([
      ...pinnedImageProblems(read, { requireDigest: false }),
      ...unprivilegedContainerProblems(read, { allowedDevices: [], allowedDrivers: [] }),
      ...taskMemoryProblems(read),
      ...plainSecretProblems(read, { allowedNames: [] }),
    ]).toEqual([]);
  });
});
