/** The parts of a Nomad job that the rules read (Nomad documentation, "JSON job specification"). */
export interface Job {
  readonly id: string;
  /** `service` if the job names none. */
  readonly type: string;
  readonly groups: readonly TaskGroup[];
}

export interface TaskGroup {
  readonly name: string;
  /** Instances of a job that is not a system job. */
  readonly count: number;
  /** Sources of the group's host volumes. */
  readonly hostVolumes: readonly string[];
  /** A node runs at most one instance: the group has a static port or wants distinct hosts. */
  readonly oneInstancePerNode: boolean;
  readonly tasks: readonly Task[];
}

export interface Task {
  readonly name: string;
  readonly driver: string;
  /** The driver's own settings. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, unknown>>;
  /** Texts of the templates that become environment variables. */
  readonly environmentTemplates: readonly string[];
  /** MiB; undefined if the task names none. */
  readonly memory: number | undefined;
}

/** Reads the `jobspec` of a `nomad.Job` whose `json` is true. Throws if it is not a JSON object. */
export function readJob(jobspec: string): Job {
  const root = JSON.parse(jobspec) as unknown;
  if (!isObject(root)) throw new SyntaxError("the job is not a JSON object");
  const job = "Job" in root ? root["Job"] : root;
  return {
    id: text(field(job, "ID")),
    type: text(field(job, "Type")) || "service",
    groups: list(field(job, "TaskGroups")).map((group) => readGroup(job, group)),
  };
}

/** Where a task is, for messages. */
function taskName(group: TaskGroup, task: Task): string {
  return `task ${group.name}/${task.name}`;
}

/** Drivers that run a task in a container of an image: Nomad's own, Podman's, and containerd's under both of its names. */
const containerDrivers: readonly string[] = ["docker", "podman", "containerd-driver", "containerd"];

export function runsContainer({ driver }: Task): boolean {
  return containerDrivers.includes(driver);
}

/** Runs a check on every task that runs in a container, and puts the task's name before each of its findings. */
export function containerTaskProblems(job: Job, check: (task: Task) => string[]): string[] {
  return taskProblems(job, (task) => (runsContainer(task) ? check(task) : []));
}

/** Runs a check on every task, and puts the task's name before each of its findings. */
export function taskProblems(job: Job, check: (task: Task) => string[]): string[] {
  return job.groups.flatMap((group) =>
    group.tasks.flatMap((task) => check(task).map((problem) => `${taskName(group, task)}: ${problem}`)),
  );
}

function readGroup(job: unknown, group: unknown): TaskGroup {
  const count = field(group, "Count");
  const constraints = [job, group].flatMap((level) => list(field(level, "Constraints")));
  const networks = list(field(group, "Networks"));
  return {
    name: text(field(group, "Name")),
    count: typeof count === "number" ? count : 1,
    hostVolumes: Object.values(object(field(group, "Volumes")))
      .filter((volume) => field(volume, "Type") === "host")
      .map((volume) => text(field(volume, "Source"))),
    oneInstancePerNode:
      networks.some((network) => list(field(network, "ReservedPorts")).length > 0) ||
      constraints.some((constraint) => field(constraint, "Operand") === "distinct_hosts"),
    tasks: list(field(group, "Tasks")).map(readTask),
  };
}

function readTask(task: unknown): Task {
  const memory = field(field(task, "Resources"), "MemoryMB");
  return {
    name: text(field(task, "Name")),
    driver: text(field(task, "Driver")),
    config: object(field(task, "Config")),
    environment: object(field(task, "Env")),
    environmentTemplates: list(field(task, "Templates"))
      .filter((template) => field(template, "Envvars") === true)
      .map((template) => text(field(template, "EmbeddedTmpl"))),
    memory: typeof memory === "number" && memory > 0 ? memory : undefined,
  };
}

type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Go, in which Nomad and its provider read a job, takes a field's name in any case, and the last of several. */
function field(value: unknown, name: string): unknown {
  if (!isObject(value)) return undefined;
  const key = Object.keys(value).findLast((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : value[key];
}

function object(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** One block or a list of them, as HCL made into JSON has it. */
export function entries(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
