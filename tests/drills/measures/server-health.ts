/** What one look at all servers showed. Times are in milliseconds since 1970. */
export interface ServersSample {
  readonly at: number;
  /** What each agent that answered says of itself. */
  readonly agents: readonly AgentView[];
  /** Voters in the leader's Raft configuration, by node name; undefined while no leader answers. */
  readonly voters?: readonly string[];
}

export interface AgentView {
  readonly node: string;
  /** Address of the leader that it knows; empty if it knows none. */
  readonly leader: string;
  /** Its Raft term. */
  readonly term: string;
  /** True if it leads itself. */
  readonly leads: boolean;
}

export interface ServersSummary {
  readonly samples: number;
  /**
   * Fewest voters in one sample whose own agents answered; whether they had a leader is `leaderlessMs`. Autopilot's word is not taken: it notices
   * a death after half a minute, and calls a server unhealthy that was not heard for 200 ms.
   */
  readonly minHealthyVoters: number;
  /** The first sample with so few. */
  readonly weakest?: ServersSample;
  /** Longest time in a row, in milliseconds, in which no server that answered knew a leader. */
  readonly leaderlessMs: number;
  /** Most servers that called themselves leader in one term. */
  readonly leadersOfOneTerm: number;
  /** How often leadership changed hands. */
  readonly elections: number;
}

/** Sums up samples in the order of time. */
export function summarizeServers(samples: readonly ServersSample[]): ServersSummary {
  const judged = samples.filter(({ voters }) => voters !== undefined);
  const minHealthyVoters = Math.min(...judged.map(healthyVoterCount));
  const weakest = judged.find((sample) => healthyVoterCount(sample) === minHealthyVoters);
  const leaders = new Map<string, Set<string>>();
  for (const { term, node, leads } of samples.flatMap(({ agents }) => agents))
    if (leads) leaders.set(term, (leaders.get(term) ?? new Set()).add(node));
  return {
    samples: samples.length,
    minHealthyVoters: weakest ? minHealthyVoters : 0,
    ...(weakest && { weakest }),
    leaderlessMs: longestLeaderless(samples),
    leadersOfOneTerm: Math.max(0, ...[...leaders.values()].map((nodes) => nodes.size)),
    elections: Math.max(0, leaders.size - 1),
  };
}

function healthyVoterCount({ agents, voters = [] }: ServersSample): number {
  return voters.filter((name) => agents.some(({ node }) => node === name)).length;
}

/** From the last sample with a leader to the next one with a leader, if there was one without in between. */
function longestLeaderless(samples: readonly ServersSample[]): number {
  let longest = 0;
  let led = samples[0]?.at ?? 0;
  let missing = false;
  for (const { at, agents } of samples) {
    const hasLeader = agents.some(({ leader }) => leader !== "");
    if (missing || !hasLeader) longest = Math.max(longest, at - led);
    missing = !hasLeader;
    if (hasLeader) led = at;
  }
  return longest;
}
