import * as nomad from "@pulumi/nomad";
import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../arguments.ts";
import { rejectProblems } from "../arguments.ts";
import { nomadProvider } from "../cluster/connection.ts";
import type { ClusterConnection } from "../cluster/connection.ts";
import type { ApiJob } from "./api-job.ts";
import { taskGroup } from "./job.ts";
import type { MonitoringAgent } from "./monitoring-agent.ts";
import { NomadJob } from "./nomad-job.ts";
import { imageProblem, systemJob } from "./render.ts";

export interface SystemMonitoringAgentArgs {
  /** The cluster whose nodes are watched. */
  connection: pulumi.Input<ClusterConnection>;
  /** Which agent, and how it is configured, for example `mackerelAgent({ roles: ["blog:nomad-cluster"] })`. */
  agent: MonitoringAgent;
  /**
   * The vendor's API key. Kept as a secret in Pulumi's state, in the Nomad Variable `nomad/jobs/JOB`, and in the
   * task's secrets directory; never in the job. A changed key restarts the agents and leaves the job alone.
   */
  apiKey: pulumi.Input<string>;
  /** Id of the job. Default: the agent's name. A change replaces the job; hosts keep their identity. */
  jobId?: string;
  /**
   * 1 to 100. Default 50, as Nomad's. Nomad evicts only jobs whose priority is lower by at least 10, so an agent with
   * priority 50 makes room for itself on a full node only from jobs of 40 or less.
   */
  priority?: number;
  /** Host volume of the nodes for the agents' state. Default `agent-state`, which every `NomadCluster` node offers. */
  stateVolume?: string;
}

/** Where the state volume is mounted in the container; each agent keeps to its own directory in it. */
const stateMount = "/var/lib/agent-state";

/** A monitoring agent on every node of a cluster, as a Nomad system job: a node that joins gets it with no change here. */
export class SystemMonitoringAgent extends pulumi.ComponentResource {
  /** Id of the job in Nomad. */
  readonly jobId: pulumi.Output<string>;

  constructor(name: string, args: SystemMonitoringAgentArgs, opts?: pulumi.ComponentResourceOptions) {
    super(
      "nomad-digitalocean:index:SystemMonitoringAgent",
      name,
      { ...args, apiKey: pulumi.secret(args.apiKey) },
      opts,
    );
    rejectProblems(this, systemMonitoringAgentProblems(args));
    const jobId = args.jobId ?? args.agent.name;
    const connection = pulumi.output(args.connection);
    const provider = nomadProvider(this, name, connection);

    const apiKey = pulumi.secret(args.apiKey).apply((key) => {
      if (key.trim() === "")
        throw new pulumi.RunError("apiKey: is empty; the agent cannot report without its API key");
      return key;
    });
    const variable = new nomad.Variable(
      `${name}-variable`,
      { path: variablePath(jobId), items: pulumi.secret({ apiKey }) },
      { parent: this, provider, dependsOn: opts?.dependsOn ?? [] },
    );
    const job = new NomadJob(
      name,
      {
        connection: args.connection,
        job: pulumi
          .unsecret(connection.datacenter)
          .apply((datacenter) => monitoringAgentJob({ ...args, jobId, datacenter })),
      },
      // A task whose variable is missing would wait for ever.
      { parent: this, providers: [provider], dependsOn: [variable] },
    );
    this.jobId = job.jobId;
    this.registerOutputs({ jobId: this.jobId });
  }
}

/** Everything that is wrong with the arguments, but for the API key, which may be known later. */
export function systemMonitoringAgentProblems(args: SystemMonitoringAgentArgs): Problem[] {
  const problems: Problem[] = [];
  const { priority, jobId, agent } = args;
  if (priority !== undefined && !(Number.isInteger(priority) && priority >= 1 && priority <= 100))
    problems.push({ propertyPath: "priority", reason: `${priority} is not a whole number from 1 to 100` });
  if (jobId !== undefined && !/^[\w-]{1,128}$/.test(jobId))
    problems.push({
      propertyPath: "jobId",
      reason: `"${jobId}" is not a job id of letters, digits, hyphens and underscores`,
    });
  const reason = imageProblem(agent.image);
  if (reason !== undefined) problems.push({ propertyPath: "agent.image", reason });
  return problems;
}

/** Path of the Variable that Nomad lets a job's tasks read with no policy of their own. */
export function variablePath(jobId: string): string {
  return `nomad/jobs/${jobId}`;
}

/** The job, rendered. It names the API key's Variable, never the key. */
export function monitoringAgentJob(args: {
  agent: MonitoringAgent;
  jobId: string;
  datacenter: string;
  priority?: number;
  stateVolume?: string;
}): ApiJob {
  const { agent, jobId } = args;
  return systemJob({
    id: jobId,
    ...(args.priority !== undefined && { priority: args.priority }),
    datacenters: [args.datacenter],
    groups: {
      [jobId]: taskGroup({
        volumes: { state: { source: args.stateVolume ?? "agent-state" } },
        // An agent that cannot reach its vendor for an hour must be back in the second.
        restart: { attempts: 3, interval: "5m", delay: "15s", mode: "delay" },
        tasks: {
          [`${agent.name}-agent`]: {
            image: agent.image,
            command: agent.command,
            args: agent.args,
            // With the node's network the agent sees its interfaces, and the node's host name.
            networkMode: "host",
            environment: { AGENT_STATE_DIRECTORY: `${stateMount}/${agent.name}` },
            templates: [
              {
                text: `{{ with nomadVar "${variablePath(jobId)}" }}${agent.configuration}{{ end }}`,
                destination: `secrets/${agent.configurationFile}`,
                permissions: "0400",
              },
            ],
            volumeMounts: [{ volume: "state", destination: stateMount }],
            resources: { cpu: agent.cpu, memory: agent.memory },
            killTimeout: agent.killTimeout,
          },
        },
      }),
    },
  });
}
