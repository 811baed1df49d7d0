import { describe, expect, test } from "vitest";
import type { MonitoringAgent } from "../../../../components/index.ts";
import type { Validation } from "../../../../components/validation.ts";
import {
  datadogAgent,
  validateDatadogAgent,
} from "../../../../components/jobs/monitoring/presets/datadog-agent.ts";
import { mackerelAgent } from "../../../../components/jobs/monitoring/presets/mackerel-agent.ts";
import {
  nodeExporterAgent,
  validateNodeExporterAgent,
} from "../../../../components/jobs/monitoring/presets/node-exporter-agent.ts";
import {
  openTelemetryCollectorAgent,
  validateOpenTelemetryCollectorAgent,
} from "../../../../components/jobs/monitoring/presets/open-telemetry-collector-agent.ts";
import { resolveMonitoringAgentArgs } from "../../../../components/jobs/monitoring/defaults.ts";
import { neededVolumes } from "../../../../components/jobs/monitoring/node-check.ts";
import { monitoringAgentJob } from "../../../support/rendered-jobs.ts";
import { checkApiKey, validateMonitoringAgent } from "../../../../components/jobs/monitoring/validation.ts";

const endpoint = "https://otlp.example.com:4318";
const presets = {
  mackerel: mackerelAgent({ roles: ["blog:nomad-cluster"] }),
  "node-exporter": nodeExporterAgent(),
  datadog: datadogAgent({ site: "datadoghq.eu", tags: ["env:production", "team:web"] }),
  "open-telemetry-collector": openTelemetryCollectorAgent({ endpoint, apiKeyHeader: "api-key" }),
};
const agents = Object.values(presets).map((agent): [string, MonitoringAgent] => [agent.name, agent]);

function rendered(agent: MonitoringAgent, namespace?: string) {
  const job = monitoringAgentJob({
    agent,
    jobId: agent.name,
    datacenter: "sgp1",
    ...(namespace !== undefined && { namespace }),
  });
  const group = job.TaskGroups[0]!;
  return { job, group, task: group.Tasks[0]! };
}

describe.each(agents)("the job of %s", (name, agent) => {
  const { job, group, task } = rendered(agent);

  test("is a system job under the agent's name, with its image", () => {
    expect(job).toMatchObject({ ID: name, Type: "system", Priority: 50, Datacenters: ["sgp1"] });
    expect(task).toMatchObject({
      Name: `${name}-agent`,
      Config: { image: agent.image, network_mode: "host" },
    });
  });

  test("has no rights beyond a container's, no host path and no Docker socket", () => {
    const restrictions = ["cap_drop", "security_opt", "readonly_rootfs", "pids_limit"];
    const allowed = ["image", "network_mode", "command", "args", ...restrictions];
    expect(allowed).toEqual(expect.arrayContaining(Object.keys(task.Config)));
    expect(JSON.stringify(job)).not.toContain("docker.sock");
  });

  test("reads an API key from the job's Variable if it needs one, and else waits for none", () => {
    for (const { EmbeddedTmpl, DestPath, Perms } of task.Templates ?? []) {
      expect(EmbeddedTmpl.startsWith(`{{ with nomadVar "nomad/jobs/${name}" }}`)).toBe(agent.needsApiKey);
      expect(EmbeddedTmpl.includes(".apiKey.Value")).toBe(agent.needsApiKey);
      expect([DestPath.split("/")[0], Perms]).toEqual(["secrets", "0400"]);
    }
    expect((task.Templates ?? []).length > 0).toBe(agent.needsApiKey);
  });

  test("mounts the state volume if it keeps state, and reads the node's directories", () => {
    const mounts = Object.fromEntries((task.VolumeMounts ?? []).map((mount) => [mount.Volume, mount]));
    expect("state" in mounts).toBe(agent.keepsState);
    for (const { source, destination } of agent.hostVolumes ?? []) {
      expect(group.Volumes?.[source]).toMatchObject({ Type: "host", Source: source, ReadOnly: true });
      expect(mounts[source]).toMatchObject({
        Destination: destination,
        ReadOnly: true,
        PropagationMode: "host-to-task",
      });
    }
  });
});

describe("the presets' jobs", () => {
  test("need of the node what the documentation says", () => {
    const needs = Object.values(presets).map((agent) => [
      agent.name,
      agent.needsApiKey,
      neededVolumes(resolveMonitoringAgentArgs({ agent })).map(({ source }) => source),
      { ...agent.ports },
    ]);
    expect(needs).toEqual([
      ["mackerel", true, ["agent-state"], {}],
      ["node-exporter", false, ["host-root"], {}],
      ["datadog", true, ["host-proc"], { commands: 5001, expvar: 5000 }],
      ["open-telemetry-collector", true, ["host-root"], {}],
    ]);
  });

  test("of node_exporter: read the node below /host, and are found by their service on a port of Nomad's choice", () => {
    const { group, task } = rendered(presets["node-exporter"]);
    expect(task.Config).not.toHaveProperty("command");
    expect(task.Config["args"]).toEqual([
      "--web.listen-address=${NOMAD_ADDR_metrics}",
      "--path.rootfs=/host",
      "--path.procfs=/host/proc",
      "--path.sysfs=/host/sys",
      "--collector.filesystem.mount-points-exclude=^/(dev|proc|run|sys|var/lib/docker|opt/nomad/data)($|/)",
    ]);
    expect(group.Networks).toEqual([{ Mode: "host", DynamicPorts: [{ Label: "metrics" }] }]);
    expect(group.Services).toMatchObject([
      { Name: "node-exporter", Provider: "nomad", PortLabel: "metrics", Checks: [{ Path: "/" }] },
    ]);
  });

  test("of node_exporter: take the port that is given", () => {
    const { group } = rendered(nodeExporterAgent({ port: 9100 }));
    expect(group.Networks).toEqual([{ Mode: "host", ReservedPorts: [{ Label: "metrics", Value: 9100 }] }]);
  });

  test("of Datadog: are configured by the environment, with the key from the secrets directory", () => {
    const { task } = rendered(presets.datadog);
    expect(task.Env).toEqual({
      DD_SITE: "datadoghq.eu",
      DD_HOSTNAME: "${attr.unique.hostname}",
      DD_TAGS: "env:production team:web",
      DD_APM_ENABLED: "false",
      DD_LOGS_ENABLED: "false",
      DD_USE_DOGSTATSD: "false",
    });
    expect(task.Templates).toMatchObject([
      { EmbeddedTmpl: expect.stringContaining("DD_API_KEY=") as string, Envvars: true },
    ]);
  });

  test("of the OpenTelemetry Collector: hold a configuration that its own user may read", () => {
    const { task } = rendered(presets["open-telemetry-collector"]);
    expect(task.Templates).toMatchObject([{ DestPath: "secrets/collector.json", Uid: 10001 }]);
    const text = presets["open-telemetry-collector"].files![0]!.text;
    expect(text).toContain('"api-key": {{ .apiKey.Value | replaceAll "$" "$$" | toJSON }}');
    expect(JSON.parse(text.replace(/\{\{ \.apiKey.*\}\}/, '"key"'))).toMatchObject({
      receivers: { host_metrics: { root_path: "/hostfs" } },
      exporters: { otlp_http: { endpoint, headers: { "api-key": "key" } } },
      service: { pipelines: { metrics: { receivers: ["host_metrics"], exporters: ["otlp_http"] } } },
    });
  });

  test("of the OpenTelemetry Collector: neither a dollar nor braces of an argument become variables", () => {
    const { files, needsApiKey } = openTelemetryCollectorAgent({
      endpoint: "https://otlp.example.com/$tenant",
      attributes: { price: "$", text: "{{ env `HOME` }} ${env:HOME}" },
    });
    expect(needsApiKey).toBe(false);
    expect(files![0]!.text).toContain("https://otlp.example.com/$$tenant");
    expect(files![0]!.text).toContain('"value": "$$"');
    expect(files![0]!.text).toContain('"value": "{{ `{{` }} env `HOME` }} $${env:HOME}"');
  });

  test("are in the namespace that is asked for", () => {
    expect(rendered(presets.datadog, "watch").job.Namespace).toBe("watch");
    expect(rendered(presets.datadog).job).not.toHaveProperty("Namespace");
  });
});

describe("a preset's arguments", () => {
  test.each<[string, Validation<MonitoringAgent>, string]>([
    ["a port of Nomad's", validateNodeExporterAgent({ port: 4646 }), "port"],
    ["an exporter of no version", validateNodeExporterAgent({ image: "prom/node-exporter" }), "image"],
    ["a site that is a URL", validateDatadogAgent({ site: "https://datadoghq.eu" }), "site"],
    ["a tag with a space", validateDatadogAgent({ tags: ["a:b", "c d"] }), "tags[1]"],
    ["the newest image", validateDatadogAgent({ image: "datadog/agent:latest" }), "image"],
    ["an endpoint that is none", validateOpenTelemetryCollectorAgent({ endpoint: "otlp:4318" }), "endpoint"],
    [
      "an endpoint with a query",
      validateOpenTelemetryCollectorAgent({ endpoint: `${endpoint}?a=b` }),
      "endpoint",
    ],
    [
      "a header with its value",
      validateOpenTelemetryCollectorAgent({ endpoint, apiKeyHeader: "api-key: k" }),
      "apiKeyHeader",
    ],
    [
      "a collector of no version",
      validateOpenTelemetryCollectorAgent({ endpoint, image: "otel/x" }),
      "image",
    ],
  ])("refuse %s", (_, { issues }, propertyPath) => {
    expect(issues.map((issue) => issue.propertyPath)).toEqual([propertyPath]);
  });

  test("throw when they are wrong", () => {
    expect(() => nodeExporterAgent({ port: 22 })).toThrow("port: 22");
    expect(() => datadogAgent({ site: "eu" })).toThrow('site: "eu"');
    expect(() => openTelemetryCollectorAgent({ endpoint: "" })).toThrow("endpoint");
  });
});

describe("an API key", () => {
  test.each(["key", "Bearer key", "key\n", " key\r\n"])("may be %j", (key) => {
    expect(checkApiKey(key)).toBeUndefined();
  });
  test.each([
    ["", "is empty"],
    [" \n", "is empty"],
    ["canary\nother", "has a line break"],
    ["canary\0", "has a line break or another control character"],
  ])("may not be %j, which is not printed", (key, reason) => {
    expect(checkApiKey(key)).toContain(reason);
    expect(checkApiKey(key)).not.toContain("canary");
  });
});

describe("what is given to an agent", () => {
  const [mackerel, exporter] = [presets.mackerel, presets["node-exporter"]];
  const apiKey = "key";
  test.each<[string, Parameters<typeof validateMonitoringAgent>[0], string[]]>([
    ["a key for one that needs it", { agent: mackerel, apiKey }, []],
    ["no key for one that needs none", { agent: exporter }, []],
    ["no key for one that needs it", { agent: mackerel }, ["apiKey"]],
    ["a key for one that has no use for it", { agent: exporter, apiKey }, ["apiKey"]],
    ["a namespace that none can be", { agent: exporter, namespace: "the watch" }, ["namespace"]],
    [
      "a volume at a relative path",
      { agent: { ...exporter, hostVolumes: [{ source: "a", path: "/a", destination: "a" }] } },
      ["agent.hostVolumes[0].destination"],
    ],
    [
      "a file outside the secrets directory",
      { agent: { ...exporter, files: [{ name: "../a", text: "" }] } },
      ["agent.files[0].name"],
    ],
    [
      "a service on a port that is not there",
      { agent: { ...exporter, service: { port: "web", healthPath: "/" } } },
      ["agent.service.port"],
    ],
  ])("%s: %o", (_, args, expected) => {
    expect(validateMonitoringAgent(args).issues.map(({ propertyPath }) => propertyPath)).toEqual(expected);
  });
});
