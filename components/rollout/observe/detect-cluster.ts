import type { Slot } from "../../nodes/names.ts";

/** What the agent of one server droplet answered without a token. */
export interface AgentProbe {
  readonly slot: Slot;
  /** The agent's local view, or why there is none. */
  readonly answer:
    { readonly leader: string; readonly peers: readonly string[] } | { readonly failure: string };
}

/** Whether there is a cluster that an update must not lose. */
export type DetectedCluster =
  | { readonly state: "new" }
  | { readonly state: "running" }
  | { readonly state: "unknown"; readonly reason: string };

/**
 * Decides from one probe of every server droplet that the account lists. A cluster is new if there is no such droplet,
 * or if none of their agents has Raft peers. One that does not answer or has no leader is never new.
 */
export function detectCluster(probes: readonly AgentProbe[]): DetectedCluster {
  const views = probes.map(({ answer }) => answer);
  if (views.every((view) => "peers" in view && view.peers.length === 0)) return { state: "new" };
  if (probes.some(seesLeader)) return { state: "running" };
  return { state: "unknown", reason: probes.map(describeProbe).join("; ") };
}

/** True if the agent takes part in a cluster that has a leader. */
export function seesLeader({ answer }: AgentProbe): boolean {
  return "peers" in answer && answer.peers.length > 0 && answer.leader !== "";
}

/** Why the agent takes part in no cluster with a leader. */
export function describeProbe({ slot, answer }: AgentProbe): string {
  if ("failure" in answer) return `${slot} does not answer (${answer.failure})`;
  return answer.peers.length === 0
    ? `${slot} has not joined a cluster`
    : `${slot} knows ${answer.peers.length} servers, but no leader`;
}
