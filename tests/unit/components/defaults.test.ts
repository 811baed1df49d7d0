import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { blogDefaults, blogMonitoringDefaults } from "../../../components/blog/defaults.ts";
import { clusterDefaults } from "../../../components/cluster/defaults.ts";
import { ghostBackupsDefaults } from "../../../components/jobs/ghost/backups/defaults.ts";
import {
  ghostDatabaseDefaults,
  ghostDefaults,
  ghostMailDefaults,
  ghostMailgunDefaults,
} from "../../../components/jobs/ghost/defaults.ts";
import { systemMonitoringAgentDefaults } from "../../../components/jobs/monitoring/defaults.ts";
import { datadogAgentDefaults } from "../../../components/jobs/monitoring/presets/datadog-agent.ts";
import { mackerelAgentDefaults } from "../../../components/jobs/monitoring/presets/mackerel-agent.ts";
import { nodeExporterAgentDefaults } from "../../../components/jobs/monitoring/presets/node-exporter-agent.ts";
import { openTelemetryCollectorAgentDefaults } from "../../../components/jobs/monitoring/presets/open-telemetry-collector-agent.ts";
import { nginxDefaults } from "../../../components/jobs/nginx/defaults.ts";

interface DocumentedArgument {
  readonly name: string;
  readonly isOptional: boolean;
  /** As `@default` has it. */
  readonly default: string | undefined;
}

/** The properties of an exported interface, with what their doc comments say. */
function argumentsOf(source: string, name: string): DocumentedArgument[] {
  const body = new RegExp(`^export interface ${name}\\b[^{]*\\{\n(.*?)^\\}`, "ms").exec(source)?.[1] ?? "";
  return [...body.matchAll(/\/\*\*((?:(?!\*\/).)*)\*\/\s*(\w+)(\??):/gs)].map(([, doc, property, mark]) => ({
    name: property!,
    isOptional: mark === "?",
    default: /@default (.*)$/m.exec(doc!)?.[1],
  }));
}

describe.each<[string, string, Readonly<Record<string, unknown>>]>([
  ["blog/args.ts", "BlogPlatformArgs", blogDefaults],
  ["blog/args.ts", "BlogMonitoring", { ...blogMonitoringDefaults, priority: 50 }],
  ["cluster/args.ts", "NomadClusterArgs", clusterDefaults],
  ["jobs/ghost/args.ts", "GhostSettings", ghostDefaults],
  ["jobs/ghost/args.ts", "GhostDatabase", ghostDatabaseDefaults],
  ["jobs/ghost/args.ts", "GhostMail", ghostMailDefaults],
  ["jobs/ghost/args.ts", "GhostMailgun", ghostMailgunDefaults],
  ["jobs/ghost/backups/args.ts", "GhostBackups", ghostBackupsDefaults],
  ["jobs/nginx/args.ts", "NginxSettings", nginxDefaults],
  ["jobs/nginx/args.ts", "NginxArgs", nginxDefaults],
  ["jobs/monitoring/args.ts", "SystemMonitoringAgentArgs", systemMonitoringAgentDefaults],
  ["jobs/monitoring/presets/datadog-agent.ts", "DatadogAgentArgs", datadogAgentDefaults],
  ["jobs/monitoring/presets/mackerel-agent.ts", "MackerelAgentArgs", mackerelAgentDefaults],
  ["jobs/monitoring/presets/node-exporter-agent.ts", "NodeExporterAgentArgs", nodeExporterAgentDefaults],
  [
    "jobs/monitoring/presets/open-telemetry-collector-agent.ts",
    "OpenTelemetryCollectorAgentArgs",
    openTelemetryCollectorAgentDefaults,
  ],
])("in components/%s, %s", (file, name, defaults) => {
  test("says of every optional argument what holds without it: the value, or a sentence", async () => {
    const source = await readFile(path.resolve(import.meta.dirname, "../../../components", file), "utf8");
    const documented = argumentsOf(source, name);
    expect(documented).not.toEqual([]);
    const said = Object.fromEntries(
      documented.filter(({ isOptional }) => isOptional).map((argument) => [argument.name, argument.default]),
    );
    const expected = Object.fromEntries(
      Object.entries(said).map(([property, text]) => [
        property,
        property in defaults
          ? `\`${JSON.stringify(defaults[property])}\``
          : text?.startsWith("- ")
            ? text
            : "- a sentence",
      ]),
    );
    expect(said).toEqual(expected);
  });
});
