import ipaddr from "ipaddr.js";

/** Of an IPv4 CIDR, or of a single address. Throws on anything else. */
function parse(cidr: string): [ipaddr.IPv4, number] {
  if (ipaddr.IPv4.isValidFourPartDecimal(cidr)) return [ipaddr.IPv4.parse(cidr), 32];
  if (!ipaddr.IPv4.isValidCIDRFourPartDecimal(cidr)) throw new Error(`[${cidr}] is not an IPv4 CIDR`);
  return ipaddr.IPv4.parseCIDR(cidr);
}

export function overlaps(a: string, b: string): boolean {
  const [[left, leftBits], [right, rightBits]] = [parse(a), parse(b)];
  return left.match(right, Math.min(leftBits, rightBits));
}

/** Number of network bits of a CIDR. */
export function prefixLength(cidr: string): number {
  return parse(cidr)[1];
}
