import { nanoseconds } from "../../duration.ts";
import type { Duration } from "../../duration.ts";
import type { NodeAllocation } from "../../clients/nomad/types.ts";
import type { WithFailover } from "../failover.ts";
import { drainedByRollout, drainMark, readServers, takenBackMark } from "../observe/read-cluster.ts";
import { poll, NotYet } from "../poll.ts";
import type { PollOptions } from "../poll.ts";
import { refreshCommand } from "../recovery.ts";

/**
 * Tasks that a drain stops at its deadline get this long to end: a `shutdown_delay` of a minute, Nomad's longest `kill_timeout`
 * and the report of it.
 */
const stopTimeout = 120_000;

const stopsAllAtOnce = -1;

/**
 * Moves everything off a node, system jobs last, and waits until it is gone. A node that is down has nothing left to
 * move. What no other node can take is stopped at once, since waiting would not move it.
 */
export async function drainNode(
  withFailover: WithFailover,
  nodeId: string,
  maxDrain: Duration,
  options: Omit<PollOptions, "deadline">,
): Promise<void> {
  const drain = (deadline: number) => withFailover((server) => server.drain(nodeId, deadline, drainMark));
  let begun = false;
  let stopped = false;
  await poll(
    "draining",
    async () => {
      const { DrainStrategy, Status } = await withFailover((server) => server.node(nodeId));
      if (Status === "down") return true;
      if (!begun) {
        if (!DrainStrategy) await drain(nanoseconds(maxDrain));
        begun = true;
        return new NotYet("the drain begins");
      }
      const left = (await withFailover((server) => server.nodeAllocations(nodeId))).filter(isAlive);
      if (!DrainStrategy && left.length === 0) return true;
      if (!stopped && (await noneCanMove(withFailover, left))) {
        stopped = true;
        await drain(stopsAllAtOnce);
      }
      const jobs = [...new Set(left.map(({ JobID }) => JobID))].sort();
      return new NotYet(jobs.length > 0 ? `running there: ${jobs.join(", ")}` : "Nomad ends the drain");
    },
    { ...options, deadline: nanoseconds(maxDrain) / 1e6 + stopTimeout },
  );
}

/** Forgets the nodes for which `isGone` holds. */
export async function purgeNodes(
  withFailover: WithFailover,
  isGone: (node: { readonly id: string; readonly name: string }) => boolean,
  options: PollOptions,
): Promise<void> {
  await poll(
    "forgetting dead nodes",
    async () => {
      const listed = await withFailover((server) => server.nodes());
      for (const { ID, Name } of listed)
        if (isGone({ id: ID, name: Name })) await withFailover((server) => server.purgeNode(ID));
      return true;
    },
    options,
  );
}

/** Takes a node that a rollout drained into service again. Leaves alone what an operator made ineligible. */
export async function undrainNode(
  withFailover: WithFailover,
  nodeName: string,
  options: PollOptions,
): Promise<void> {
  await poll(
    "taking it into service again",
    async () => {
      const node = (await withFailover((server) => server.nodes())).find(({ Name }) => Name === nodeName);
      if (node && drainedByRollout(node)) await takeBack(withFailover, node.ID);
      return true;
    },
    options,
  );
}

/** Resolves when the node is ready and eligible, and its server, if it has one, is a caught-up voter. */
export async function waitForNode(
  withFailover: WithFailover,
  expected: { readonly nodeName: string; readonly isServer: boolean },
  options: PollOptions,
): Promise<void> {
  const { nodeName, isServer } = expected;
  await poll(
    `waiting for ${nodeName}`,
    async () => {
      const node = (await withFailover((server) => server.nodes())).find(({ Name }) => Name === nodeName);
      if (!node)
        return new NotYet(
          'it has not registered (on the node, /var/log/cloud-init-output.log and "journalctl -u nomad" say more; ' +
            `if the account no longer has this droplet, run \`${refreshCommand}\`)`,
        );
      if (node.Status !== "ready") return new NotYet(`Nomad says it is ${node.Status}`);
      if (isServer) {
        const server = (await readServers(withFailover)).find(({ name }) => name === nodeName);
        if (!server) return new NotYet("its server is no Raft peer yet");
        if (!server.healthy) return new NotYet("its server is not a caught-up voter yet");
      }
      if (node.SchedulingEligibility !== "eligible" && drainedByRollout(node)) {
        await takeBack(withFailover, node.ID);
        return new NotYet("it is taken into service again");
      }
      return true;
    },
    options,
  );
}

/** Makes a drained node eligible, and takes the mark off it, so that an operator may make it ineligible later. */
async function takeBack(withFailover: WithFailover, nodeId: string): Promise<void> {
  // Nomad keeps the mark of the newest drain, so there is one more, which ends before it stops anything.
  await withFailover((server) => server.drain(nodeId, nanoseconds("1h"), takenBackMark));
  await withFailover((server) => server.endDrain(nodeId));
}

function isAlive({ ClientStatus }: NodeAllocation): boolean {
  return ClientStatus === "running" || ClientStatus === "pending";
}

/** True if of what is left all but system jobs wait for a place that no node has, so that they will not move. */
async function noneCanMove(withFailover: WithFailover, left: readonly NodeAllocation[]): Promise<boolean> {
  const movable = left.filter(({ Job }) => Job?.Type !== "system" && Job?.Type !== "sysbatch");
  if (movable.length === 0) return false;
  const stuck = await Promise.all(
    movable.map(async ({ JobID, Namespace, Job }) => {
      if (Job?.Type !== "service") return false;
      const evaluations = await withFailover((server) => server.jobEvaluations(JobID, Namespace));
      return evaluations.some(
        ({ Status, FailedTGAllocs }) =>
          Status === "blocked" &&
          Object.values(FailedTGAllocs ?? {}).length > 0 &&
          Object.values(FailedTGAllocs ?? {}).every(({ NodesExhausted }) => NodesExhausted === 0),
      );
    }),
  );
  return stuck.every(Boolean);
}
