import { knownSize } from "../catalog.ts";
import { diskOf } from "../resources/droplet-disk.ts";
import { storeDropletSnapshot } from "../resources/snapshots.ts";
import { ipv6AddressOf } from "../rules/ipv6.ts";
import type { Action, BackupPolicy, Droplet } from "../store/entities.ts";
import { bringUp } from "./bring-up.ts";
import { forgetAssociated, forgetDroplet } from "./forget-droplet.ts";
import { dropletOf, nothing } from "./effect.ts";
import type { Effect, EffectParts } from "./effect.ts";

/** What actions do to droplets. */
export function dropletEffects(parts: EffectParts) {
  const { store, hypervisor, firewalls, edges } = parts;
  const droplet = (action: Action) => dropletOf(store, action);
  const change = (action: Action, fields: Partial<Droplet>) =>
    store.droplets.put({ ...droplet(action), ...fields });

  // Rules may live in what a power cut takes away, so they are given again after every boot.
  const powered = async (action: Action, method: "powerOn" | "reboot") => {
    await hypervisor[method](droplet(action).id);
    await firewalls.apply(droplet(action));
  };
  const backups = (action: Action) => {
    const { features } = droplet(action);
    const backupPolicy = action.backupPolicy ?? { plan: "daily", hour: 0 };
    change(action, { backupPolicy, features: [...new Set([...features, "backups"])] });
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
    create: {
      perform: async (action) => {
        await bringUp(droplet(action), store, hypervisor);
        await firewalls.apply(droplet(action));
      },
      complete: (action) => {
        change(action, { status: "active" });
        if (!edges.now.metadataAction) return;
        const { resourceType, resource, region } = action;
        const { id: dropletId } = droplet(action);
        parts.begin({ type: "droplet_metadata_create", resourceType, resource, dropletId, region });
      },
    },
    droplet_metadata_create: { perform: nothing, complete: () => undefined },
    destroy: {
      perform: async (action) => {
        const { id } = droplet(action);
        for (const reservedIp of store.reservedIps.where("dropletId", id)) {
          await hypervisor.setReservedIp(reservedIp.id, undefined);
        }
        // First the droplet: with nobody left to use them, nothing is cut off in the middle of a write.
        await hypervisor.destroy(id);
        for (const volume of store.volumes.where("dropletId", id)) {
          await hypervisor.detachVolume(id, volume);
          if (action.alsoDestroy?.some(({ key }) => key === volume.id))
            await hypervisor.destroyVolume(volume);
        }
      },
      complete: (action) => {
        forgetDroplet(parts, droplet(action));
        forgetAssociated(store, action.alsoDestroy ?? []);
      },
    },
    power_on: activated(async (action) => {
      // A droplet that an earlier process could not bring back is not there yet, so it is created first.
      await bringUp(droplet(action), store, hypervisor);
      await powered(action, "powerOn");
    }),
    power_off: off,
    shutdown: {
      // DigitalOcean guarantees that the command is given, not that the droplet follows it.
      perform: (action) => (edges.ignoresShutdown(droplet(action).name) ? nothing() : off.perform(action)),
      complete: (action) => {
        if (!edges.ignoresShutdown(droplet(action).name)) off.complete(action);
      },
    },
    reboot: activated((action) => powered(action, "reboot")),
    power_cycle: activated(async (action) => {
      await hypervisor.powerOff(droplet(action).id);
      await powered(action, "powerOn");
    }),
    rename: {
      perform: nothing,
      complete: (action) => change(action, { name: action.newName ?? droplet(action).name }),
    },
    snapshot: {
      perform: nothing,
      complete: (action) => {
        const name = action.newName ?? droplet(action).name;
        storeDropletSnapshot(store, droplet(action), name, action.startedAt);
      },
    },
    enable_backups: { perform: nothing, complete: backups },
    change_backup_policy: { perform: nothing, complete: backups },
    disable_backups: {
      perform: nothing,
      complete: (action) => {
        const without: { backupPolicy?: BackupPolicy } & Droplet = { ...droplet(action) };
        delete without.backupPolicy;
        store.droplets.put({
          ...without,
          features: without.features.filter((feature) => feature !== "backups"),
        });
      },
    },
    enable_ipv6: {
      perform: nothing,
      complete: (action) => {
        const { id, features } = droplet(action);
        change(action, { ipv6Address: ipv6AddressOf(id), features: [...features, "ipv6"] });
      },
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
