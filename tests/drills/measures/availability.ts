/** A request for the blog's front page. Times are in milliseconds since 1970. */
export interface ProbedRequest {
  readonly address: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** `200`, `holding page` (503 with `Retry-After`, from nginx), another status, or what went wrong. */
  readonly answer: string;
}

/** The replacement or the removal of one node's droplet. Times are in milliseconds since 1970. */
export interface NodeMove {
  readonly slot: string;
  /** URL of the blog at the slot's reserved address; undefined if it is not read there but at a load balancer. */
  readonly address?: string;
  /** When Nomad began to drain the old node, or its droplet was lost. */
  readonly from: number;
  /** When Nomad first listed the new node; undefined if it never did. */
  readonly succeededAt?: number;
  /** True if the slot is taken away, and its address with it. */
  readonly isLast: boolean;
  /** True if ghost ran on the old node. */
  readonly hadGhost: boolean;
}

/** What a failed request is put down to. */
export type FailureCause = "moving node" | "ghost moving" | "neither";

export interface Failure extends ProbedRequest {
  readonly cause: FailureCause;
}

/**
 * The requests that were not answered with 200, each with its cause:
 *
 * - `moving node`: it went to the address of the node that was being replaced: from the start of its drain to the first
 *   answer of its successor, and at most until the next node was drained; to the end if it was to have no successor.
 * - `ghost moving`: nginx answered with the holding page, or had its reader wait for a Ghost that had just started, after
 *   ghost's own node was drained, and the address had not given the blog again since its last holding page.
 * - `neither`: anything else.
 */
export function failures(requests: readonly ProbedRequest[], moves: readonly NodeMove[]): Failure[] {
  const windows = moves.map((move) => ({ ...move, until: nodeIsBack(move, requests, moves) }));
  const ghost = moves.find(({ hadGhost }) => hadGhost);
  const ghostIsBack = new Map<string, number>();
  if (ghost)
    for (const address of new Set(requests.map((request) => request.address)))
      ghostIsBack.set(address, blogIsBack(address, ghost.from, requests));
  return requests
    .filter(({ answer }) => answer !== "200")
    .map((request) => {
      const { address, startedAt, endedAt, answer } = request;
      const isMoving = windows.some(
        (move) => move.address === address && endedAt >= move.from && startedAt < move.until,
      );
      const waitsForGhost =
        (answer === "holding page" || answer === "timeout") &&
        ghost !== undefined &&
        endedAt >= ghost.from &&
        startedAt < ghostIsBack.get(address)!;
      return { ...request, cause: isMoving ? "moving node" : waitsForGhost ? "ghost moving" : "neither" };
    });
}

/** When the successor of a node first answered for it. */
function nodeIsBack(move: NodeMove, requests: readonly ProbedRequest[], moves: readonly NodeMove[]): number {
  if (move.isLast) return Infinity;
  const next = Math.min(...moves.map((other) => other.from).filter((time) => time > move.from));
  const first = requests.find(
    ({ address, startedAt, answer }) =>
      address === move.address &&
      startedAt >= (move.succeededAt ?? Infinity) &&
      (answer === "200" || answer === "holding page"),
  );
  return Math.min(next, first?.endedAt ?? Infinity);
}

/** When an address first gave the blog again after its last holding page in a row. */
function blogIsBack(address: string, from: number, requests: readonly ProbedRequest[]): number {
  const own = requests.filter((request) => request.address === address && request.startedAt >= from);
  const firstPage = own.findIndex(({ answer }) => answer === "holding page");
  if (firstPage === -1) return from;
  return own.slice(firstPage).find(({ answer }) => answer === "200")?.endedAt ?? Infinity;
}

/** Longest time, in milliseconds, from one 200 to the next, whatever the address; from `from` and to `to` too. */
export function longestGap(requests: readonly ProbedRequest[], from: number, to: number): number {
  const times = requests.filter(({ answer }) => answer === "200").map(({ endedAt }) => endedAt);
  const points = [from, ...times.sort((one, other) => one - other), to];
  return Math.max(...points.slice(1).map((time, index) => time - points[index]!));
}
