import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { monitoringAgentJob } from "../../../support/rendered-jobs.ts";
import { validateMonitoringAgent } from "../../../../components/jobs/monitoring/validation.ts";
import { alloyAgent } from "../../../../docs/alloy-agent.ts";

const agent = alloyAgent("https://prometheus.example.com/api/v1/write");

test("the documentation shows the preset that is checked here", () => {
  const docs = new URL("../../../../docs/", import.meta.url);
  const code = readFileSync(new URL("alloy-agent.ts", docs), "utf8");
  expect(readFileSync(new URL("presets.md", docs), "utf8")).toContain(`\`\`\`ts\n${code}\`\`\``);
});

test("a preset of one's own is an agent like any other", () => {
  expect(validateMonitoringAgent({ agent, apiKey: "key" }).issues).toEqual([]);
  expect(validateMonitoringAgent({ agent }).issues.map(({ propertyPath }) => propertyPath)).toEqual([
    "apiKey",
  ]);
  const [group] = monitoringAgentJob({ agent, jobId: "alloy", datacenter: "sgp1" }).TaskGroups;
  expect(group!.Networks).toEqual([{ Mode: "host", ReservedPorts: [{ Label: "http", Value: 12345 }] }]);
  expect(Object.keys(group!.Volumes!)).toEqual(["state", "host-proc"]);
  const { Env, Templates } = group!.Tasks[0]!;
  expect(Env).toEqual({ AGENT_STATE_DIRECTORY: "/var/lib/agent-state/alloy" });
  expect(Templates).toMatchObject([{ DestPath: "secrets/config.alloy", Perms: "0400" }]);
});
