/** First and last address of an IPv4 CIDR, or of a single address, as numbers. Throws on anything else. */
export function range(cidr: string): { first: number; last: number } {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)(?:\/(\d+))?$/.exec(cidr);
  const parts = match?.slice(1, 5).map(Number) ?? [];
  const bits = match?.[5] === undefined ? 32 : Number(match[5]);
  if (parts.length !== 4 || parts.some((part) => part > 255) || bits > 32)
    throw new Error(`[${cidr}] is not an IPv4 CIDR`);
  const address = parts.reduce((sum, part) => sum * 256 + part, 0);
  const size = 2 ** (32 - bits);
  const first = Math.floor(address / size) * size;
  return { first, last: first + size - 1 };
}

export function overlaps(a: string, b: string): boolean {
  const [left, right] = [range(a), range(b)];
  return left.first <= right.last && right.first <= left.last;
}

/** Number of network bits of a CIDR. */
export function prefixLength(cidr: string): number {
  const { first, last } = range(cidr);
  return 32 - Math.log2(last - first + 1);
}
