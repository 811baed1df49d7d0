import { checkDuration, checkNamespace, checkNotEmpty, checkPattern } from "../../checks.ts";
import type { HostVolume } from "../../nodes/nomad-configuration.ts";
import { each, issuesOf } from "../../validation.ts";
import type { ArgumentIssue, Check, Validation } from "../../validation.ts";
import { constraintChecks } from "../spec/constraint.ts";
import { checkCapability } from "../spec/container-security.ts";
import { updateChecks } from "../spec/update.ts";
import {
  checkImage,
  checkJobId,
  checkStaticPort,
  jobChecks,
  logChecks,
  longestVariablePath,
} from "../spec/validation.ts";
import type { SystemMonitoringAgentArgs } from "./args.ts";
import { resolveMonitoringAgentArgs } from "./defaults.ts";
import type { ResolvedMonitoringAgentArgs } from "./defaults.ts";
import { registryVariable } from "./job.ts";
import type { AgentHostVolume, MonitoringAgent } from "./monitoring-agent.ts";
import { mackerelVendor } from "./presets/mackerel-hosts.ts";
import { chooseAgent, chosenAgent } from "./presets/preset.ts";
import type { AgentChoice } from "./presets/preset.ts";

/** What of a monitoring agent's arguments is known before anything is created. */
export type KnownAgentArgs = Omit<SystemMonitoringAgentArgs, "connection" | "apiKey"> & {
  readonly apiKey?: unknown;
};

/** Judges the arguments, but for the API key's value, which may be known later. */
export function validateMonitoringAgent({
  apiKey,
  ...args
}: KnownAgentArgs): Validation<ResolvedMonitoringAgentArgs> {
  const resolved = resolveMonitoringAgentArgs(args);
  const { agent, priority, namespace } = resolved;
  const chosen = chooseAgent(args);
  // What a preset makes of arguments that are right is right.
  const isOwn = args.preset === undefined && args.agent !== undefined;
  const issues = issuesOf([
    ...jobChecks({ priority }),
    ...(hasAgent(args) ? nameChecks(args, resolved) : []),
    ["apiKey", hasAgent(args) ? checkKeyIsWanted(agent, apiKey !== undefined) : undefined],
    ["namespace", namespace === undefined ? undefined : checkNamespace(namespace)],
    ...(isOwn ? agentChecks(agent) : []),
    ...operationChecks(resolved),
    ...placeChecks(resolved),
  ]);
  return { resolved, issues: [...chosen.issues, ...issues] };
}

/** Whether it is known at all which agent is meant. */
const hasAgent = ({ agent, preset }: AgentChoice): boolean =>
  agent !== undefined || Object.values(preset ?? {}).some((one) => one !== undefined);

function operationChecks(args: ResolvedMonitoringAgentArgs): Check[] {
  const { update, timeout, resources, logs, registry, jobId } = args;
  const variable = registryVariable(jobId);
  const longest = longestVariablePath - registryVariable("").length;
  return [
    ...updateChecks("update", "system", update),
    ["timeout", timeout === undefined ? undefined : checkDuration(timeout)],
    ...jobChecks({ ...resources }).map(([path, reason]): Check => [`resources.${path}`, reason]),
    ...logChecks("logs", logs),
    [
      "registry",
      registry && variable.length > longestVariablePath
        ? `needs the Variable "${variable}", and Nomad takes paths of ${longestVariablePath} characters; give a job id of ${Math.floor(longest / 2)} at most`
        : undefined,
    ],
    [
      "registry.server",
      registry?.server === undefined
        ? undefined
        : checkPattern(registry.server, /^[^\s/]+$/, "a host, with a port or without, and without https://"),
    ],
  ];
}

function placeChecks({ constraints = [], datacenters, nodePool }: ResolvedMonitoringAgentArgs): Check[] {
  return [
    ...constraints.flatMap((one, index) => constraintChecks(`constraints[${index}]`, one)),
    ["datacenters", datacenters?.length === 0 ? "is empty; name one, or leave it out" : undefined],
    ...each("datacenters", datacenters ?? [], checkNotEmpty),
    [
      "nodePool",
      nodePool === undefined
        ? undefined
        : checkPattern(
            nodePool,
            /^[\w-]{1,128}$/,
            "a node pool of at most 128 letters, digits, hyphens and underscores",
          ),
    ],
  ];
}

/** The agent's name is that of its task, and its job's unless there is another. */
function nameChecks(
  { jobId: ownId, preset }: Pick<SystemMonitoringAgentArgs, "jobId" | "preset">,
  { agent, jobId }: ResolvedMonitoringAgentArgs,
): Check[] {
  const reason = checkJobId(jobId, { hasService: agent.service !== undefined });
  const namePath = preset === undefined ? "agent.name" : "preset.name";
  if (ownId === undefined) return [[namePath, reason]];
  return [
    ["jobId", reason],
    [
      namePath,
      checkPattern(
        agent.name,
        /^[\w-]{1,128}$/,
        "a name of at most 128 letters, digits, hyphens and underscores",
      ),
    ],
  ];
}

/** Of the key's value, which may be known later than the other arguments, and is not printed. */
export function checkApiKey(apiKey: string): string | undefined {
  if (apiKey.trim() === "") return "is empty; the agent cannot report without its API key";
  return /\p{Cc}/u.test(apiKey.trim())
    ? "has a line break or another control character in it; give the key alone"
    : undefined;
}

/** Of a registry's credential, whose value is not printed. */
export function checkCredential(value: string): string | undefined {
  if (value === "") return "is empty; leave the registry out if it wants no credentials";
  return /\p{Cc}/u.test(value) ? "has a line break or another control character in it" : undefined;
}

function checkKeyIsWanted({ name, needsApiKey }: MonitoringAgent, isGiven: boolean): string | undefined {
  if (needsApiKey === isGiven) return undefined;
  return isGiven
    ? `is given, and agent "${name}" has no use for it; leave it out`
    : `is missing; agent "${name}" cannot report without one`;
}

function agentChecks({
  image,
  ports = {},
  dynamicPorts = [],
  hostVolumes = [],
  files = [],
  service,
  hostRegistry,
  security,
  killTimeout,
  cpu,
  memory,
}: MonitoringAgent): Check[] {
  const labels = [...Object.keys(ports), ...dynamicPorts];
  return [
    ["agent.image", checkImage(image)],
    ["agent.killTimeout", checkDuration(killTimeout)],
    ...jobChecks({ cpu, memory }).map(([path, reason]): Check => [`agent.${path}`, reason]),
    ...each("agent.security.capabilities", security?.capabilities ?? [], checkCapability),
    ...Object.entries(ports).map(([label, port]): Check => [`agent.ports.${label}`, checkStaticPort(port)]),
    ...hostVolumes.map(({ destination }, index): Check => [
      `agent.hostVolumes[${index}].destination`,
      destination.startsWith("/") ? undefined : `"${destination}" is not an absolute path`,
    ]),
    ...files.map(({ name }, index): Check => [
      `agent.files[${index}].name`,
      /^[\w-][\w.-]*$/.test(name) ? undefined : `"${name}" is not a file name without a directory`,
    ]),
    [
      "agent.service.port",
      service === undefined || labels.includes(service.port)
        ? undefined
        : `"${service.port}" is not a port of the agent`,
    ],
    [
      "agent.hostRegistry.vendor",
      hostRegistry === undefined || hostRegistry.vendor === mackerelVendor
        ? undefined
        : `"${hostRegistry.vendor}" is not a vendor whose hosts can be retired; use "${mackerelVendor}"`,
    ],
  ];
}

/** What a cluster offers to jobs, as far as an agent may need it. */
export interface ClusterOffer {
  readonly hostVolumes: readonly HostVolume[];
  readonly namespaces: readonly string[];
}

/** What the agent needs and a cluster that is declared in the same program does not offer. */
export function validateAgentNeeds(
  { namespace = "default", ...choice }: Pick<KnownAgentArgs, "agent" | "preset" | "namespace">,
  { hostVolumes, namespaces }: ClusterOffer,
): ArgumentIssue[] {
  return issuesOf([
    ...each("agent.hostVolumes", chosenAgent(choice).hostVolumes ?? [], (needed) =>
      checkHostVolume(
        needed,
        hostVolumes.find(({ name }) => name === needed.source),
      ),
    ),
    [
      "namespace",
      namespace === "default" || namespaces.includes(namespace)
        ? undefined
        : `"${namespace}" is not a namespace of this cluster; add it to the cluster's namespaces`,
    ],
  ]);
}

function checkHostVolume(needed: AgentHostVolume, offered: HostVolume | undefined): string | undefined {
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
