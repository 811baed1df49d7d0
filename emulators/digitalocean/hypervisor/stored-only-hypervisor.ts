import type { FirewallRules, Hypervisor, Machine } from "./hypervisor.ts";

export interface HypervisorCall {
  readonly method: keyof Hypervisor;
  readonly arguments: readonly unknown[];
}

/** A stand-in that runs no machine: it records what it was asked and keeps the last answer for each droplet. */
export interface StoredOnlyHypervisor extends Hypervisor {
  readonly calls: readonly HypervisorCall[];
  readonly machines: ReadonlyMap<number, Machine>;
  readonly firewalls: ReadonlyMap<number, FirewallRules | undefined>;
  readonly reservedIps: ReadonlyMap<string, number>;
  /** The next call of `method` rejects with this message. */
  failNext(method: keyof Hypervisor, message: string): void;
}

/** For tests, and for a sandbox with droplets that are stored only. */
export function storedOnlyHypervisor(): StoredOnlyHypervisor {
  const calls: HypervisorCall[] = [];
  const machines = new Map<number, Machine>();
  const firewalls = new Map<number, FirewallRules | undefined>();
  const reservedIps = new Map<string, number>();
  const failures: { method: keyof Hypervisor; message: string }[] = [];

  const record = (method: keyof Hypervisor, args: readonly unknown[], effect: () => void): Promise<void> => {
    calls.push({ method, arguments: args });
    const index = failures.findIndex((failure) => failure.method === method);
    const [failure] = index < 0 ? [] : failures.splice(index, 1);
    if (failure) return Promise.reject(new Error(failure.message));
    effect();
    return Promise.resolve();
  };

  return {
    calls,
    machines,
    firewalls,
    reservedIps,
    failNext: (method, message) => failures.push({ method, message }),
    create: (machine) => record("create", [machine], () => machines.set(machine.id, machine)),
    destroy: (id) =>
      record("destroy", [id], () => {
        machines.delete(id);
        firewalls.delete(id);
      }),
    powerOn: (id) => record("powerOn", [id], () => undefined),
    powerOff: (id) => record("powerOff", [id], () => undefined),
    reboot: (id) => record("reboot", [id], () => undefined),
    setFirewall: (id, rules) => record("setFirewall", [id, rules], () => firewalls.set(id, rules)),
    setReservedIp: (address, id) =>
      record("setReservedIp", [address, id], () => {
        if (id === undefined) reservedIps.delete(address);
        else reservedIps.set(address, id);
      }),
  };
}
