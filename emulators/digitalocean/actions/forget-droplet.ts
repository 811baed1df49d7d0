import type { AssociatedResource, Droplet } from "../store/entities.ts";
import type { Store } from "../store/store.ts";
import type { EffectParts } from "./effect.ts";
import { withoutDroplet } from "./volume-effects.ts";

/** Forgets a droplet that is gone, and what was said of it elsewhere. Some of that stays a while. */
export function forgetDroplet({ store, edges, delays, clock }: EffectParts, droplet: Droplet): void {
  const { id, vpcId, name, createdAt } = droplet;
  for (const reservedIp of store.reservedIps.where("dropletId", id)) {
    store.reservedIps.put({ id: reservedIp.id, region: reservedIp.region });
  }
  for (const firewall of store.firewalls.list().filter((candidate) => candidate.dropletIds.includes(id))) {
    store.firewalls.put({ ...firewall, dropletIds: firewall.dropletIds.filter((other) => other !== id) });
  }
  for (const balancer of store.loadBalancers.list().filter(({ dropletIds }) => dropletIds.includes(id))) {
    const dropletIds = balancer.dropletIds.filter((other) => other !== id);
    store.loadBalancers.put({ ...balancer, dropletIds });
  }
  const until = clock() + delays.release;
  const late = edges.now.lateRelease;
  if (late) store.formerMembers.put({ id: `do:droplet:${id}`, vpcId, name, createdAt, until });
  for (const volume of store.volumes.where("dropletId", id))
    store.volumes.put(late ? { ...volume, heldUntil: until } : withoutDroplet(volume));
  store.appliedFirewalls.delete(id);
  store.droplets.delete(id);
}

/** Forgets what was destroyed together with a droplet. */
export function forgetAssociated(store: Store, resources: readonly AssociatedResource[]): void {
  const collections = {
    reserved_ips: store.reservedIps,
    snapshots: store.snapshots,
    volumes: store.volumes,
    volume_snapshots: store.snapshots,
  };
  for (const { kind, key } of resources) collections[kind].delete(key);
}
