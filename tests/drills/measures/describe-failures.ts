import type { Failure, FailureCause, NodeMove } from "./availability.ts";
import type { ServersSample, ServersSummary } from "./server-health.ts";

interface Described {
  /** Milliseconds since 1970. */
  readonly started: number;
  /** In the order of time. */
  readonly moves: readonly NodeMove[];
  readonly requests: number;
  readonly failures: readonly Failure[];
  readonly servers: ServersSummary;
}

/** What happened, for people: who moved when, which requests failed and how long, and what the servers did. */
export function describeFailures({ moves, requests, failures, servers, started }: Described): string {
  const origin = moves[0]?.from ?? started;
  const since = (time: number) => `${((time - origin) / 1000).toFixed(1)} s`;
  const causes: readonly FailureCause[] = ["moving node", "ghost moving", "neither"];
  return [
    `${requests} requests, ${failures.length} without the blog`,
    ...moves.map(
      ({ slot, from, succeededAt, hadGhost }) =>
        `${slot}${hadGhost ? " (ghost)" : ""}: gone from ${since(from)}, ` +
        (succeededAt === undefined ? "no successor" : `its successor registered at ${since(succeededAt)}`),
    ),
    ...causes.flatMap((cause) => describeCause(cause, failures, since)),
    `servers: ${servers.samples} samples, at least ${servers.minHealthyVoters} healthy voters, ` +
      `${servers.elections} changes of leader, at most ${servers.leadersOfOneTerm} leader a term, ` +
      `longest without one ${servers.leaderlessMs} ms`,
    ...(servers.weakest ? [describeSample(servers.weakest, since)] : []),
  ].join("\n");
}

function describeSample({ at, agents, voters = [] }: ServersSample, since: (time: number) => string): string {
  const answered = agents.map(({ node, leader }) => (leader === "" ? `${node} (knows no leader)` : node));
  return `fewest at ${since(at)}: ${answered.join(", ")} answered, ${voters.join(", ")} were voters`;
}

/** One line an address and kind of answer. */
function describeCause(
  cause: FailureCause,
  failures: readonly Failure[],
  since: (time: number) => string,
): string[] {
  const groups = Map.groupBy(
    failures.filter((failure) => failure.cause === cause),
    ({ address, answer }) => `${address} ${answer}`,
  );
  return [...groups].map(
    ([what, group]) =>
      `${cause}: ${group.length} times ${what}, from ${since(group[0]!.startedAt)} to ${since(group.at(-1)!.endedAt)}`,
  );
}
