import ipaddr from "ipaddr.js";

/** Largest and smallest VPC that DigitalOcean makes (VPC limits, DigitalOcean documentation). */
const largestVpc = 16;
const smallestVpc = 28;

/** Ranges that DigitalOcean keeps for itself in every region (DigitalOcean documentation, "Plan your VPC network"). */
const keptByDigitalOcean = ["10.229.0.0/16", "10.244.0.0/16", "10.245.0.0/16", "10.246.0.0/24"].map((range) =>
  ipaddr.IPv4.parseCIDR(range),
);

/** Shorter prefixes hold so much of the Internet that they are as good as all of it. */
const shortestOperatorPrefix = { ipv4: 8, ipv6: 16 };

type Cidr = [address: ipaddr.IPv4 | ipaddr.IPv6, prefix: number];

type Ipv4Cidr = [address: ipaddr.IPv4, prefix: number];

function parseCidr(text: string): Cidr | undefined {
  // Of the forms that the library takes only the usual one: "10.8/16" is a slip.
  const isUsual = ipaddr.IPv4.isValidCIDRFourPartDecimal(text) || ipaddr.IPv6.isValidCIDR(text);
  return isUsual ? ipaddr.parseCIDR(text) : undefined;
}

/** What is wrong with a VPC range for `nodes` nodes, or undefined if nothing is. */
export function checkVpcRange(range: string, nodes: number): string | undefined {
  const cidr = parseCidr(range);
  if (cidr?.[0].kind() !== "ipv4") return `"${range}" is not an IPv4 range; write it like "10.104.0.0/20"`;
  const [address, prefix] = cidr as Ipv4Cidr;
  if (address.range() !== "private")
    return `"${range}" is not private; use a range within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16`;
  const misaligned = checkAligned(range, cidr);
  if (misaligned !== undefined) return misaligned;
  if (prefix < largestVpc || prefix > smallestVpc)
    return `"${range}" is a /${prefix}; DigitalOcean makes VPCs from /${largestVpc} to /${smallestVpc}`;
  const kept = keptByDigitalOcean.find((other) => overlap([address, prefix], other));
  if (kept) return `"${range}" overlaps with ${kept.join("/")}, which DigitalOcean keeps for itself`;
  // Network, gateway and broadcast address, and one that DigitalOcean keeps, are not for droplets.
  const usable = 2 ** (32 - prefix) - 4;
  if (usable < nodes)
    return `"${range}" is too small: it has ${usable} addresses for droplets and ${nodes} nodes are asked for`;
  return undefined;
}

/** Of two networks one holds the other's first address, or they have none in common. */
function overlap(one: Ipv4Cidr, other: Ipv4Cidr): boolean {
  return one[1] >= other[1] ? one[0].match(other) : other[0].match(one);
}

/** True if the two IPv4 ranges have addresses in common. */
export function rangesOverlap(one: string, other: string): boolean {
  return overlap(ipaddr.IPv4.parseCIDR(one), ipaddr.IPv4.parseCIDR(other));
}

/** What a range of sources opens, and the setting that allows to open it to the whole Internet. */
interface SourceCidrUse {
  readonly anywhereAllowed: boolean;
  readonly opens: string;
  readonly setting: string;
}

/** What is wrong with a range from which clients come, or undefined if nothing is. */
export function checkSourceCidr(
  range: string,
  { anywhereAllowed, opens, setting }: SourceCidrUse,
): string | undefined {
  const cidr = parseCidr(range);
  if (!cidr) return `"${range}" is not a CIDR; write one address like "192.0.2.7/32"`;
  const misaligned = checkAligned(range, cidr);
  if (misaligned !== undefined) return misaligned;
  if (isAsGoodAsAll(cidr) && !anywhereAllowed)
    return `"${range}" opens ${opens} to the whole Internet; name your own addresses, or set ${setting} to true`;
  return undefined;
}

/** What is wrong with a range from which operators come, or undefined if nothing is. */
export function checkOperatorCidr(range: string, anywhereAllowed: boolean): string | undefined {
  const opens = "SSH and the Nomad API";
  return checkSourceCidr(range, { anywhereAllowed, opens, setting: "allowOperatorsFromAnywhere" });
}

/** True of a range that is as good as the whole Internet. */
export function isAnywhere(range: string): boolean {
  const cidr = parseCidr(range);
  return cidr !== undefined && isAsGoodAsAll(cidr);
}

function isAsGoodAsAll([address, prefix]: Cidr): boolean {
  return prefix < shortestOperatorPrefix[address.kind()];
}

function checkAligned(range: string, [address, prefix]: Cidr): string | undefined {
  const cidr = `${address.toString()}/${prefix}`;
  const network =
    address.kind() === "ipv4"
      ? ipaddr.IPv4.networkAddressFromCIDR(cidr)
      : ipaddr.IPv6.networkAddressFromCIDR(cidr);
  if (network.toString() === address.toString()) return undefined;
  return `"${range}" has bits set after the prefix; did you mean "${network.toString()}/${prefix}"?`;
}

export function isIpv6Range(range: string): boolean {
  return parseCidr(range)?.[0].kind() === "ipv6";
}

/** True if the IPv4 address lies in the range. */
export function rangeContains(range: string, address: string): boolean {
  const cidr = parseCidr(range);
  return cidr?.[0].kind() === "ipv4" && ipaddr.IPv4.parse(address).match(cidr);
}
