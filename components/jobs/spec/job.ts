import type { Duration } from "../../duration.ts";
import type { Constraint } from "./constraint.ts";
import type { ContainerSecurity } from "./container-security.ts";
import type { Template } from "./template.ts";
import type { Update } from "./update.ts";

/** What a system and a service job have in common. */
interface Job {
  /** Id and name. A change replaces the job. */
  readonly id: string;
  /**
   * 1 to 100.
   * @default `50`
   */
  readonly priority?: number;
  /**
   * Nomad namespace, which must exist. A change replaces the job.
   * @default `"default"`
   */
  readonly namespace?: string;
  readonly datacenters: readonly string[];
  /**
   * Node pool in which it runs; `all` is every one.
   * @default `"default"`
   */
  readonly nodePool?: string;
  readonly constraints?: readonly Constraint[];
  /**
   * How a new version goes out.
   * @default - Nomad's
   */
  readonly update?: Update;
}

/** One allocation on every eligible node; a node that joins gets one too. It cannot be counted, spread or rescheduled. */
export interface SystemJob extends Job {
  readonly groups: Readonly<Record<string, TaskGroup>>;
}

/** A number of allocations on the nodes that the scheduler chooses. */
export interface ServiceJob extends Job {
  readonly groups: Readonly<Record<string, ServiceTaskGroup>>;
}

/** Tasks that run together on one node. Make one with `taskGroup`, which checks its ports and volumes. */
export interface TaskGroup<Port extends string = string, Volume extends string = string> {
  /** By label. A port without `static` is chosen by Nomad. */
  readonly ports?: Readonly<Record<Port, { readonly static?: number; readonly to?: number }>>;
  /** Host volumes by the name that mounts use. */
  readonly volumes?: Readonly<Record<Volume, { readonly source: string; readonly readOnly?: boolean }>>;
  readonly services?: readonly Service<NoInfer<Port>>[];
  readonly restart?: RestartPolicy;
  /**
   * How long tasks still answer after their services have left service discovery.
   * @default `"0s"`
   */
  readonly shutdownDelay?: Duration;
  readonly tasks: Readonly<Record<string, Task<NoInfer<Port>, NoInfer<Volume>>>>;
}

export interface ServiceTaskGroup<
  Port extends string = string,
  Volume extends string = string,
> extends TaskGroup<Port, Volume> {
  /**
   * Allocations.
   * @default `1`
   */
  readonly count?: number;
  /** What happens when restarts on the node do not help. */
  readonly reschedule?: { readonly delay: Duration; readonly maxDelay: Duration };
  readonly spread?: { readonly attribute: string; readonly weight: number };
}

export interface RestartPolicy {
  readonly attempts: number;
  readonly interval: Duration;
  readonly delay: Duration;
  /** After `attempts`: `delay` waits for the interval to end and goes on, `fail` gives the allocation up. */
  readonly mode: "delay" | "fail";
}

/** Registered with Nomad's own service discovery. */
export interface Service<Port extends string = string> {
  readonly name: string;
  readonly port: Port;
  readonly check?: HttpCheck;
}

/** A GET that must be answered with 200. */
export interface HttpCheck {
  readonly path: string;
  readonly interval: Duration;
  readonly timeout: Duration;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Restarts the task after this many failures in a row; none count for `grace` after a start.
   * @default - never
   */
  readonly restart?: { readonly limit: number; readonly grace: Duration };
}

/** A container of the docker driver. */
export interface Task<Port extends string = string, Volume extends string = string> {
  /** With a tag or a digest; `latest` is refused. */
  readonly image: string;
  /**
   * Runs in place of the image's own entrypoint.
   * @default - the image's
   */
  readonly entrypoint?: readonly string[];
  readonly command?: string;
  readonly args?: readonly string[];
  /**
   * Name or id of the user in the image, also `USER:GROUP`.
   * @default - the image's
   */
  readonly user?: string;
  /**
   * What the container may do on its node.
   * @default - what the driver allows
   */
  readonly security?: ContainerSecurity;
  /**
   * `host` shares the node's network.
   * @default - the driver's, a bridge of the node's Docker
   */
  readonly networkMode?: string;
  /** Labels of the group's ports that the container listens on. */
  readonly ports?: readonly Port[];
  /** Not for secrets: anyone who may read the job reads it. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly templates?: readonly Template[];
  readonly volumeMounts?: readonly {
    readonly volume: Volume;
    readonly destination: string;
    readonly readOnly?: boolean;
    /**
     * `host-to-task` shows what is mounted or unmounted below it later; `private` does not.
     * @default `"private"`
     */
    readonly propagation?: string;
  }[];
  readonly resources: {
    /** MHz. */
    readonly cpu: number;
    /** MiB; the container is killed when it uses more. */
    readonly memory: number;
  };
  /**
   * From the image's stop signal to SIGKILL. Nomad can send another signal, which is left out here: with one it tries for six
   * minutes to kill a container that has ended already (`drivers/docker/handle.go`, up to 2.0.6). Nomad's clients allow at most `30s`.
   * @default `"5s"`
   */
  readonly killTimeout?: Duration;
  /**
   * What Nomad keeps of the task's output.
   * @default - Nomad's
   */
  readonly logs?: TaskLogs;
  /**
   * How the node signs in at the image's registry.
   * @default - not at all, or as the node's Docker is told to
   */
  readonly registry?: RegistryAccess;
  /**
   * When the task runs, if it is not one of the main ones of its group.
   * @default - with the main ones
   */
  readonly lifecycle?: Lifecycle;
  /**
   * What happens when the task ends.
   * @default - the group's
   */
  readonly restart?: RestartPolicy;
}

/** What Nomad keeps on the node of each of a task's two outputs. */
export interface TaskLogs {
  /**
   * Files, of which the oldest goes first.
   * @default `10`
   */
  maxFiles?: number;
  /**
   * MB of one.
   * @default `10`
   */
  maxFileSize?: number;
}

/** Credentials of a registry, which the node reads from a Nomad Variable and neither job nor container has (Nomad 1.11, "secret"). */
export interface RegistryAccess {
  /** Path of a Variable that the task may read, with the items `username` and `password`, each as a text of JSON. */
  readonly variable: string;
  /**
   * Host of the registry, with its port if it has one.
   * @default - the image's
   */
  readonly server?: string;
}

/** A task before, beside or after the main tasks of its group (Nomad documentation, "lifecycle"). */
export interface Lifecycle {
  /** `prestart` begins before the main tasks, `poststart` once they run, `poststop` when they have ended. */
  readonly hook: "prestart" | "poststart" | "poststop";
  /**
   * Whether it runs as long as the main tasks, and is stopped after them, rather than once.
   * @default `false`
   */
  readonly sidecar?: boolean;
}

/** Checks that services, tasks and mounts name only ports and volumes that the group declares. */
export function taskGroup<const Port extends string = never, const Volume extends string = never>(
  group: TaskGroup<Port, Volume>,
): TaskGroup {
  return group;
}

/** {@link taskGroup} of a service job. */
export function serviceTaskGroup<const Port extends string = never, const Volume extends string = never>(
  group: ServiceTaskGroup<Port, Volume>,
): ServiceTaskGroup {
  return group;
}

/** Path of the Variable that Nomad lets a job's tasks read with no policy of their own. */
export function variablePath(jobId: string): string {
  return `nomad/jobs/${jobId}`;
}
