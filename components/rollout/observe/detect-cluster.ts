import type { Slot } from "../../nodes/names.ts";

/** What the agent of one server slot answered without a token. */
export interface AgentProbe {
  readonly slot: Slot;
  /** False if the account lists no droplet for it that has been created. */
  readonly hasDroplet: boolean;
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
 * Decides from one probe of every server slot, at all of its known addresses. A cluster is new if no agent has Raft peers
 * and every server droplet's agent says so itself. One that does not answer or has no leader is never new, but where
 * there is no droplet silence says nothing.
 */
export function detectCluster(probes: readonly AgentProbe[]): DetectedCluster {
  const telling = probes.filter(({ hasDroplet, answer }) => hasDroplet || "peers" in answer);
  if (telling.every(({ answer }) => "peers" in answer && answer.peers.length === 0)) return { state: "new" };
  if (telling.some(seesLeader)) return { state: "running" };
  return { state: "unknown", reason: telling.map(describeProbe).join("; ") };
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
