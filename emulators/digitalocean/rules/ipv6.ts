/** The network that public IPv6 addresses of droplets come from: one for documentation. */
export const ipv6Network = { gateway: "2001:db8::1", netmask: 64 } as const;

/** The droplet's own address in it, of which no other droplet is given one. */
export function ipv6AddressOf(dropletId: number): string {
  const high = Math.floor(dropletId / 0x1_0000).toString(16);
  return `2001:db8::${high}:${(dropletId % 0x1_0000).toString(16)}`;
}
