import type { Ipv4Network } from "./ipv4.ts";
import { formatIpv4Network, ipv4Network, isInside, networkSize, overlap, parseIpv4Network } from "./ipv4.ts";

const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map(ipv4Network);

/** Ranges that DigitalOcean keeps for itself in every region. */
const keptByDigitalOcean = ["10.229.0.0/16", "10.244.0.0/16", "10.245.0.0/16", "10.246.0.0/24"].map(
  ipv4Network,
);

/** What is wrong with `range` for a new VPC, or undefined. `taken`: other VPCs' ranges and the anchor network. */
export function vpcRangeFault(range: string, taken: readonly string[]): string | undefined {
  const network = parseIpv4Network(range);
  if (network === undefined) return `[${range}] is not a network in CIDR notation`;
  if (network.prefix < 16 || network.prefix > 28)
    return `[${range}] must be no larger than /16 and no smaller than /28`;
  if (!privateRanges.some((outer) => isInside(network, outer)))
    return `[${range}] is not a private (RFC 1918) range`;
  if (keptByDigitalOcean.some((kept) => overlap(network, kept)))
    return `[${range}] is reserved by DigitalOcean`;
  const other = taken.find((candidate) => overlap(network, ipv4Network(candidate)));
  return other === undefined
    ? undefined
    : `[${range}] overlaps with [${other}], another network in your account`;
}

/** A /20 that collides with nothing in `taken`; undefined when 10.0.0.0/8 is full. */
export function freeVpcRange(taken: readonly string[]): string | undefined {
  const size = networkSize(20);
  const start = ipv4Network("10.100.0.0/20").first;
  const end = start + 155 * 2 ** 16;
  for (let first = start; first < end; first += size) {
    const candidate: Ipv4Network = { first, prefix: 20 };
    if (vpcRangeFault(formatIpv4Network(candidate), taken) === undefined) return formatIpv4Network(candidate);
  }
  return undefined;
}
