import type { WithFailover } from "../failover.ts";
import { poll, NotYet } from "../poll.ts";
import type { PollOptions } from "../poll.ts";

/** A job of which every allocation runs. */
export interface RunningJob {
  readonly id: string;
  readonly namespace: string;
  readonly running: number;
  /** True for a system job that runs on every node that takes allocations. */
  readonly everywhere: boolean;
}

/** The jobs that run in full now, to be compared with {@link waitForJobs}. */
export async function fullyRunningJobs(withFailover: WithFailover): Promise<RunningJob[]> {
  const jobs = await jobStates(withFailover);
  return jobs
    .filter(({ stopped, running, pending }) => !stopped && running > 0 && !pending)
    .map(({ id, namespace, type, running, missing }) => ({
      id,
      namespace,
      running,
      everywhere: type === "system" && missing === 0,
    }));
}

/** Those of the jobs that can run on this node alone: they ask for a host volume that no other node offers. */
export async function jobsBoundTo(
  withFailover: WithFailover,
  nodeName: string,
  jobs: readonly RunningJob[],
): Promise<RunningJob[]> {
  const offers = await withFailover((server) => server.nodeOffers());
  const offeredWhere = (isThere: (name: string) => boolean) =>
    offers
      .filter(({ Name, Status }) => Status === "ready" && isThere(Name))
      .flatMap(({ HostVolumes }) => Object.keys(HostVolumes ?? {}));
  const elsewhere = offeredWhere((name) => name !== nodeName);
  const own = offeredWhere((name) => name === nodeName).filter((volume) => !elsewhere.includes(volume));
  if (own.length === 0) return [];
  const asked = await Promise.all(
    jobs.map(({ id, namespace }) => withFailover((server) => server.job(id, namespace))),
  );
  return jobs.filter((_, index) =>
    (asked[index]?.TaskGroups ?? [])
      .flatMap(({ Volumes }) => Object.values(Volumes ?? {}))
      .some(({ Type, Source }) => Type === "host" && own.includes(Source)),
  );
}

/** Resolves when each of the jobs runs as often as before, on every node if it did so, or was stopped by someone else. */
export async function waitForJobs(
  withFailover: WithFailover,
  before: readonly RunningJob[],
  options: PollOptions,
): Promise<void> {
  await poll(
    "waiting for the jobs",
    async () => {
      const jobs = await jobStates(withFailover);
      const short = before.flatMap((expected) => {
        const job = jobs.find(({ id, namespace }) => id === expected.id && namespace === expected.namespace);
        if (!job || job.stopped) return [];
        if (expected.everywhere)
          return job.missing === 0 ? [] : [`${job.id} (missing on ${job.missing} nodes)`];
        return job.running >= expected.running
          ? []
          : [`${job.id} (${job.running} of ${expected.running} run)`];
      });
      return short.length === 0 ? true : new NotYet(short.join(", "));
    },
    options,
  );
}

interface JobState {
  readonly id: string;
  readonly namespace: string;
  readonly type: string;
  readonly stopped: boolean;
  /** Allocations that run on nodes that are ready; those of a dead node are listed as running for a while. */
  readonly running: number;
  /** True if an allocation has not started yet. */
  readonly pending: boolean;
  /** Nodes that take allocations and have none of this job. */
  readonly missing: number;
}

async function jobStates(withFailover: WithFailover): Promise<JobState[]> {
  const [jobs, nodes, allocations] = await Promise.all([
    withFailover((server) => server.jobs()),
    withFailover((server) => server.nodes()),
    withFailover((server) => server.allocations()),
  ]);
  const ready = nodes.filter(({ Status }) => Status === "ready");
  const readyIds = new Set(ready.map(({ ID }) => ID));
  const eligible = ready.filter((node) => node.SchedulingEligibility === "eligible");
  return jobs
    .filter(({ Type }) => Type === "service" || Type === "system")
    .map((job) => {
      const own = allocations.filter(
        ({ JobID, Namespace, NodeID, DesiredStatus }) =>
          JobID === job.ID && Namespace === job.Namespace && DesiredStatus === "run" && readyIds.has(NodeID),
      );
      const running = own.filter(({ ClientStatus }) => ClientStatus === "running");
      const covered = new Set(running.map(({ NodeID }) => NodeID));
      return {
        id: job.ID,
        namespace: job.Namespace,
        type: job.Type,
        stopped: job.Stop,
        running: running.length,
        pending: own.some(({ ClientStatus }) => ClientStatus === "pending"),
        missing: eligible.filter(({ ID }) => !covered.has(ID)).length,
      };
    });
}
