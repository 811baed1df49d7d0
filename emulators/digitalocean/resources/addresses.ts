import type { ResolvedOptions } from "../options.ts";
import { nextAddress, publicPools, usableAddresses } from "../rules/address-pool.ts";
import type { AddressPool } from "../rules/address-pool.ts";
import { formatIpv4, ipv4Network, parseIpv4 } from "../rules/ipv4.ts";
import { unprocessable } from "../requests/errors.ts";
import type { Vpc } from "../store/entities.ts";
import type { Store } from "../store/store.ts";

function take(store: Store, counter: string, pool: AddressPool, taken: readonly string[]): string {
  const numbers = new Set(taken.flatMap((address) => parseIpv4(address) ?? []));
  const address = nextAddress(pool, numbers, store.counter(counter));
  if (address === undefined) throw unprocessable(`no free address is left in the ${counter} pool`);
  store.setCounter(counter, address);
  return formatIpv4(address);
}

/** The two addresses of a new load balancer. To be called in the transaction that stores it. */
export function takeLoadBalancerAddresses(store: Store, options: ResolvedOptions, vpc: Vpc) {
  const machines = [...store.droplets.list(), ...store.loadBalancers.list()];
  const neighbours = machines.filter(({ vpcId }) => vpcId === vpc.id);
  return {
    publicAddress: take(
      store,
      "public address",
      publicPools(ipv4Network(options.publicNetwork.cidr)).droplets,
      machines.map(({ publicAddress }) => publicAddress),
    ),
    privateAddress: take(
      store,
      `private address ${vpc.id}`,
      usableAddresses(ipv4Network(vpc.ipRange)),
      neighbours.map(({ privateAddress }) => privateAddress),
    ),
  };
}

/** The three addresses of a new droplet. To be called in the transaction that stores it. */
export function takeDropletAddresses(store: Store, options: ResolvedOptions, vpc: Vpc) {
  const anchorPool = usableAddresses(ipv4Network(options.anchorNetwork));
  const anchors = store.droplets.list().map(({ anchorAddress }) => anchorAddress);
  return {
    ...takeLoadBalancerAddresses(store, options, vpc),
    anchorAddress: take(store, "anchor address", anchorPool, anchors),
  };
}

/** A new reserved IP's address. To be called in the transaction that stores it. */
export function takeReservedAddress(store: Store, options: ResolvedOptions): string {
  const pool = publicPools(ipv4Network(options.publicNetwork.cidr)).reservedIps;
  return take(
    store,
    "reserved address",
    pool,
    store.reservedIps.list().map((reservedIp) => reservedIp.id),
  );
}
