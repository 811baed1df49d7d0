import { describe, expect, test } from "vitest";
import {
  BlogPlatform,
  datadogAgent,
  mackerelAgent,
  nodeExporterAgent,
  openTelemetryCollectorAgent,
  SystemMonitoringAgent,
} from "../../../../../components/index.ts";
import type { ApiJob, BlogMonitoring } from "../../../../../components/index.ts";
import { validateBlog } from "../../../../../components/blog/validation.ts";
import { validateMonitoringAgent } from "../../../../../components/jobs/monitoring/validation.ts";
import { declared, isSecret, plain } from "../../../../support/pulumi/mocked-program.ts";

const agent = nodeExporterAgent();
const registry = { username: "nodes", password: 'hunter"2' };
const resources = await declared(() => {
  const connection = {
    ...{ address: "https://192.0.2.1:4646", caCertificate: "authority", token: "token", datacenter: "sgp1" },
  };
  const update = { maxParallel: 5, canary: 10 };
  const datacenters = ["sgp1", "fra1"];
  new SystemMonitoringAgent("exporter", {
    connection,
    agent,
    update,
    registry,
    datacenters,
    nodePool: "all",
  });
  new BlogPlatform("blog", {
    cluster: { operatorCidrs: ["192.0.2.7/32"] },
    monitoring: {
      ...{ agent: mackerelAgent({ roles: ["blog:nodes"] }), apiKey: "key", retireHosts: false },
      ...{ update, resources: { memory: 128 }, logs: { maxFiles: 2 }, registry },
    },
  });
});
const jobOf = (name: string) => {
  const { inputs } = resources.find((one) => one.name === `${name}-job`)!;
  return (JSON.parse(inputs["jobspec"] as string) as { Job: ApiJob }).Job;
};

describe("an agent", () => {
  test("is run as its arguments say", () => {
    const job = jobOf("exporter");
    expect(job).toMatchObject({ Datacenters: ["sgp1", "fra1"], NodePool: "all" });
    expect(job.Update).toMatchObject({ MaxParallel: 5, Canary: 10, AutoPromote: true });
  });

  test("of a blog is too", () => {
    const job = jobOf("blog-mackerel");
    expect(job).toMatchObject({ Datacenters: ["sgp1"], Update: { MaxParallel: 5, Canary: 10 } });
    expect(job.TaskGroups[0]!.Tasks[0]).toMatchObject({
      Resources: { CPU: 50, MemoryMB: 128 },
      LogConfig: { MaxFiles: 2, MaxFileSizeMB: 10 },
    });
  });

  test.each([
    ["exporter", "node-exporter"],
    ["blog-mackerel", "mackerel"],
  ])("%s has its registry's password in a secret Variable of its own, and nowhere else", (name, jobId) => {
    const { inputs } = resources.find((one) => one.name === `${name}-registry`)!;
    expect(inputs["path"]).toBe(`nomad/jobs/${jobId}/${jobId}`);
    expect(isSecret(inputs["items"])).toBe(true);
    expect(plain(inputs["items"])).toEqual({ username: '"nodes"', password: String.raw`"hunter\"2"` });
    const job = resources.find((one) => one.name === `${name}-job`)!;
    expect(JSON.stringify(job.inputs)).not.toContain("hunter");
    expect(job.dependsOn).toContain(`${name}-registry`);
    const component = resources.find((one) => one.name === name && !one.custom)!;
    expect(isSecret(component.inputs["registry"])).toBe(true);
  });
});

test("all that is wrong with an agent's arguments is said together", () => {
  const { issues } = validateMonitoringAgent({
    agent: { ...agent, killTimeout: "soon", memory: 1 },
    ...{ update: { maxParallel: 0 }, timeout: "long", constraints: [{ value: "one" }], nodePool: "a b" },
    ...{ datacenters: [], resources: { cpu: -1 }, logs: { maxFiles: 0 }, jobId: "x".repeat(80) },
    registry: { ...registry, server: "https://registry.example.com" },
  });
  expect(issues.map(({ propertyPath }) => propertyPath)).toEqual([
    ...["jobId", "agent.killTimeout", "agent.memory", "update.maxParallel", "timeout", "resources.cpu"],
    ...[
      "logs.maxFiles",
      "registry",
      "registry.server",
      "constraints[0].attribute",
      "datacenters",
      "nodePool",
    ],
  ]);
});

describe("a preset", () => {
  const agentsOf = (args: Parameters<typeof validateMonitoringAgent>[0]) => validateMonitoringAgent(args);
  const words = (args: Parameters<typeof validateMonitoringAgent>[0]) =>
    agentsOf(args).issues.map((issue) => `${issue.propertyPath}: ${issue.reason}`);
  const roles = ["blog:nodes"];

  test.each([
    ["mackerel", { mackerel: { roles } }, mackerelAgent({ roles }), "key"],
    ["nodeExporter", { nodeExporter: { port: 9100 } }, nodeExporterAgent({ port: 9100 }), undefined],
    ["datadog", { datadog: { site: "datadoghq.eu" } }, datadogAgent({ site: "datadoghq.eu" }), "key"],
    [
      "openTelemetryCollector",
      { openTelemetryCollector: { endpoint: "https://otlp.example.com" } },
      openTelemetryCollectorAgent({ endpoint: "https://otlp.example.com" }),
      undefined,
    ],
  ])("%s is what the function makes of the same values", (_, preset, made, apiKey) => {
    const { resolved, issues } = agentsOf({ preset, apiKey });
    expect(issues).toEqual([]);
    expect(resolved.agent).toEqual(made);
    expect(resolved.jobId).toBe(made.name);
    expect(agentsOf({ preset: { ...preset, name: "own" }, apiKey }).resolved).toMatchObject({
      ...{ jobId: "own", agent: { name: "own" } },
    });
  });

  test("is named where it is wrong, once", () => {
    expect(words({ preset: { mackerel: { roles: ["blog"], image: "agent" } }, apiKey: "key" })).toEqual([
      expect.stringMatching(/^preset\.mackerel\.roles\[0\]: "blog" is not/),
      expect.stringMatching(/^preset\.mackerel\.image: "agent" has no tag/),
    ]);
    expect(words({ preset: { nodeExporter: {}, name: "a b" } })).toEqual([
      expect.stringMatching(/^preset\.name: "a b" is not/),
    ]);
    expect(words({ preset: { mackerel: { roles } } })).toEqual([
      expect.stringMatching(/^apiKey: is missing/),
    ]);
  });

  test("is one, and the only one", () => {
    expect(words({})).toEqual(["agent: is missing; give one, or a preset"]);
    expect(words({ apiKey: "key", preset: {} })).toEqual([
      "preset: names no agent; give one, such as mackerel",
    ]);
    expect(words({ agent, preset: { nodeExporter: {} } })).toEqual([
      "preset: is given, and an agent too; leave one of them out",
    ]);
    expect(words({ preset: { nodeExporter: {}, datadog: {} } })).toEqual([
      "preset: names nodeExporter and datadog, and a job runs one; leave the others out",
    ]);
  });

  test("makes the agent of a blog too, and what it needs is counted", () => {
    const cluster = { operatorCidrs: ["192.0.2.7/32"] };
    const validate = (monitoring: BlogMonitoring) => validateBlog("blog", { cluster, monitoring });
    const made = validate({ preset: { mackerel: { roles } }, apiKey: "key", alerts: {} });
    expect(made.issues).toEqual([]);
    expect(made.resolved.agent.resolved.agent).toEqual(mackerelAgent({ roles }));
    const larger = validate({
      ...{ preset: { mackerel: { roles } }, apiKey: "key" },
      resources: { memory: 196 },
    });
    const memory = (one: typeof made) => one.resolved.cluster.args.memoryForJobs!;
    expect(memory(larger) - memory(made)).toBe(100);
    expect(validate({}).issues.map(({ propertyPath }) => propertyPath)).toEqual(["monitoring.agent"]);
  });
});
