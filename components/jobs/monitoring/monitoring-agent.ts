import type { Duration } from "../../duration.ts";
import type { ContainerSecurity } from "../spec/container-security.ts";

/**
 * A monitoring agent as data: what `SystemMonitoringAgent` runs on every node, and what it needs of the node.
 * `mackerelAgent()`, `nodeExporterAgent()`, `datadogAgent()` and `openTelemetryCollectorAgent()` make one; another agent is
 * another such value. It runs in the node's network, as the image's own user, with no more rights than any container.
 */
export interface MonitoringAgent {
  /** Default id of the job, and name of the agent's directory in the state volume. */
  name: string;
  /** Container image with a version. A change restarts the agents, one node after another. */
  image: string;
  /**
   * Program in the image.
   * @default - the image's entrypoint, with `args` as its arguments
   */
  command?: string;
  /** Arguments of the program. */
  args: string[];
  /**
   * True if it reports to somebody who wants an API key: in the text of `files`, `{{ .apiKey.Value }}` then is the key, and
   * `{{ .clusterAddress.Value }}` the URL of the cluster's Nomad API.
   */
  needsApiKey: boolean;
  /**
   * True if it has something that must outlive its allocation: the environment variable `AGENT_STATE_DIRECTORY` then names
   * a directory of its own, which stays on the node and belongs to root.
   */
  keepsState: boolean;
  /**
   * Files that Nomad writes into the task's secrets directory. A changed text restarts the agents.
   * @default - none
   */
  files?: AgentFile[];
  /**
   * Environment variables; not for secrets. Nomad replaces `${attr.unique.hostname}` and the like.
   * @default - none
   */
  environment?: Record<string, string>;
  /**
   * Directories of the node that it sees, beside its state.
   * @default - none
   */
  hostVolumes?: AgentHostVolume[];
  /**
   * Where the agent registers its node as a host, under the node's name and marked with the cluster's address, so that
   * `retireHosts` can retire the hosts of droplets that are gone.
   * @default - the agent registers no such host
   */
  hostRegistry?: AgentHostRegistry;
  /**
   * Static ports by label that it listens on in the node's network.
   * @default - none
   */
  ports?: Record<string, number>;
  /**
   * Labels of further ports, which Nomad chooses from its dynamic range.
   * @default - none
   */
  dynamicPorts?: string[];
  /**
   * How others find it, if they come and fetch.
   * @default - they do not
   */
  service?: AgentService;
  /**
   * What its container may do on the node. A change restarts the agents.
   * @default - what the docker driver allows
   */
  security?: ContainerSecurity;
  /** From SIGTERM to SIGKILL: long enough for the last metrics to be sent. Nomad's clients allow at most `30s`. */
  killTimeout: Duration;
  /** MHz. */
  cpu: number;
  /** MiB. */
  memory: number;
}

/** A file that only its owner may read. */
export interface AgentFile {
  /** It is `/secrets/NAME` in the container. */
  name: string;
  /** A Nomad template; for example `{{ env "attr.unique.hostname" }}` is the node's host name. */
  text: string;
  /**
   * Its lines, `KEY=value` each, are environment variables of the agent too.
   * @default `false`
   */
  environment?: boolean;
  /**
   * Id of the user that the image runs as.
   * @default `0`
   */
  owner?: number;
}

/** A directory of the node in the agent's container. */
export interface AgentHostVolume {
  /** Name of a host volume that the nodes offer: one of the cluster's `hostVolumes`. */
  source: string;
  /** The directory on the node that the name is meant for. */
  path: string;
  /** Where the container has it. What is mounted on the node below `path` later is seen there too. */
  destination: string;
  /**
   * Whether the agent may only read it.
   * @default `true`
   */
  readOnly?: boolean;
}

/** A Nomad service on every node, under the job's id. */
export interface AgentService {
  /** Label of one of the agent's ports. */
  port: string;
  /** Path that answers 200 while the agent is well. Others fail an update, and restart the agent later. */
  healthPath: string;
}

/** A vendor's list of hosts. */
export interface AgentHostRegistry {
  /** Whose API it is; `mackerel` is the one that is known. */
  vendor: string;
  /** URL of the API. */
  url: string;
  /**
   * Roles that its hosts get there, each `service:role`.
   * @default - none that is known
   */
  roles?: string[];
}
