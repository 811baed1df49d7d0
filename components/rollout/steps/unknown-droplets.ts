import { nodeNameOf } from "../../nodes/names.ts";
import { RolloutError } from "../context.ts";
import type { RolloutContext } from "../context.ts";
import type { ClusterDroplet } from "../observe/account-droplets.ts";
import type { DesiredSlot } from "../observe/cluster-state.ts";
import { probeAgents } from "../observe/read-cluster.ts";

/**
 * Droplets of the slot at the moment when Pulumi creates one, so that it knows none of them: an update that was interrupted,
 * or a request whose answer was lost, has left them.
 */
export async function unknownDroplets(
  { droplets, account }: Pick<RolloutContext, "droplets" | "account">,
  { dropletName }: Pick<DesiredSlot, "dropletName">,
): Promise<readonly ClusterDroplet[]> {
  const ofSlot = ({ name }: ClusterDroplet) => name === dropletName;
  return droplets.some(ofSlot) ? (await account.list()).filter(ofSlot) : [];
}

/** True if the droplet has a volume of the slot, which DigitalOcean attaches to no other one meanwhile. */
export function holdsVolumeOf({ volumeIds }: DesiredSlot, droplet: ClusterDroplet): boolean {
  return droplet.volumeIds.some((id) => volumeIds.includes(id));
}

/** Rejects if the slot's agent has joined others since the cluster was found to be new. */
export async function checkStillNew(
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

/** What to do about a droplet that the cluster cannot spare and that Pulumi does not know. */
export function cannotSpare(droplet: ClusterDroplet, reason: string): RolloutError {
  return new RolloutError(
    `${nodeNameOf(droplet)} has a volume of the slot, and Pulumi does not know this droplet, as after an update that was ` +
      `interrupted. It is deleted before another one is made, but not now: ${reason}. If nobody needs what it holds beside ` +
      `the volume, delete it (\`doctl compute droplet delete ${droplet.id}\`) and run \`pulumi up\` again`,
  );
}
