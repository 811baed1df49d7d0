import type { ClusterDroplet } from "../observe/account-droplets.ts";
import type { DesiredSlot } from "../observe/cluster-state.ts";

/** Droplets that are off and stay in their slots: nothing but the rollout would power them on. */
export function stayingOff(
  decisions: readonly { readonly desired: DesiredSlot; readonly action: string }[],
  droplets: readonly ClusterDroplet[],
): ClusterDroplet[] {
  // The plugin powers a droplet on again that it resizes, and one that is replaced is not needed any more.
  const staying = decisions.filter(({ action }) => action === "keep" || action === "join");
  return offIn(
    staying.map(({ desired }) => desired),
    droplets,
  );
}

/** Servers' droplets that are off, if so many are that the others cannot have a leader. */
export function offWithoutLeader(
  desired: readonly DesiredSlot[],
  droplets: readonly ClusterDroplet[],
): ClusterDroplet[] {
  const servers = desired.filter(({ role }) => role === "server");
  const off = offIn(servers, droplets);
  const all = droplets.filter(({ name }) => servers.some(({ dropletName }) => dropletName === name));
  return off.length * 2 >= all.length ? off : [];
}

function offIn(
  slots: readonly Pick<DesiredSlot, "dropletName">[],
  droplets: readonly ClusterDroplet[],
): ClusterDroplet[] {
  return slots.flatMap(({ dropletName }) =>
    droplets.filter(({ name, status }) => status === "off" && name === dropletName),
  );
}
