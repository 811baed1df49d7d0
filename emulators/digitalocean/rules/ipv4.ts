/** An IPv4 network: first address as an unsigned integer, and prefix length. */
export interface Ipv4Network {
  readonly first: number;
  readonly prefix: number;
}

/** The address as an unsigned integer; undefined if it is not a dotted quad. */
export function parseIpv4(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!match) return undefined;
  const octets = match.slice(1).map(Number);
  if (octets.some((octet, index) => octet > 255 || String(octet) !== match[index + 1])) return undefined;
  return octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

export function formatIpv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}

export function networkSize(prefix: number): number {
  return 2 ** (32 - prefix);
}

/** Undefined unless `text` is CIDR notation whose address is the first of its network. */
export function parseIpv4Network(text: string): Ipv4Network | undefined {
  const [address, length, ...rest] = text.split("/");
  if (address === undefined || length === undefined || rest.length > 0 || !/^\d{1,2}$/.test(length))
    return undefined;
  const first = parseIpv4(address);
  const prefix = Number(length);
  if (first === undefined || prefix > 32 || first % networkSize(prefix) !== 0) return undefined;
  return { first, prefix };
}

export function formatIpv4Network(network: Ipv4Network): string {
  return `${formatIpv4(network.first)}/${network.prefix}`;
}

export function networkMask(prefix: number): string {
  return formatIpv4(2 ** 32 - networkSize(prefix));
}

export function overlap(one: Ipv4Network, other: Ipv4Network): boolean {
  return (
    one.first < other.first + networkSize(other.prefix) && other.first < one.first + networkSize(one.prefix)
  );
}

export function isInside(inner: Ipv4Network, outer: Ipv4Network): boolean {
  return inner.prefix >= outer.prefix && overlap(inner, outer);
}

/** For ranges that come from this program's own settings. Throws on anything that is not a network. */
export function ipv4Network(text: string): Ipv4Network {
  const network = parseIpv4Network(text);
  if (network === undefined) throw new Error(`[${text}] is not an IPv4 network in CIDR notation`);
  return network;
}
