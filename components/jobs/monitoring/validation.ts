import type { ArgumentIssue } from "../../validation.ts";
import type { HostVolume } from "../../nodes/nomad-configuration.ts";
import { jobProblems, staticPortProblem } from "../spec/validation.ts";
import type { JobArgs } from "../spec/validation.ts";
import type { AgentHostVolume, MonitoringAgent } from "./monitoring-agent.ts";
import { imageProblem } from "../spec/render.ts";

/** What of a monitoring agent's arguments is known before anything is created. */
export interface KnownAgentArgs extends Pick<JobArgs, "jobId" | "priority"> {
  readonly agent: MonitoringAgent;
  readonly apiKey?: unknown;
  readonly namespace?: string;
}

/** Everything that is wrong with the arguments, but for the API key's value, which may be known later. */
export function monitoringAgentProblems(args: KnownAgentArgs): ArgumentIssue[] {
  const { agent, apiKey, namespace } = args;
  const problems = jobProblems(args);
  const check = (propertyPath: string, reason: string | undefined) => {
    if (reason !== undefined) problems.push({ propertyPath, reason });
  };
  if (agent.needsApiKey)
    check(
      "apiKey",
      apiKey === undefined ? `is missing; agent "${agent.name}" cannot report without one` : undefined,
    );
  else
    check(
      "apiKey",
      apiKey === undefined
        ? undefined
        : `is given, and agent "${agent.name}" has no use for it; leave it out`,
    );
  // Nomad's own rule.
  if (namespace !== undefined && !/^[a-zA-Z0-9-]{1,128}$/.test(namespace))
    check("namespace", `"${namespace}" is not a namespace of letters, digits and hyphens`);
  check("agent.image", imageProblem(agent.image));
  for (const [label, port] of Object.entries(agent.ports ?? {}))
    check(`agent.ports.${label}`, staticPortProblem(port));
  agent.hostVolumes?.forEach(({ destination }, index) =>
    check(
      `agent.hostVolumes[${index}].destination`,
      destination.startsWith("/") ? undefined : `"${destination}" is not an absolute path`,
    ),
  );
  agent.files?.forEach(({ name }, index) =>
    check(
      `agent.files[${index}].name`,
      /^[\w-][\w.-]*$/.test(name) ? undefined : `"${name}" is not a file name without a directory`,
    ),
  );
  const labels = [...Object.keys(agent.ports ?? {}), ...(agent.dynamicPorts ?? [])];
  if (agent.service !== undefined && !labels.includes(agent.service.port))
    check("agent.service.port", `"${agent.service.port}" is not a port of the agent`);
  return problems;
}

/** What a cluster offers to jobs, as far as an agent may need it. */
export interface ClusterOffer {
  readonly hostVolumes: readonly HostVolume[];
  readonly namespaces: readonly string[];
}

/** What the agent needs and a cluster that is declared in the same program does not offer. */
export function agentNeedsProblems(
  { agent, namespace = "default" }: Pick<KnownAgentArgs, "agent" | "namespace">,
  { hostVolumes, namespaces }: ClusterOffer,
): ArgumentIssue[] {
  const problems: ArgumentIssue[] = [];
  agent.hostVolumes?.forEach((needed, index) => {
    const reason = hostVolumeProblem(
      needed,
      hostVolumes.find(({ name }) => name === needed.source),
    );
    if (reason !== undefined) problems.push({ propertyPath: `agent.hostVolumes[${index}]`, reason });
  });
  if (namespace !== "default" && !namespaces.includes(namespace))
    problems.push({
      propertyPath: "namespace",
      reason: `"${namespace}" is not a namespace of this cluster; add it to the cluster's namespaces`,
    });
  return problems;
}

function hostVolumeProblem(needed: AgentHostVolume, offered: HostVolume | undefined): string | undefined {
  const { source, path, readOnly = true } = needed;
  const line = `{ name: "${source}", path: "${path}"${readOnly ? ", readOnly: true" : ""} }`;
  if (offered === undefined)
    return `the cluster offers no host volume "${source}"; add ${line} to its hostVolumes`;
  if (offered.path !== path)
    return `the cluster's host volume "${source}" is ${offered.path}, and the agent needs ${path}`;
  if (offered.readOnly === true && !readOnly)
    return `the cluster's host volume "${source}" is read-only, and the agent writes to it; declare it as ${line}`;
  return undefined;
}
