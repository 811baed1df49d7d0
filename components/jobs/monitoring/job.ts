import type { ApiJob } from "../spec/api-job.ts";
import { taskGroup, variablePath } from "../spec/job.ts";
import type { TaskGroup } from "../spec/job.ts";
import { systemJob } from "../spec/render.ts";
import type { ResolvedMonitoringAgentArgs } from "./defaults.ts";
import type { AgentService, MonitoringAgent } from "./monitoring-agent.ts";

/** Where the state volume is mounted in the container; each agent keeps to its own directory in it. */
const stateMount = "/var/lib/agent-state";

/** The job, rendered. It names the API key's Variable, never the key. */
export function monitoringAgentJob(args: ResolvedMonitoringAgentArgs, datacenter: string): ApiJob {
  const {
    agent,
    jobId,
    priority,
    namespace,
    datacenters = [datacenter],
    nodePool,
    constraints,
    update,
  } = args;
  return systemJob({
    id: jobId,
    priority,
    ...(namespace !== undefined && { namespace }),
    datacenters,
    ...(nodePool !== undefined && { nodePool }),
    ...(constraints && { constraints }),
    ...(update && { update }),
    groups: {
      [jobId]: taskGroup({
        ...agentPorts(agent),
        ...agentVolumes(args),
        ...(agent.service && { services: [agentService(agent.service, jobId)] }),
        // An agent that cannot reach its vendor for an hour must be back in the second.
        restart: { attempts: 3, interval: "5m", delay: "15s", mode: "delay" },
        tasks: { [`${agent.name}-agent`]: agentTask(args) },
      }),
    },
  });
}

/** Where the registry's credentials are: in a Variable of their own, since Nomad reads every item of it as one of them. */
export const registryVariable = (jobId: string): string => variablePath(`${jobId}/${jobId}`);

function agentTask(args: ResolvedMonitoringAgentArgs): TaskGroup["tasks"][string] {
  const { agent, jobId, resources = {}, logs, registry } = args;
  const { keepsState, hostVolumes = [], files = [] } = agent;
  const environment = {
    ...(keepsState && { AGENT_STATE_DIRECTORY: `${stateMount}/${agent.name}` }),
    ...agent.environment,
  };
  const volumeMounts = [
    ...(keepsState ? [{ volume: "state", destination: stateMount }] : []),
    ...hostVolumes.map(({ source, destination, readOnly = true }) => ({
      volume: source,
      destination,
      readOnly,
      // Docker demands it of a directory that its own lies in, and an unmount on the node would fail without.
      propagation: "host-to-task",
    })),
  ];
  return {
    image: agent.image,
    ...(agent.command !== undefined && { command: agent.command }),
    args: agent.args,
    // With the node's network the agent sees its interfaces, and the node's host name.
    networkMode: "host",
    ...(agent.security && { security: agent.security }),
    ...(Object.keys(environment).length > 0 && { environment }),
    ...(files.length > 0 && {
      templates: files.map(({ name, text, environment, owner }) => ({
        text: agent.needsApiKey ? `{{ with nomadVar "${variablePath(jobId)}" }}${text}{{ end }}` : text,
        destination: `secrets/${name}`,
        permissions: "0400",
        ...(environment !== undefined && { environment }),
        ...(owner !== undefined && { owner }),
      })),
    }),
    ...(volumeMounts.length > 0 && { volumeMounts }),
    resources: { cpu: resources.cpu ?? agent.cpu, memory: resources.memory ?? agent.memory },
    killTimeout: agent.killTimeout,
    ...(logs && { logs }),
    ...(registry && {
      registry: {
        variable: registryVariable(jobId),
        ...(registry.server !== undefined && { server: registry.server }),
      },
    }),
  };
}

function agentPorts({ ports = {}, dynamicPorts = [] }: MonitoringAgent): Pick<TaskGroup, "ports"> {
  const all = {
    ...Object.fromEntries(Object.entries(ports).map(([label, port]) => [label, { static: port }])),
    ...Object.fromEntries(dynamicPorts.map((label) => [label, {}])),
  };
  return Object.keys(all).length > 0 ? { ports: all } : {};
}

function agentVolumes({ agent, stateVolume }: ResolvedMonitoringAgentArgs): Pick<TaskGroup, "volumes"> {
  const all = {
    ...(agent.keepsState && { state: { source: stateVolume } }),
    ...Object.fromEntries(
      (agent.hostVolumes ?? []).map(({ source, readOnly = true }) => [source, { source, readOnly }]),
    ),
  };
  return Object.keys(all).length > 0 ? { volumes: all } : {};
}

function agentService({ port, healthPath }: AgentService, jobId: string) {
  return {
    name: jobId,
    port,
    check: {
      path: healthPath,
      interval: "15s",
      timeout: "5s",
      restart: { limit: 4, grace: "1m" },
    },
  };
}
