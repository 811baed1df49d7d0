import type { FirewallSync } from "../resources/firewall-sync.ts";
import type { Hypervisor } from "../hypervisor/hypervisor.ts";
import { knownSize } from "../catalog.ts";
import type { Action, ActionType, Droplet, ReservedIp, Volume } from "../store/entities.ts";
import type { Store } from "../store/store.ts";

/** What an action does to the machines, and then to the store; the second runs in the transaction that completes it. */
interface Effect {
  perform(action: Action): Promise<void>;
  complete(action: Action): void;
}

/** The effects of every type of action. `perform` may run again after a restart, so it is idempotent. */
export function actionEffects(
  store: Store,
  hypervisor: Hypervisor,
  firewalls: FirewallSync,
): Readonly<Record<ActionType, Effect>> {
  const dropletOf = (action: Action): Droplet => {
    const droplet = action.dropletId === undefined ? undefined : store.droplets.get(action.dropletId);
    if (droplet === undefined) throw new Error(`there is no droplet ${action.dropletId ?? ""} any more`);
    return droplet;
  };
  const reservedIpOf = (action: Action): ReservedIp => {
    const reservedIp = store.reservedIps.get(action.resource);
    if (reservedIp === undefined) throw new Error(`there is no reserved IP ${action.resource} any more`);
    return reservedIp;
  };
  const volumeOf = (action: Action): Volume => {
    const volume = store.volumes.get(action.resource);
    if (volume === undefined) throw new Error(`there is no volume ${action.resource} any more`);
    return volume;
  };
  const resizedVolume = (action: Action): Volume => {
    const volume = volumeOf(action);
    return { ...volume, sizeGigabytes: action.sizeGigabytes ?? volume.sizeGigabytes };
  };
  const withStatus = (action: Action, status: Droplet["status"]) =>
    store.droplets.put({ ...dropletOf(action), status });

  // Rules may live in what a power cut takes away, so they are given again after every boot.
  const powered = async (action: Action, method: "powerOn" | "reboot") => {
    const droplet = dropletOf(action);
    await hypervisor[method](droplet.id);
    await firewalls.apply(droplet);
  };

  return {
    create: {
      perform: async (action) => {
        const droplet = dropletOf(action);
        await bringUp(droplet, store, hypervisor);
        await firewalls.apply(droplet);
      },
      complete: (action) => withStatus(action, "active"),
    },
    destroy: {
      perform: async (action) => {
        const { id } = dropletOf(action);
        for (const reservedIp of store.reservedIps.where("dropletId", id)) {
          await hypervisor.setReservedIp(reservedIp.id, undefined);
        }
        // First the droplet: with nobody left to use them, nothing is cut off in the middle of a write.
        await hypervisor.destroy(id);
        for (const volume of store.volumes.where("dropletId", id)) await hypervisor.detachVolume(id, volume);
      },
      complete: (action) => forgetDroplet(store, dropletOf(action).id),
    },
    power_on: {
      // A droplet that an earlier process could not bring back is not there yet, so it is created first.
      perform: async (action) => {
        await bringUp(dropletOf(action), store, hypervisor);
        await powered(action, "powerOn");
      },
      complete: (action) => withStatus(action, "active"),
    },
    power_off: {
      perform: (action) => hypervisor.powerOff(dropletOf(action).id),
      complete: (action) => withStatus(action, "off"),
    },
    shutdown: {
      perform: (action) => hypervisor.powerOff(dropletOf(action).id),
      complete: (action) => withStatus(action, "off"),
    },
    reboot: {
      perform: (action) => powered(action, "reboot"),
      complete: (action) => withStatus(action, "active"),
    },
    power_cycle: {
      perform: async (action) => {
        await hypervisor.powerOff(dropletOf(action).id);
        await powered(action, "powerOn");
      },
      complete: (action) => withStatus(action, "active"),
    },
    rename: {
      perform: () => Promise.resolve(),
      complete: (action) => {
        const droplet = dropletOf(action);
        store.droplets.put({ ...droplet, name: action.newName ?? droplet.name });
      },
    },
    assign_ip: {
      perform: (action) => hypervisor.setReservedIp(reservedIpOf(action).id, dropletOf(action).id),
      complete: (action) =>
        store.reservedIps.put({ ...reservedIpOf(action), dropletId: dropletOf(action).id }),
    },
    unassign_ip: {
      perform: (action) => hypervisor.setReservedIp(reservedIpOf(action).id, undefined),
      complete: (action) => {
        const { id, region } = reservedIpOf(action);
        store.reservedIps.put({ id, region });
      },
    },
    attach_volume: {
      perform: (action) => hypervisor.attachVolume(dropletOf(action).id, volumeOf(action)),
      complete: (action) => {
        const droplet = dropletOf(action);
        store.volumes.put({ ...volumeOf(action), dropletId: droplet.id });
        store.droplets.put({ ...droplet, volumeIds: [...droplet.volumeIds, action.resource] });
      },
    },
    detach_volume: {
      perform: (action) => hypervisor.detachVolume(dropletOf(action).id, volumeOf(action)),
      complete: (action) => {
        const droplet = dropletOf(action);
        detachedVolume(store, volumeOf(action));
        store.droplets.put({
          ...droplet,
          volumeIds: droplet.volumeIds.filter((id) => id !== action.resource),
        });
      },
    },
    resize: {
      perform: (action) => hypervisor.resizeVolume(resizedVolume(action)),
      complete: (action) => store.volumes.put(resizedVolume(action)),
    },
  };
}

/** Creates the droplet with the volumes that the store says are its own, so that it finds them when it boots. */
export async function bringUp(droplet: Droplet, store: Store, hypervisor: Hypervisor): Promise<void> {
  for (const volume of store.volumes.where("dropletId", droplet.id))
    await hypervisor.attachVolume(droplet.id, volume);
  await hypervisor.create(machineOf(droplet, store));
}

function machineOf(droplet: Droplet, store: Store) {
  const vpc = store.vpcs.get(droplet.vpcId);
  if (vpc === undefined) throw new Error(`there is no VPC ${droplet.vpcId} any more`);
  const size = knownSize(droplet.size);
  return {
    id: droplet.id,
    name: droplet.hostname,
    userData: droplet.userData,
    sshKeys: droplet.sshKeys,
    publicAddress: droplet.publicAddress,
    anchorAddress: droplet.anchorAddress,
    vpc: { id: vpc.id, ipRange: vpc.ipRange, address: droplet.privateAddress },
    vcpus: size.vcpus,
    memoryMiB: size.memory,
  };
}

function detachedVolume(store: Store, volume: Volume): void {
  const detached: { dropletId?: number } & Volume = { ...volume };
  delete detached.dropletId;
  store.volumes.put(detached);
}

function forgetDroplet(store: Store, id: number): void {
  for (const reservedIp of store.reservedIps.where("dropletId", id)) {
    store.reservedIps.put({ id: reservedIp.id, region: reservedIp.region });
  }
  for (const volume of store.volumes.where("dropletId", id)) detachedVolume(store, volume);
  for (const firewall of store.firewalls.list().filter((candidate) => candidate.dropletIds.includes(id))) {
    store.firewalls.put({ ...firewall, dropletIds: firewall.dropletIds.filter((other) => other !== id) });
  }
  store.appliedFirewalls.delete(id);
  store.droplets.delete(id);
}
