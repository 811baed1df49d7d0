import { BlockList, isIP } from "node:net";

const privateRanges = new BlockList();
privateRanges.addSubnet("10.0.0.0", 8, "ipv4");
privateRanges.addSubnet("172.16.0.0", 12, "ipv4");
privateRanges.addSubnet("192.168.0.0", 16, "ipv4");

/** Largest and smallest VPC that DigitalOcean makes (VPC limits, DigitalOcean documentation). */
const largestVpc = 16;
const smallestVpc = 28;

interface Cidr {
  readonly address: string;
  readonly prefix: number;
  readonly family: 4 | 6;
}

function parseCidr(text: string): Cidr | undefined {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text);
  const address = match?.[1] ?? "";
  const family = isIP(address);
  const prefix = Number(match?.[2]);
  if (!match || (family !== 4 && family !== 6) || prefix > (family === 4 ? 32 : 128)) return undefined;
  return { address, prefix, family };
}

/** What is wrong with a VPC range for `nodes` nodes, or undefined if nothing is. */
export function checkVpcRange(range: string, nodes: number): string | undefined {
  const cidr = parseCidr(range);
  if (cidr?.family !== 4) return `"${range}" is not an IPv4 range; write it like "10.104.0.0/20"`;
  if (!privateRanges.check(cidr.address, "ipv4"))
    return `"${range}" is not private; use a range within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16`;
  if (networkAddress(cidr) !== cidr.address)
    return `"${range}" has bits set after the prefix; did you mean "${networkAddress(cidr)}/${cidr.prefix}"?`;
  if (cidr.prefix < largestVpc || cidr.prefix > smallestVpc)
    return `"${range}" is a /${cidr.prefix}; DigitalOcean makes VPCs from /${largestVpc} to /${smallestVpc}`;
  // Network, gateway and broadcast address, and one that DigitalOcean keeps, are not for droplets.
  const usable = 2 ** (32 - cidr.prefix) - 4;
  if (usable < nodes)
    return `"${range}" is too small: it has ${usable} addresses for droplets and ${nodes} nodes are asked for`;
  return undefined;
}

/** What is wrong with a range from which operators come, or undefined if nothing is. */
export function checkOperatorCidr(range: string, anywhereAllowed: boolean): string | undefined {
  const cidr = parseCidr(range);
  if (!cidr) return `"${range}" is not a CIDR; write one address like "192.0.2.7/32"`;
  if (cidr.prefix === 0 && !anywhereAllowed)
    return `"${range}" opens SSH and the Nomad API to the whole Internet; name your own addresses, or set allowOperatorsFromAnywhere to true`;
  return undefined;
}

/** True if the IPv4 address lies in the range. */
export function rangeContains(range: string, address: string): boolean {
  const cidr = parseCidr(range);
  if (cidr?.family !== 4) return false;
  return networkAddress({ ...cidr, address }) === networkAddress(cidr);
}

function networkAddress({ address, prefix }: Cidr): string {
  const value = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const network = prefix === 0 ? 0 : Math.floor(value / 2 ** (32 - prefix)) * 2 ** (32 - prefix);
  return [24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256).join(".");
}
