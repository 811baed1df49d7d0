import type { StackValidationPolicy } from "@pulumi/policy";
import { clustersOf } from "../cluster.ts";
import type { Node } from "../cluster.ts";
import { memoryOfSize } from "../droplet-sizes.ts";
import type { Job } from "../job.ts";
import { jobType, knownJob, unreadableJob } from "../job-policy.ts";
import { unplacedInstances } from "../placement.ts";
import type { Instance, Room } from "../placement.ts";
import { propertiesOf } from "../stack-resource.ts";

export interface OneNodeLostConfig {
  /** MiB of each node that jobs do not get. */
  readonly reservedMemory: number;
  /** MiB of droplet sizes, by slug. */
  readonly memory: Readonly<Record<string, number>>;
}

export const oneNodeLost: StackValidationPolicy = {
  name: "one-node-lost",
  description: "The memory of the nodes is enough for every job when any one of them is lost.",
  enforcementLevel: "advisory",
  severity: "medium",
  remediationSteps: "Add a node, choose a larger size, or lower the jobs' memory.",
  configSchema: {
    properties: {
      reservedMemory: {
        type: "integer",
        minimum: 0,
        default: 512,
        description:
          "MiB of each node that jobs do not get: what Nomad's client reserves, and jobs of other stacks.",
      },
      memory: {
        type: "object",
        additionalProperties: { type: "integer", minimum: 1 },
        default: {},
        description: "MiB of droplet sizes, by slug, for those whose slug does not say it.",
      },
    },
  },
  validateStack(args, reportViolation) {
    const clusters = [...clustersOf(args.resources).values()];
    const [nodes] = clusters;
    if (nodes === undefined) return args.notApplicable("the stack has no cluster");
    if (clusters.length > 1)
      return reportViolation(
        `the stack has ${clusters.length} clusters, and which job runs on which cannot be told: nothing was counted`,
      );
    const jobs = args.resources.filter(({ type }) => type === jobType);
    const known = jobs.flatMap(({ name, props }) => {
      const { jobspec } = props as { jobspec?: string };
      if (jobspec === undefined) return [];
      const job = knownJob(jobspec);
      if (job === undefined) reportViolation(`${name}: ${unreadableJob}; its memory was not counted`);
      return job ?? [];
    });
    for (const problem of oneNodeLostProblems(nodes, known, args.getConfig<OneNodeLostConfig>()))
      reportViolation(problem);
    for (const job of jobs)
      if (propertiesOf<{ jobspec: string }>(job).jobspec === undefined)
        reportViolation(`${job.name}: the job is not known, so its memory was not counted`);
  },
};

/** Nomad's own default for a task that names none. */
const defaultTaskMemory = 300;

const everywhere = (job: Job) => ["system", "sysbatch"].includes(job.type);

/**
 * What would not fit when a node is lost. A group that mounts the volume of one node is not asked for when it is that
 * node: no memory could bring it back.
 */
export function oneNodeLostProblems(
  nodes: readonly Node[],
  jobs: readonly Job[],
  config: OneNodeLostConfig,
): string[] {
  const unknown = nodes.filter(({ size }) => memoryOf(size, config) === undefined);
  if (unknown.length > 0)
    return [...new Set(unknown.map(({ size }) => size))].map(
      (size) =>
        `the memory of droplet size "${size}" is not known, so nothing was counted; set it in MiB as memory["${size}"] ` +
        "in the configuration of this policy",
    );

  const onEachNode = sum(jobs.filter(everywhere).map((job) => sum(job.groups.map(groupMemory))));
  const rooms = nodes.map((node): Room & Node => ({
    ...node,
    memory: (memoryOf(node.size, config) ?? 0) - config.reservedMemory - onEachNode,
  }));
  const full = rooms.filter(({ memory }) => memory < 0);
  if (full.length > 0)
    return full.map(
      ({ name, size, memory }) =>
        `the system jobs need ${onEachNode} MiB on every node, and ${name} ("${size}") has ${onEachNode + memory} MiB for jobs`,
    );

  const instances = jobs.filter((job) => !everywhere(job)).flatMap((job) => jobInstances(job, nodes));
  const lostBy = new Map<string, string[]>();
  for (const lost of nodes) {
    const left = rooms.filter(({ name }) => name !== lost.name);
    const asked = instances.filter(({ only }) => only?.includes(lost.name) !== true || only.length > 1);
    const problem = describeUnplaced(unplacedInstances(asked, left));
    if (problem !== undefined) lostBy.set(problem, [...(lostBy.get(problem) ?? []), lost.name]);
  }
  return [...lostBy].map(
    ([problem, lost]) => `when ${lost.join(" or ")} is lost, no node has room for ${problem}`,
  );
}

function memoryOf(size: string, config: OneNodeLostConfig): number | undefined {
  return config.memory[size] ?? memoryOfSize(size);
}

function groupMemory({ tasks }: Job["groups"][number]): number {
  return sum(tasks.map(({ memory = defaultTaskMemory }) => memory));
}

function jobInstances(job: Job, nodes: readonly Node[]): Instance[] {
  return job.groups.flatMap((group) => {
    const owners = group.hostVolumes.flatMap((volume) =>
      nodes.filter(({ volumes }) => volumes.includes(volume)).map(({ name }) => name),
    );
    const instance: Instance = {
      group: `${job.id}/${group.name}`,
      memory: groupMemory(group),
      onePerNode: group.oneInstancePerNode,
      ...(owners.length > 0 && { only: owners }),
    };
    return Array.from({ length: group.count }, () => instance);
  });
}

function describeUnplaced(unplaced: readonly Instance[]): string | undefined {
  if (unplaced.length === 0) return undefined;
  const groups = Map.groupBy(unplaced, ({ group }) => group);
  return [...groups]
    .map(([group, { length, 0: first }]) => `${length} of ${group} (${first?.memory ?? 0} MiB each)`)
    .join(", ");
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
