/** What the agent of one server droplet said, without a token. */
export interface ServerAnswer {
  /** Slot of the droplet, for example `server-1`. */
  readonly slot: string;
  /** The agent's own view, or why there is none. */
  readonly answer:
    { readonly leader: string; readonly peers: readonly string[] } | { readonly failure: string };
}

/** Whether there is a cluster that an update must not lose. */
export type ClusterStanding =
  | { readonly state: "new" }
  | { readonly state: "there" }
  | { readonly state: "unknown"; readonly reason: string };

/**
 * Decides from one answer for every server droplet that the account lists. New means that there is no such droplet, or
 * that the agents of all of them have no Raft peers. A cluster that does not answer or has no leader is never new.
 */
export function clusterStanding(answers: readonly ServerAnswer[]): ClusterStanding {
  const views = answers.map(({ answer }) => answer);
  if (views.every((view) => "peers" in view && view.peers.length === 0)) return { state: "new" };
  if (answers.some(takesPart)) return { state: "there" };
  return { state: "unknown", reason: answers.map(describeAnswer).join("; ") };
}

/** True if the agent takes part in a cluster that has a leader. */
export function takesPart({ answer }: ServerAnswer): boolean {
  return "peers" in answer && answer.peers.length > 0 && answer.leader !== "";
}

export function describeAnswer({ slot, answer }: ServerAnswer): string {
  if ("failure" in answer) return `${slot} does not answer (${answer.failure})`;
  return answer.peers.length === 0
    ? `${slot} has not joined a cluster`
    : `${slot} knows ${answer.peers.length} servers, but no leader`;
}
