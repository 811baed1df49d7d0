import ipaddr from "ipaddr.js";

/** An IPv4 network: first address as an unsigned integer, and prefix length. */
export interface Ipv4Network {
  readonly first: number;
  readonly prefix: number;
}

const toNumber = (address: ipaddr.IPv4): number => Buffer.from(address.toByteArray()).readUInt32BE();

/** The address as an unsigned integer; undefined if it is not a dotted quad. */
export function parseIpv4(text: string): number | undefined {
  return ipaddr.IPv4.isValidFourPartDecimal(text) ? toNumber(ipaddr.IPv4.parse(text)) : undefined;
}

export function formatIpv4(address: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(address);
  return new ipaddr.IPv4([...bytes]).toString();
}

export function networkSize(prefix: number): number {
  return 2 ** (32 - prefix);
}

/** Undefined unless `text` is CIDR notation whose address is the first of its network. */
export function parseIpv4Network(text: string): Ipv4Network | undefined {
  if (!ipaddr.IPv4.isValidCIDRFourPartDecimal(text)) return undefined;
  const [address, prefix] = ipaddr.IPv4.parseCIDR(text);
  const first = toNumber(address);
  return first === toNumber(ipaddr.IPv4.networkAddressFromCIDR(text)) ? { first, prefix } : undefined;
}

export function formatIpv4Network(network: Ipv4Network): string {
  return `${formatIpv4(network.first)}/${network.prefix}`;
}

export function networkMask(prefix: number): string {
  return ipaddr.IPv4.subnetMaskFromPrefixLength(prefix).toString();
}

export function overlap(one: Ipv4Network, other: Ipv4Network): boolean {
  return (
    one.first < other.first + networkSize(other.prefix) && other.first < one.first + networkSize(one.prefix)
  );
}

export function isInside(inner: Ipv4Network, outer: Ipv4Network): boolean {
  return inner.prefix >= outer.prefix && overlap(inner, outer);
}

/** For ranges that are known to be networks. Throws on anything else. */
export function ipv4Network(text: string): Ipv4Network {
  const network = parseIpv4Network(text);
  if (network === undefined) throw new Error(`[${text}] is not an IPv4 network in CIDR notation`);
  return network;
}
