import { describe, expect, test } from "vitest";
import {
  BlogPlatform,
  mackerelAgent,
  nodeExporterAgent,
  SystemMonitoringAgent,
} from "../../../../../components/index.ts";
import type { ApiJob } from "../../../../../components/index.ts";
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
