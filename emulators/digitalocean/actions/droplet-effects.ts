import { knownSize } from "../catalog.ts";
import { diskOf } from "../resources/droplet-disk.ts";
import type { Action, Droplet } from "../store/entities.ts";
import type { Store } from "../store/store.ts";
import { bringUp } from "./bring-up.ts";
import { dropletOf, nothing } from "./effect.ts";
import type { Effect, EffectParts } from "./effect.ts";
import { withoutDroplet } from "./volume-effects.ts";

/** What actions do to droplets. */
export function dropletEffects({ store, hypervisor, firewalls }: EffectParts) {
  const droplet = (action: Action) => dropletOf(store, action);
  const change = (action: Action, fields: Partial<Droplet>) =>
    store.droplets.put({ ...droplet(action), ...fields });

  // Rules may live in what a power cut takes away, so they are given again after every boot.
  const powered = async (action: Action, method: "powerOn" | "reboot") => {
    await hypervisor[method](droplet(action).id);
    await firewalls.apply(droplet(action));
  };
  const off: Effect = {
    perform: (action) => hypervisor.powerOff(droplet(action).id),
    complete: (action) => change(action, { status: "off" }),
  };
  const activated = (perform: Effect["perform"]): Effect => ({
    perform,
    complete: (action) => change(action, { status: "active" }),
  });

  return {
    create: activated(async (action) => {
      await bringUp(droplet(action), store, hypervisor);
      await firewalls.apply(droplet(action));
    }),
    destroy: {
      perform: async (action) => {
        const { id } = droplet(action);
        for (const reservedIp of store.reservedIps.where("dropletId", id)) {
          await hypervisor.setReservedIp(reservedIp.id, undefined);
        }
        // First the droplet: with nobody left to use them, nothing is cut off in the middle of a write.
        await hypervisor.destroy(id);
        for (const volume of store.volumes.where("dropletId", id)) await hypervisor.detachVolume(id, volume);
      },
      complete: (action) => forgetDroplet(store, droplet(action).id),
    },
    power_on: activated(async (action) => {
      // A droplet that an earlier process could not bring back is not there yet, so it is created first.
      await bringUp(droplet(action), store, hypervisor);
      await powered(action, "powerOn");
    }),
    power_off: off,
    shutdown: off,
    reboot: activated((action) => powered(action, "reboot")),
    power_cycle: activated(async (action) => {
      await hypervisor.powerOff(droplet(action).id);
      await powered(action, "powerOn");
    }),
    rename: {
      perform: nothing,
      complete: (action) => change(action, { name: action.newName ?? droplet(action).name }),
    },
    resize: {
      perform: (action) => {
        const { vcpus, memory } = knownSize(newSize(droplet(action), action));
        return hypervisor.resize(droplet(action).id, { vcpus, memoryMiB: memory });
      },
      complete: (action) => {
        const size = newSize(droplet(action), action);
        const diskGigabytes = action.withDisk === true ? knownSize(size).disk : diskOf(droplet(action));
        change(action, { size, diskGigabytes });
      },
    },
  } satisfies Partial<Record<Action["type"], Effect>>;
}

const newSize = (droplet: Droplet, action: Action): string => action.newSize ?? droplet.size;

function forgetDroplet(store: Store, id: number): void {
  for (const reservedIp of store.reservedIps.where("dropletId", id)) {
    store.reservedIps.put({ id: reservedIp.id, region: reservedIp.region });
  }
  for (const volume of store.volumes.where("dropletId", id)) store.volumes.put(withoutDroplet(volume));
  for (const firewall of store.firewalls.list().filter((candidate) => candidate.dropletIds.includes(id))) {
    store.firewalls.put({ ...firewall, dropletIds: firewall.dropletIds.filter((other) => other !== id) });
  }
  store.appliedFirewalls.delete(id);
  store.droplets.delete(id);
}
