import ipaddr from "ipaddr.js";

/** Largest and smallest VPC that DigitalOcean makes (VPC limits, DigitalOcean documentation). */
const largestVpc = 16;
const smallestVpc = 28;

type Cidr = [address: ipaddr.IPv4 | ipaddr.IPv6, prefix: number];

function parseCidr(text: string): Cidr | undefined {
  // Of the forms that the library takes only the usual one: "10.8/16" is a slip.
  const isUsual = ipaddr.IPv4.isValidCIDRFourPartDecimal(text) || ipaddr.IPv6.isValidCIDR(text);
  return isUsual ? ipaddr.parseCIDR(text) : undefined;
}

/** What is wrong with a VPC range for `nodes` nodes, or undefined if nothing is. */
export function checkVpcRange(range: string, nodes: number): string | undefined {
  const cidr = parseCidr(range);
  if (cidr?.[0].kind() !== "ipv4") return `"${range}" is not an IPv4 range; write it like "10.104.0.0/20"`;
  const [address, prefix] = cidr;
  if (address.range() !== "private")
    return `"${range}" is not private; use a range within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16`;
  const network = ipaddr.IPv4.networkAddressFromCIDR(range).toString();
  if (network !== address.toString())
    return `"${range}" has bits set after the prefix; did you mean "${network}/${prefix}"?`;
  if (prefix < largestVpc || prefix > smallestVpc)
    return `"${range}" is a /${prefix}; DigitalOcean makes VPCs from /${largestVpc} to /${smallestVpc}`;
  // Network, gateway and broadcast address, and one that DigitalOcean keeps, are not for droplets.
  const usable = 2 ** (32 - prefix) - 4;
  if (usable < nodes)
    return `"${range}" is too small: it has ${usable} addresses for droplets and ${nodes} nodes are asked for`;
  return undefined;
}

/** What is wrong with a range from which operators come, or undefined if nothing is. */
export function checkOperatorCidr(range: string, anywhereAllowed: boolean): string | undefined {
  const cidr = parseCidr(range);
  if (!cidr) return `"${range}" is not a CIDR; write one address like "192.0.2.7/32"`;
  if (cidr[1] === 0 && !anywhereAllowed)
    return `"${range}" opens SSH and the Nomad API to the whole Internet; name your own addresses, or set allowOperatorsFromAnywhere to true`;
  return undefined;
}

/** True if the IPv4 address lies in the range. */
export function rangeContains(range: string, address: string): boolean {
  const cidr = parseCidr(range);
  return cidr?.[0].kind() === "ipv4" && ipaddr.IPv4.parse(address).match(cidr);
}
