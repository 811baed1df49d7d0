import type * as pulumi from "@pulumi/pulumi";
import type { ClusterConnection } from "../../cluster/connection.ts";
import type { MonitoringAgent } from "./monitoring-agent.ts";

export interface SystemMonitoringAgentArgs {
  /** The cluster whose nodes are watched. */
  connection: pulumi.Input<ClusterConnection>;
  /** Which agent, and how it is configured, for example `mackerelAgent({ roles: ["blog:nomad-cluster"] })`. */
  agent: MonitoringAgent;
  /**
   * The vendor's API key: required if the agent needs one, refused if it has no use for it. Kept as a secret in Pulumi's
   * state, in the Nomad Variable `nomad/jobs/JOB`, and in the task's secrets directory; never in the job. White space around
   * it is left out. A changed key restarts the agents and leaves the job alone.
   * @default - none
   */
  apiKey?: pulumi.Input<string>;
  /**
   * Id of the job. A change replaces the job; hosts keep their identity.
   * @default - the agent's name
   */
  jobId?: string;
  /**
   * 1 to 100. Nomad evicts only jobs whose priority is lower by at least 10, so an agent with priority 50 makes room for
   * itself on a full node only from jobs of 40 or less. A change updates the job.
   * @default `50`
   */
  priority?: number;
  /**
   * Nomad namespace of the job and its Variable, one of the cluster's `namespaces`. Nomad refuses one that does not exist.
   * A change replaces the job; hosts keep their identity.
   * @default - Nomad's own, `default`
   */
  namespace?: string;
  /**
   * Host volume of the nodes for the agents' state; every `NomadCluster` node offers the default. A change restarts the
   * agents, which then begin with no state.
   * @default `"agent-state"`
   */
  stateVolume?: string;
}
