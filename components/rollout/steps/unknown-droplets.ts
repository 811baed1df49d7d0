import { errorMessage } from "../../error-message.ts";
import { nodeNameOf } from "../../nodes/names.ts";
import type { Slot } from "../../nodes/names.ts";
import { RolloutError, rolloutTimeouts } from "../context.ts";
import type { RolloutContext, RolloutOptions } from "../context.ts";
import type { ClusterDroplet } from "../observe/account-droplets.ts";
import type { DesiredSlot } from "../observe/cluster-state.ts";
import { probeAgents } from "../observe/read-cluster.ts";
import { turnOf } from "../plan/plan.ts";
import { deleteAndWait } from "./droplet-deletion.ts";
import type { RunningRollout, SlotReplacer } from "./replace-slot.ts";

/**
 * Removes the slot's other droplets at the moment when Pulumi creates one, so that it knows none of them: an update that was
 * interrupted, or a request whose answer was lost, has left them. In a new cluster they are deleted, so that none of them is
 * among its first voters. In a running one they wait until the new one has joined, but for one that is in its way: it has a
 * volume of the slot, or is the only server. Resolves to undefined if the cluster is new from now on.
 */
export async function clearSlot(
  slot: Slot,
  running: RunningRollout | undefined,
  context: RolloutContext,
  options: RolloutOptions,
): Promise<RunningRollout | undefined> {
  const desired = context.desired.find((candidate) => candidate.slot === slot)!;
  const remove = (droplet: ClusterDroplet, what: string, replacer?: SlotReplacer) =>
    deleteUnknown(slot, droplet, what, { context, options, ...(replacer && { replacer }) });
  let cluster = running;
  for (const droplet of await unknownDroplets(context, desired))
    if (!cluster) {
      await checkStillNew(context, desired, droplet);
      await remove(droplet, "a droplet");
    } else if (isOnlyServer(context, desired)) {
      if (!cluster.isUnused) throw cannotSpare(droplet, "it is the only server of a cluster that is in use");
      // It has made a cluster of its own, in which nothing is yet.
      cluster = undefined;
      await remove(droplet, "a server without a job");
    } else if (droplet.volumeIds.some((id) => desired.volumeIds.includes(id))) {
      await takeOutOfService(slot, droplet, cluster);
      await remove(droplet, "a droplet with a volume of this slot", cluster.replacer);
    }
  return cluster;
}

/** Deletes a droplet of the slot that Pulumi does not know, out of service first. `what` it is begins with an article. */
export async function deleteUnknown(
  slot: Slot,
  droplet: ClusterDroplet,
  what: string,
  {
    context,
    options,
    replacer,
  }: {
    readonly context: Pick<RolloutContext, "account">;
    readonly options: RolloutOptions;
    /** Of a cluster that was running before. */
    readonly replacer?: SlotReplacer;
  },
): Promise<void> {
  const strange = `${what} that Pulumi does not know`;
  options.logger.info(`${slot}: deleting ${nodeNameOf(droplet)}, ${strange}`);
  const settle = rolloutTimeouts(options).settle(slot);
  const deleted = () => deleteAndWait(context.account, droplet, `is ${strange}`, settle);
  await (replacer ? replacer.removeDuplicate(slot, droplet, deleted) : deleted());
}

async function unknownDroplets(
  { droplets, account }: Pick<RolloutContext, "droplets" | "account">,
  { dropletName }: Pick<DesiredSlot, "dropletName">,
): Promise<readonly ClusterDroplet[]> {
  const ofSlot = ({ name }: ClusterDroplet) => name === dropletName;
  return droplets.some(ofSlot) ? (await account.list()).filter(ofSlot) : [];
}

function isOnlyServer({ desired }: Pick<RolloutContext, "desired">, { role }: DesiredSlot): boolean {
  return role === "server" && desired.filter((slot) => slot.role === "server").length === 1;
}

/** Rejects if the slot's agent has joined others since the cluster was found to be new. */
async function checkStillNew(
  { agents }: Pick<RolloutContext, "agents">,
  { slot }: DesiredSlot,
  droplet: ClusterDroplet,
): Promise<void> {
  const probes = await probeAgents(agents.filter((agent) => agent.slot === slot));
  if (!probes.some(({ answer }) => "peers" in answer && answer.peers.length > 0)) return;
  throw new RolloutError(
    `${nodeNameOf(droplet)}, which Pulumi does not know, has joined a cluster since this update began, so it is not touched. ` +
      "Run `pulumi up` again, which takes it out of service first",
  );
}

/** What is done before a gate opens otherwise. */
async function takeOutOfService(
  slot: Slot,
  droplet: ClusterDroplet,
  { plan, replacer }: RunningRollout,
): Promise<void> {
  const { decision } = turnOf(plan, slot);
  if (!decision.node || decision.action === "replace") return;
  try {
    await replacer.beforeReplace({ ...decision, action: "replace" });
  } catch (error) {
    throw cannotSpare(droplet, errorMessage(error));
  }
}

function cannotSpare(droplet: ClusterDroplet, reason: string): RolloutError {
  return new RolloutError(
    `${nodeNameOf(droplet)} is in the way of the slot's droplet, and Pulumi does not know it, as after an update that was ` +
      `interrupted. It is not deleted now: ${reason}. If nobody needs what it holds beside its volumes, delete it ` +
      `(\`doctl compute droplet delete ${droplet.id}\`) and run \`pulumi up\` again`,
  );
}
