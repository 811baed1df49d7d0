import type { FirewallRules, Hypervisor, HypervisorVolume, Machine } from "./hypervisor.ts";
import type { HypervisorLoadBalancer } from "./load-balancer.ts";

export type HypervisorMethod = Exclude<keyof Hypervisor, "features">;

/** One call, told apart by its `method`. */
export type HypervisorCall = {
  readonly [Method in HypervisorMethod]: {
    readonly method: Method;
    readonly arguments: Readonly<Parameters<Hypervisor[Method]>>;
  };
}[HypervisorMethod];

/** Runs no machine: it records what it was asked and keeps the last answer for each droplet, address, volume and load balancer. */
export interface StoredOnlyHypervisor extends Hypervisor {
  /** All calls, oldest first, those that failed included. */
  readonly calls: readonly HypervisorCall[];
  readonly machines: ReadonlyMap<number, Machine>;
  readonly firewalls: ReadonlyMap<number, FirewallRules | undefined>;
  readonly reservedIps: ReadonlyMap<string, number>;
  /** By id, those that were attached at least once and are not destroyed. */
  readonly volumes: ReadonlyMap<string, HypervisorVolume>;
  readonly loadBalancers: ReadonlyMap<string, HypervisorLoadBalancer>;
  /** The next call of `method` rejects with this message. */
  failNext(method: HypervisorMethod, message: string): void;
}

/** For tests of what uses the API: droplets become active at once and nothing runs in them. */
export function storedOnlyHypervisor(): StoredOnlyHypervisor {
  const calls: HypervisorCall[] = [];
  const machines = new Map<number, Machine>();
  const firewalls = new Map<number, FirewallRules | undefined>();
  const reservedIps = new Map<string, number>();
  const volumes = new Map<string, HypervisorVolume>();
  const loadBalancers = new Map<string, HypervisorLoadBalancer>();
  const failures: { method: HypervisorMethod; message: string }[] = [];

  const record = (call: HypervisorCall, effect: () => void = () => undefined): Promise<void> => {
    calls.push(call);
    const index = failures.findIndex(({ method }) => method === call.method);
    const [failure] = index < 0 ? [] : failures.splice(index, 1);
    if (failure) return Promise.reject(new Error(failure.message));
    effect();
    return Promise.resolve();
  };

  return {
    // Nothing is in a droplet or a volume, so nothing can be missing there.
    features: ["backups", "ipv6", "load balancers", "private only", "snapshots", "udp", "xfs"],
    calls,
    machines,
    firewalls,
    reservedIps,
    volumes,
    loadBalancers,
    failNext: (method, message) => failures.push({ method, message }),
    create: (machine) =>
      record({ method: "create", arguments: [machine] }, () => machines.set(machine.id, machine)),
    destroy: (id) =>
      record({ method: "destroy", arguments: [id] }, () => {
        machines.delete(id);
        firewalls.delete(id);
      }),
    powerOn: (id) => record({ method: "powerOn", arguments: [id] }),
    powerOff: (id) => record({ method: "powerOff", arguments: [id] }),
    reboot: (id) => record({ method: "reboot", arguments: [id] }),
    resize: (id, size) =>
      record({ method: "resize", arguments: [id, size] }, () => {
        const machine = machines.get(id);
        if (machine !== undefined) machines.set(id, { ...machine, ...size });
      }),
    setFirewall: (id, rules) =>
      record({ method: "setFirewall", arguments: [id, rules] }, () => firewalls.set(id, rules)),
    setReservedIp: (address, id) =>
      record({ method: "setReservedIp", arguments: [address, id] }, () => {
        if (id === undefined) reservedIps.delete(address);
        else reservedIps.set(address, id);
      }),
    attachVolume: (id, volume) =>
      record({ method: "attachVolume", arguments: [id, volume] }, () => volumes.set(volume.id, volume)),
    detachVolume: (id, volume) => record({ method: "detachVolume", arguments: [id, volume] }),
    resizeVolume: (volume) =>
      record({ method: "resizeVolume", arguments: [volume] }, () => volumes.set(volume.id, volume)),
    destroyVolume: (volume) =>
      record({ method: "destroyVolume", arguments: [volume] }, () => volumes.delete(volume.id)),
    setLoadBalancer: (balancer) =>
      record({ method: "setLoadBalancer", arguments: [balancer] }, () =>
        loadBalancers.set(balancer.id, balancer),
      ),
    removeLoadBalancer: (id) =>
      record({ method: "removeLoadBalancer", arguments: [id] }, () => loadBalancers.delete(id)),
  };
}
