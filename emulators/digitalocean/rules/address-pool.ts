import type { Ipv4Network } from "./ipv4.ts";
import { networkSize } from "./ipv4.ts";

/** A run of addresses, both ends included. */
export interface AddressPool {
  readonly first: number;
  readonly last: number;
}

/** Addresses below this offset in the public network are not given out: the gateway and what else the host runs there. */
const hostAddresses = 10;

/** Droplets get the lower half of the public network, reserved IPs the upper half. */
export function publicPools(network: Ipv4Network): { droplets: AddressPool; reservedIps: AddressPool } {
  const size = networkSize(network.prefix);
  if (size < 64) throw new Error(`the public network needs at least 64 addresses, it has ${size}`);
  const middle = network.first + size / 2;
  return {
    droplets: { first: network.first + hostAddresses, last: middle - 1 },
    reservedIps: { first: middle + 1, last: network.first + size - 2 },
  };
}

/** Without the network's own address, the gateway's (the first) and the broadcast address. */
export function usableAddresses(network: Ipv4Network): AddressPool {
  return { first: network.first + 2, last: network.first + networkSize(network.prefix) - 2 };
}

/**
 * The next free address after the one given out last, round and round: an address that was just released is not
 * given to the next caller. Undefined when all are taken.
 */
export function nextAddress(
  pool: AddressPool,
  taken: ReadonlySet<number>,
  previous: number | undefined,
): number | undefined {
  const size = pool.last - pool.first + 1;
  const inPool = previous !== undefined && previous >= pool.first && previous <= pool.last;
  const start = inPool ? previous - pool.first + 1 : 0;
  const candidates = inPool ? size - 1 : size;
  for (let step = 0; step < candidates; step += 1) {
    const address = pool.first + ((start + step) % size);
    if (!taken.has(address)) return address;
  }
  return undefined;
}
