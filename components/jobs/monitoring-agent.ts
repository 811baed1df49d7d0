import type { Duration } from "../duration.ts";

/**
 * A monitoring agent as data: what `SystemMonitoringAgent` runs on every node. `mackerelAgent()` makes one; another
 * vendor's agent is another such value.
 */
export interface MonitoringAgent {
  /** Default id of the job, and name of the agent's directory in the state volume. */
  name: string;
  /** Container image with a version. A change restarts the agents, one node after another. */
  image: string;
  /** Program in the image. */
  command: string;
  /** Its arguments. The configuration file lies in `/secrets`. */
  args: string[];
  /** Name of the configuration file. */
  configurationFile: string;
  /**
   * Text of the configuration file, as a Nomad template in which `{{ .apiKey.Value }}` is the API key and
   * `{{ env "AGENT_STATE_DIRECTORY" }}` a directory that outlives the allocation.
   */
  configuration: string;
  /** From SIGTERM to SIGKILL: long enough for the last metrics to be sent. Nomad's clients allow at most `30s`. */
  killTimeout: Duration;
  /** MHz. */
  cpu: number;
  /** MiB. */
  memory: number;
}
