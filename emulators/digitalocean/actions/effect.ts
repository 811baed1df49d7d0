import type { CurrentEdges } from "../edges.ts";
import type { TransitionDelays } from "../options.ts";
import type { FirewallSync } from "../resources/firewall-sync.ts";
import type { Hypervisor } from "../hypervisor/hypervisor.ts";
import type { Action, Droplet, ReservedIp, Volume } from "../store/entities.ts";
import type { Store } from "../store/store.ts";

/** What an action does to the machines, and then to the store; the second runs in the transaction that completes it. */
export interface Effect {
  /** May run again after a restart, so it is idempotent. */
  perform(action: Action): Promise<void>;
  complete(action: Action): void;
}

/** An action to be started. */
export type NewAction = Omit<Action, "id" | "status" | "startedAt" | "completedAt">;

/** What effects work with. */
export interface EffectParts {
  readonly store: Store;
  readonly hypervisor: Hypervisor;
  readonly firewalls: FirewallSync;
  readonly edges: CurrentEdges;
  readonly delays: TransitionDelays;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Starts another action, in the transaction that completes one. */
  begin(fields: NewAction): Action;
}

/** For actions that change nothing on a machine. */
export const nothing = (): Promise<void> => Promise.resolve();

/** The droplet that an action is about. Throws when it is gone. */
export function dropletOf(store: Store, action: Action): Droplet {
  const droplet = action.dropletId === undefined ? undefined : store.droplets.get(action.dropletId);
  if (droplet === undefined) throw new Error(`there is no droplet ${action.dropletId ?? ""} any more`);
  return droplet;
}

export function reservedIpOf(store: Store, action: Action): ReservedIp {
  const reservedIp = store.reservedIps.get(action.resource);
  if (reservedIp === undefined) throw new Error(`there is no reserved IP ${action.resource} any more`);
  return reservedIp;
}

export function volumeOf(store: Store, action: Action): Volume {
  const volume = store.volumes.get(action.resource);
  if (volume === undefined) throw new Error(`there is no volume ${action.resource} any more`);
  return volume;
}
