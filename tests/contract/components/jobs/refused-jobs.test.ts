import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nodeExporterAgent } from "../../../../components/index.ts";
import type { SystemMonitoringAgentArgs } from "../../../../components/index.ts";
import { validateMonitoringAgent } from "../../../../components/jobs/monitoring/validation.ts";
import { sandboxSettings } from "../../../../sandbox/settings.ts";
import { installTool } from "../../../../sandbox/tools/install-tool.ts";
import { nomad } from "../../../../sandbox/tools/tool-table.ts";
import { startNomadAgent } from "../../../support/nomad/dev-agent.ts";
import type { NomadAgent } from "../../../support/nomad/dev-agent.ts";
import { monitoringAgentJob } from "../../../support/rendered-jobs.ts";

let nomadAgent: NomadAgent;
beforeAll(async () => {
  const { cacheDir } = sandboxSettings(path.resolve(import.meta.dirname, "../../../.."));
  nomadAgent = await startNomadAgent((await installTool(nomad, cacheDir)).path);
});
afterAll(() => nomadAgent.stop());

type Args = Partial<Omit<SystemMonitoringAgentArgs, "connection" | "apiKey">>;

const agent = nodeExporterAgent();

/** What a real Nomad finds wrong with the job that the arguments come to; empty for nothing. */
async function verdict(args: Args): Promise<string> {
  // A job that Nomad would take, with the parts of the other in their place: rendering refuses what is wrong.
  const job = monitoringAgentJob({ agent, jobId: "refused", datacenter: "dc1" });
  const { update = {}, constraints = [], resources = {}, logs, datacenters, nodePool } = args;
  const group = job.TaskGroups[0]!;
  const second = 1e9;
  const seconds = (duration: string | undefined) =>
    duration === undefined ? undefined : Number.parseInt(duration, 10) * second;
  const submitted = {
    ...job,
    ...(datacenters && { Datacenters: datacenters }),
    ...(nodePool !== undefined && { NodePool: nodePool }),
    Constraints: constraints.map(({ attribute, operator, value }) => ({
      ...{ LTarget: attribute ?? "", Operand: operator ?? "=", RTarget: value ?? "" },
    })),
    Update: {
      ...job.Update,
      ...(update.maxParallel !== undefined && { MaxParallel: update.maxParallel }),
      ...(update.canary !== undefined && { Canary: update.canary }),
      ...(update.minHealthyTime !== undefined && { MinHealthyTime: seconds(update.minHealthyTime) }),
      ...(update.healthyDeadline !== undefined && { HealthyDeadline: seconds(update.healthyDeadline) }),
      ...(update.progressDeadline !== undefined && { ProgressDeadline: seconds(update.progressDeadline) }),
    },
    TaskGroups: [
      {
        ...group,
        Tasks: group.Tasks.map((task) => ({
          ...task,
          Resources: { CPU: resources.cpu ?? 50, MemoryMB: resources.memory ?? 64 },
          ...(logs && {
            LogConfig: { MaxFiles: logs.maxFiles ?? 10, MaxFileSizeMB: logs.maxFileSize ?? 10 },
          }),
        })),
      },
    ],
  };
  const response = await nomadAgent.call("POST", "/v1/validate/job", { Job: submitted });
  const text = await response.text();
  // A pool that cannot be is refused by the registration only.
  if (!response.ok || nodePool === undefined)
    return response.ok ? (JSON.parse(text) as { Error: string }).Error : text;
  const registered = await nomadAgent.call("POST", "/v1/jobs", { Job: submitted });
  return registered.ok ? "" : await registered.text();
}

const one = (attribute: string | undefined, operator: string, value?: string): Args => ({
  constraints: [
    { ...(attribute !== undefined && { attribute }), operator, ...(value !== undefined && { value }) },
  ],
});
const version = "${attr.nomad.version}";

test.each<[string, Args]>([
  ["update.maxParallel", { update: { maxParallel: -1 } }],
  ["update.canary", { update: { canary: -1 } }],
  ["update.minHealthyTime", { update: { healthyDeadline: "5s", minHealthyTime: "6s" } }],
  ["update.progressDeadline", { update: { progressDeadline: "200s" } }],
  ["update.healthyDeadline", { update: { healthyDeadline: "700s" } }],
  ["constraints[0].operator", one(version, "~", "1")],
  ["constraints[0].attribute", one(undefined, "=", "1")],
  ["constraints[0].attribute", one("${node.name}", "=", "one")],
  ["constraints[0].attribute", one("$meta.slot", "=", "one")],
  ["constraints[0].attribute", one("${meta.slot", "=", "one")],
  ["constraints[0].value", one(version, "=")],
  ["constraints[0].value", one(version, "set_contains")],
  ["constraints[0].value", one(version, "is_set", "1")],
  ["constraints[0].value", one(version, "version", "newer than 1")],
  ["constraints[0].value", one(version, "semver", "~> 1.2")],
  ["constraints[0].value", one(version, "regexp", "(")],
  ["constraints[0].value", one(version, "regexp", "a(?!b)")],
  ["constraints[0].value", one(version, "regexp", String.raw`(a)\1`)],
  ["constraints[0].value", one(version, "distinct_property", "0")],
  ["datacenters[1]", { datacenters: ["dc1", ""] }],
  ["nodePool", { nodePool: "no such/pool" }],
  ["resources.cpu", { resources: { cpu: 0 } }],
  ["resources.memory", { resources: { memory: 9 } }],
  ["logs.maxFiles", { logs: { maxFiles: 0 } }],
  ["logs.maxFileSize", { logs: { maxFileSize: 0 } }],
  ["logs", { logs: { maxFiles: 30 } }],
])("%s: what Nomad refuses is refused before anything is created (%j)", async (propertyPath, args) => {
  const { issues } = validateMonitoringAgent({ agent, ...args });
  expect(issues.map((issue) => issue.propertyPath)).toEqual([propertyPath]);
  expect(await verdict(args)).not.toBe("");
});

test.each<[string, Args]>([
  ["a progress deadline of nothing", { update: { progressDeadline: "0s" } }],
  ["a comparison with a text", one("linux", "!=", "windows")],
  ["a pattern with flags and a name", one(version, "regexp", "(?i)^(?P<major>[0-9]+)")],
  ["versions", one(version, "version", "~> 1.2, != 1.9.0-beta.1+ent")],
  ["versions by semver", one(version, "semver", ">= 1.2.0-rc1")],
  ["distinct hosts", one(undefined, "distinct_hosts", "true")],
  ["two of a rack", one("${meta.rack}", "distinct_property", "2")],
  ["logs that just have room", { logs: { maxFiles: 299, maxFileSize: 1 } }],
])("%s: what Nomad takes is taken", async (_, args) => {
  expect(validateMonitoringAgent({ agent, ...args }).issues).toEqual([]);
  expect(await verdict(args)).toBe("");
});
