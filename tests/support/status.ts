import type { JobStatus, StatusReport } from "../../sandbox/status/status-report.ts";

/** What `npm run status -- --json` prints of a sandbox that runs. */
export type Status = Omit<StatusReport, "addresses"> & {
  readonly addresses: {
    readonly blog: readonly string[];
    readonly nomad: string;
    readonly digitalocean: string;
    readonly mackerel: string;
  };
};

export const jobOf = ({ jobs }: Status, id: string): JobStatus | undefined =>
  jobs.find((job) => job.id === id);

/** Names of the nodes on which an allocation of the job runs, one an allocation, sorted. */
export const runningNodes = (status: Status, id: string): string[] =>
  (jobOf(status, id)?.allocations ?? [])
    .filter((allocation) => allocation.status === "running")
    .map(({ node }) => node)
    .sort();

export const nodeNames = ({ nodes }: Status): string[] => nodes.map(({ name }) => name).sort();
