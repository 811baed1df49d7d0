import { issuesOf, under } from "../../../validation.ts";
import type { Validation } from "../../../validation.ts";
import type { MonitoringAgent } from "../monitoring-agent.ts";
import { validateDatadogAgent } from "./datadog-agent.ts";
import type { DatadogAgentArgs } from "./datadog-agent.ts";
import { validateMackerelAgent } from "./mackerel-agent.ts";
import type { MackerelAgentArgs } from "./mackerel-agent.ts";
import { validateNodeExporterAgent } from "./node-exporter-agent.ts";
import type { NodeExporterAgentArgs } from "./node-exporter-agent.ts";
import { validateOpenTelemetryCollectorAgent } from "./open-telemetry-collector-agent.ts";
import type { OpenTelemetryCollectorAgentArgs } from "./open-telemetry-collector-agent.ts";

/** One of the agents that are known, by its arguments: what the functions of these names make, for languages that cannot call them. */
export interface AgentPreset {
  /**
   * Name of the agent: default id of its job, and name of its directory in the state volume, which two agents of a cluster must not
   * share. A change replaces the job, unless it has an id of its own, and the agents begin with no state.
   * @default - that of the function
   */
  name?: string;
  /**
   * As `mackerelAgent` takes them.
   * @default - another agent
   */
  mackerel?: MackerelAgentArgs;
  /**
   * As `nodeExporterAgent` takes them.
   * @default - another agent
   */
  nodeExporter?: NodeExporterAgentArgs;
  /**
   * As `datadogAgent` takes them.
   * @default - another agent
   */
  datadog?: DatadogAgentArgs;
  /**
   * As `openTelemetryCollectorAgent` takes them.
   * @default - another agent
   */
  openTelemetryCollector?: OpenTelemetryCollectorAgentArgs;
}

/** An agent, or the preset that makes one. */
export interface AgentChoice {
  readonly agent?: MonitoringAgent | undefined;
  readonly preset?: AgentPreset | undefined;
}

/** Stands for an agent that is not there, of which an issue tells. */
const noAgent: MonitoringAgent = {
  ...{ name: "agent", image: "none:0", args: [], needsApiKey: false, keepsState: false },
  ...{ killTimeout: "5s", cpu: 1, memory: 10 },
};

/** The agent that is meant. Its own values are not judged here, but those of a preset are. */
export function chooseAgent({ agent, preset }: AgentChoice): Validation<MonitoringAgent> {
  if (preset === undefined)
    return {
      resolved: agent ?? noAgent,
      issues: issuesOf([["agent", agent === undefined ? "is missing; give one, or a preset" : undefined]]),
    };
  const { name } = preset;
  const made = presetAgents(preset);
  const [first] = made;
  const names = made.map(([kind]) => kind).join(" and ");
  return {
    resolved: agent ?? { ...(first?.[1].resolved ?? noAgent), ...(name !== undefined && { name }) },
    issues: [
      ...issuesOf([
        ["preset", agent === undefined ? undefined : "is given, and an agent too; leave one of them out"],
        ["preset", first === undefined ? "names no agent; give one, such as mackerel" : undefined],
        ["preset", made.length > 1 ? `names ${names}, and a job runs one; leave the others out` : undefined],
      ]),
      ...made.flatMap(([kind, { issues }]) => under(`preset.${kind}`, issues)),
    ],
  };
}

/** The agent that is meant, whatever is wrong with it. */
export const chosenAgent = (choice: AgentChoice): MonitoringAgent => chooseAgent(choice).resolved;

function presetAgents(preset: AgentPreset): [kind: string, agent: Validation<MonitoringAgent>][] {
  const { mackerel, nodeExporter, datadog, openTelemetryCollector } = preset;
  return [
    ...(mackerel ? [["mackerel", validateMackerelAgent(mackerel)] as const] : []),
    ...(nodeExporter ? [["nodeExporter", validateNodeExporterAgent(nodeExporter)] as const] : []),
    ...(datadog ? [["datadog", validateDatadogAgent(datadog)] as const] : []),
    ...(openTelemetryCollector
      ? [["openTelemetryCollector", validateOpenTelemetryCollectorAgent(openTelemetryCollector)] as const]
      : []),
  ].map(([kind, agent]) => [kind, agent]);
}
