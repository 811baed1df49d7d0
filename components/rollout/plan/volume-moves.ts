import type { Slot } from "../../nodes/names.ts";
import type { ClusterDroplet } from "../observe/account-droplets.ts";
import type { DesiredSlot } from "../observe/cluster-state.ts";

/** A volume that is attached to a droplet of one slot, and that the program gives to another. */
export interface VolumeMove {
  readonly volume: string;
  readonly from: Slot;
  readonly to: Slot;
}

/** Volumes whose slot has changed, and that its old droplet still has. */
export function volumeMoves(
  desired: readonly DesiredSlot[],
  droplets: readonly Pick<ClusterDroplet, "name" | "volumeIds">[],
): VolumeMove[] {
  return desired.flatMap(({ slot: to, volumeIds }) =>
    volumeIds.flatMap((volume) =>
      desired
        .filter(({ slot, dropletName }) => slot !== to && hasVolume(droplets, dropletName, volume))
        .map(({ slot: from }) => ({ volume, from, to })),
    ),
  );
}

function hasVolume(
  droplets: readonly Pick<ClusterDroplet, "name" | "volumeIds">[],
  dropletName: string,
  volume: string,
): boolean {
  return droplets.some(({ name, volumeIds }) => name === dropletName && volumeIds.includes(volume));
}

/** Waves of slots in an order, and the slots for which there is none. */
export interface GiversFirst<Wave> {
  readonly waves: readonly Wave[];
  /** Slots that wait for each other. */
  readonly circular: readonly Slot[];
}

/**
 * The waves, in their order but for this: a slot that gives a volume away comes before the one that gets it, since a volume
 * is attached to one droplet at a time.
 */
export function giversFirst<Wave extends readonly { readonly desired: DesiredSlot }[]>(
  waves: readonly Wave[],
  moves: readonly VolumeMove[],
): GiversFirst<Wave> {
  const waiting = [...waves];
  const ordered: Wave[] = [];
  const slotsOf = (wave: Wave) => wave.map(({ desired }) => desired.slot);
  for (;;) {
    const later = new Set(waiting.flatMap(slotsOf));
    const isBlocked = (wave: Wave) =>
      moves.some(({ from, to }) => slotsOf(wave).includes(to) && later.has(from));
    const next = waiting.findIndex((wave) => !isBlocked(wave));
    if (next === -1) return { waves: [...ordered, ...waiting], circular: [...later] };
    ordered.push(...waiting.splice(next, 1));
  }
}
