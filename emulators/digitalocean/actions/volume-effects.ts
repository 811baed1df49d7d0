import type { Action, Volume } from "../store/entities.ts";
import { dropletOf, volumeOf } from "./effect.ts";
import type { Effect, EffectParts } from "./effect.ts";

/** What actions do to volumes. */
export function volumeEffects({ store, hypervisor }: EffectParts) {
  const droplet = (action: Action) => dropletOf(store, action);
  const volume = (action: Action) => volumeOf(store, action);
  const resized = (action: Action): Volume => ({
    ...volume(action),
    sizeGigabytes: action.sizeGigabytes ?? volume(action).sizeGigabytes,
  });

  return {
    attach_volume: {
      perform: (action) => hypervisor.attachVolume(droplet(action).id, volume(action)),
      complete: (action) => {
        const holder = droplet(action);
        store.volumes.put({ ...volume(action), dropletId: holder.id });
        store.droplets.put({ ...holder, volumeIds: [...holder.volumeIds, action.resource] });
      },
    },
    detach_volume: {
      perform: (action) => hypervisor.detachVolume(droplet(action).id, volume(action)),
      complete: (action) => {
        const holder = droplet(action);
        store.volumes.put(withoutDroplet(volume(action)));
        store.droplets.put({
          ...holder,
          volumeIds: holder.volumeIds.filter((id) => id !== action.resource),
        });
      },
    },
    resize_volume: {
      perform: (action) => hypervisor.resizeVolume(resized(action)),
      complete: (action) => store.volumes.put(resized(action)),
    },
  } satisfies Partial<Record<Action["type"], Effect>>;
}

export function withoutDroplet(volume: Volume): Volume {
  const detached: { dropletId?: number; heldUntil?: number } & Volume = { ...volume };
  delete detached.dropletId;
  delete detached.heldUntil;
  return detached;
}
