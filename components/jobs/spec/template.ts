import type { Duration } from "../../duration.ts";

/** Runs in the task's container. A task that has not started yet reads the new text when it does. */
export interface ChangeCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Longest run. A command that fails or takes longer is an event of the task, which goes on. */
  readonly timeout: Duration;
}

/** A file that Nomad renders for a task, for example from the job's Variable. */
export interface Template {
  readonly text: string;
  /** Relative to the task's directory: `secrets/...` is in memory and not shown by the API. */
  readonly destination: string;
  /**
   * Mode of the file.
   * @default `"0644"`
   */
  readonly permissions?: string;
  /**
   * Id of the user who owns the file, in the container.
   * @default - root
   */
  readonly owner?: number;
  /**
   * What happens when the text changes: `restart`, `noop`, or a command in the running task. There is no
   * signal: Nomad kills a task that has not started yet, such as one whose image is being pulled, when it cannot send one.
   * @default `"restart"`
   */
  readonly onChange?: "restart" | "noop" | ChangeCommand;
  /**
   * Longest random wait before that happens, so that not all nodes do it at once.
   * @default `"5s"`
   */
  readonly splay?: Duration;
  /**
   * The lines of the file, `KEY=value` each, become environment variables of the task.
   * @default `false`
   */
  readonly environment?: boolean;
}
