import type { Action } from "../store/entities.ts";
import { dropletOf, reservedIpOf } from "./effect.ts";
import type { Effect, EffectParts } from "./effect.ts";

/** What actions do to reserved IPs. */
export function reservedIpEffects({ store, hypervisor }: EffectParts) {
  return {
    assign_ip: {
      perform: (action) =>
        hypervisor.setReservedIp(reservedIpOf(store, action).id, dropletOf(store, action).id),
      complete: (action) =>
        store.reservedIps.put({ ...reservedIpOf(store, action), dropletId: dropletOf(store, action).id }),
    },
    unassign_ip: {
      perform: (action) => hypervisor.setReservedIp(reservedIpOf(store, action).id, undefined),
      complete: (action) => {
        const { id, region } = reservedIpOf(store, action);
        store.reservedIps.put({ id, region });
      },
    },
  } satisfies Partial<Record<Action["type"], Effect>>;
}
