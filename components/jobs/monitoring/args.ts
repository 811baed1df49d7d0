import type * as pulumi from "@pulumi/pulumi";
import type { ClusterConnection } from "../../cluster/connection.ts";
import type { Duration } from "../../duration.ts";
import type { Constraint } from "../spec/constraint.ts";
import type { TaskLogs } from "../spec/job.ts";
import type { Update } from "../spec/update.ts";
import type { MonitoringAgent } from "./monitoring-agent.ts";
import type { AgentPreset } from "./presets/preset.ts";

/** What an agent may use of a node. */
export interface AgentResources {
  /**
   * MHz.
   * @default - the agent's
   */
  cpu?: number;
  /**
   * MiB; the container is killed when it uses more.
   * @default - the agent's
   */
  memory?: number;
}

/**
 * Who the nodes are at the registry of the agent's image. The credentials are kept as secrets in Pulumi's state and in the Nomad
 * Variable `nomad/jobs/JOB/JOB`, which the nodes read when they start the agent; neither the job nor the agent's container has
 * them (Nomad 1.11, "secret"). Changed ones are used from the next start on and restart nothing.
 */
export interface AgentRegistry {
  username: pulumi.Input<string>;
  /** Password or access token. Secret. */
  password: pulumi.Input<string>;
  /**
   * Host of the registry, with its port if it has one, for example `registry.example.com:5000`. A change restarts the agents.
   * @default - that of the image
   */
  server?: string;
}

/** How an agent is run. A change of these restarts the agents, as far as nothing else is said. */
export interface AgentOperation {
  /**
   * How a new version of the agent goes out: how many nodes at once, how many first, and for how long Nomad waits. The first
   * version starts on all nodes at once. A change restarts nothing.
   * @default - Nomad's: one node after another
   */
  update?: Update;
  /**
   * Longest wait of an update for the agents to run, for example `"2h"`. A change restarts nothing.
   * @default - as long as Nomad may take: of every step's `healthyDeadline` and a minute, and `progressDeadline`. There are as many
   *   steps as `maxParallel` goes into the number of nodes, and one more with canaries; one if the token may not read nodes
   */
  timeout?: Duration;
  /**
   * Which nodes run the agent, all of these at once. An update fails, before the job is changed, if no node fits.
   * @default - every node
   */
  constraints?: Constraint[];
  /**
   * CPU and memory instead of the agent's own.
   * @default - the agent's
   */
  resources?: AgentResources;
  /**
   * What Nomad keeps of the agent's output on the node.
   * @default - Nomad's: ten files of 10 MB
   */
  logs?: TaskLogs;
  /**
   * How the nodes sign in at the image's registry.
   * @default - they do not, unless their Docker is told to
   */
  registry?: AgentRegistry;
}

export interface SystemMonitoringAgentArgs extends AgentOperation {
  /** The cluster whose nodes are watched. */
  connection: pulumi.Input<ClusterConnection>;
  /**
   * Which agent, and how it is configured, for example `mackerelAgent({ roles: ["blog:nomad-cluster"] })`.
   * @default - what `preset` makes
   */
  agent?: MonitoringAgent;
  /**
   * Instead of `agent`, one of the known agents by plain values, for programs that are not in TypeScript.
   * @default - none; `agent` is needed then
   */
  preset?: AgentPreset;
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
  /**
   * Datacenters whose nodes run the agent; `*` stands for any text. A change starts and stops agents where it has to.
   * @default - the connection's
   */
  datacenters?: string[];
  /**
   * Node pool whose nodes run the agent; `all` is every one. A change starts and stops agents where it has to.
   * @default - Nomad's own, `default`
   */
  nodePool?: string;
}
