import * as nomad from "@pulumi/nomad";
import * as pulumi from "@pulumi/pulumi";
import { ResolvedInputError, rejectProblems } from "../../validation.ts";
import { nomadProvider } from "../../cluster/connection.ts";
import type { ClusterConnection } from "../../cluster/connection.ts";
import { checkHostVolumes, neededVolumes } from "./host-volume-check.ts";
import { monitoringAgentJob } from "./job.ts";
import { monitoringAgentProblems } from "./validation.ts";
import type { MonitoringAgent } from "./monitoring-agent.ts";
import { NomadJob } from "../spec/nomad-job.ts";
import { variablePath } from "../spec/variable-path.ts";

export interface SystemMonitoringAgentArgs {
  /** The cluster whose nodes are watched. */
  connection: pulumi.Input<ClusterConnection>;
  /** Which agent, and how it is configured, for example `mackerelAgent({ roles: ["blog:nomad-cluster"] })`. */
  agent: MonitoringAgent;
  /**
   * The vendor's API key: required if the agent needs one, refused if it has no use for it. Kept as a secret in Pulumi's
   * state, in the Nomad Variable `nomad/jobs/JOB`, and in the task's secrets directory; never in the job. A changed key
   * restarts the agents and leaves the job alone.
   */
  apiKey?: pulumi.Input<string>;
  /** Id of the job. Default: the agent's name. A change replaces the job; hosts keep their identity. */
  jobId?: string;
  /**
   * 1 to 100. Default 50, as Nomad's. Nomad evicts only jobs whose priority is lower by at least 10, so an agent with
   * priority 50 makes room for itself on a full node only from jobs of 40 or less.
   */
  priority?: number;
  /**
   * Nomad namespace of the job and its Variable, one of the cluster's `namespaces`. Default `default`. Nomad refuses one
   * that does not exist. A change replaces the job; hosts keep their identity.
   */
  namespace?: string;
  /** Host volume of the nodes for the agents' state. Default `agent-state`, which every `NomadCluster` node offers. */
  stateVolume?: string;
}

/**
 * A monitoring agent on every node of a cluster, as a Nomad system job: a node that joins gets it with no change here.
 * It runs on the nodes that offer the agent's host volumes; an update fails, before the job is changed, if none does.
 * It takes over the job of a `NomadJob` that was declared under its name, such as an agent that ran as a service job.
 */
export class SystemMonitoringAgent extends pulumi.ComponentResource {
  /** Id of the job in Nomad. */
  readonly jobId: pulumi.Output<string>;

  constructor(name: string, args: SystemMonitoringAgentArgs, opts?: pulumi.ComponentResourceOptions) {
    const apiKey = args.apiKey === undefined ? undefined : pulumi.secret(args.apiKey);
    super(
      "nomad-digitalocean:index:SystemMonitoringAgent",
      name,
      { ...args, ...(apiKey && { apiKey }) },
      opts,
    );
    rejectProblems(this, monitoringAgentProblems(args));
    const { namespace, jobId = args.agent.name } = args;
    const connection = pulumi.output(args.connection);
    const provider = nomadProvider(this, name, connection);
    const variable =
      apiKey &&
      new nomad.Variable(
        `${name}-variable`,
        {
          path: variablePath(jobId),
          ...(namespace !== undefined && { namespace }),
          items: pulumi.secret({ apiKey: apiKey.apply(notEmpty), clusterAddress: connection.address }),
        },
        { parent: this, provider, dependsOn: opts?.dependsOn ?? [] },
      );
    const job = new NomadJob(
      name,
      {
        connection: args.connection,
        job: pulumi
          .all([pulumi.unsecret(connection.datacenter), hostVolumesChecked(args, connection, this)])
          .apply(([datacenter]) => monitoringAgentJob({ ...args, jobId, datacenter })),
      },
      {
        parent: this,
        providers: [provider],
        // A task whose variable is missing would wait for ever.
        dependsOn: variable ?? opts?.dependsOn ?? [],
        // The job that a `NomadJob` of this name declared before: it is replaced, not declared twice.
        aliases: [{ parent: opts?.parent ?? pulumi.rootStackResource }],
      },
    );
    this.jobId = job.jobId;
    this.registerOutputs({ jobId: this.jobId });
  }
}

/** Known when the cluster's nodes were found to offer what the agent mounts. A preview asks no cluster. */
function hostVolumesChecked(
  { agent, stateVolume }: SystemMonitoringAgentArgs,
  connection: pulumi.Output<pulumi.Unwrap<ClusterConnection>>,
  component: SystemMonitoringAgent,
): pulumi.Output<void> {
  if (pulumi.runtime.isDryRun()) return pulumi.output(undefined);
  return pulumi
    .unsecret(connection)
    .apply(({ datacenter, ...access }) =>
      checkHostVolumes(
        access,
        datacenter,
        neededVolumes(agent, stateVolume),
        (message) => void pulumi.log.warn(message, component),
      ),
    );
}

function notEmpty(apiKey: string): string {
  if (apiKey.trim() === "")
    throw new ResolvedInputError("invalid arguments", [
      { propertyPath: "apiKey", reason: "is empty; the agent cannot report without its API key" },
    ]);
  return apiKey;
}
