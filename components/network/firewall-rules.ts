/** Nomad's ports (Nomad documentation, "Ports used"), with the range it gives to dynamic ports. */
export const nomadPorts = { http: 4646, rpc: 4647, serf: 4648, dynamic: "20000-32000" } as const;

/** Whom the nodes answer beside each other. */
export interface FirewallAccess {
  /** CIDRs that may use the Nomad API, and SSH if it is open. */
  readonly operatorCidrs: readonly string[];
  readonly opensSsh: boolean;
  /** TCP ports that everyone may use. */
  readonly publicPorts: readonly number[];
  /** TCP port that the load balancer alone may use. */
  readonly loadBalancer?: { readonly port: number };
}

/** By what the firewall knows who is who. */
export interface FirewallParts {
  /** Tag of the nodes. */
  readonly nodeTag: string;
  readonly loadBalancerId?: string | undefined;
}

export interface InboundRule {
  readonly protocol: string;
  readonly portRange?: string;
  readonly sourceAddresses?: string[];
  readonly sourceTags?: string[];
  readonly sourceLoadBalancerUids?: string[];
}

export interface OutboundRule {
  readonly protocol: string;
  readonly portRange?: string;
  readonly destinationAddresses: string[];
}

const anywhere = ["0.0.0.0/0", "::/0"];

/** Ports that a node itself uses, so that no job can have them. */
export const nodePorts: readonly number[] = [22, nomadPorts.http, nomadPorts.rpc, nomadPorts.serf];

/**
 * Who may talk to the nodes. DigitalOcean filters VPC traffic like public traffic, so what nodes say to each other
 * is allowed here too, by the tag that every node carries.
 */
export function inboundRules(
  { operatorCidrs, opensSsh, publicPorts, loadBalancer }: FirewallAccess,
  { nodeTag, loadBalancerId }: FirewallParts,
): InboundRule[] {
  const operators = { sourceAddresses: [...operatorCidrs] };
  const nodes = { sourceTags: [nodeTag] };
  return [
    // Operators log in, where they have a key.
    ...(opensSsh ? [{ protocol: "tcp", portRange: "22", ...operators }] : []),
    // Operators and the Pulumi program use the Nomad API.
    { protocol: "tcp", portRange: String(nomadPorts.http), ...operators },
    // Everyone uses what is served on the nodes' public addresses.
    ...publicPorts.map((port) => ({
      protocol: "tcp",
      portRange: String(port),
      sourceAddresses: [...anywhere],
    })),
    // Readers come through the load balancer.
    ...(loadBalancer && loadBalancerId !== undefined
      ? [
          {
            protocol: "tcp",
            portRange: String(loadBalancer.port),
            sourceLoadBalancerUids: [loadBalancerId],
          },
        ]
      : []),
    // Agents call servers, and servers replicate the Raft log.
    { protocol: "tcp", portRange: String(nomadPorts.rpc), ...nodes },
    // Servers gossip; a packet that does not get through by UDP is tried by TCP.
    { protocol: "tcp", portRange: String(nomadPorts.serf), ...nodes },
    { protocol: "udp", portRange: String(nomadPorts.serf), ...nodes },
    // Jobs reach each other on dynamic ports.
    { protocol: "tcp", portRange: nomadPorts.dynamic, ...nodes },
    { protocol: "udp", portRange: nomadPorts.dynamic, ...nodes },
    // Nodes find the path's packet size.
    { protocol: "icmp", ...nodes },
  ];
}

/** Without one a droplet reaches nothing, not even Debian's mirrors. */
export const outboundRules: OutboundRule[] = [
  { protocol: "tcp", portRange: "1-65535", destinationAddresses: anywhere },
  { protocol: "udp", portRange: "1-65535", destinationAddresses: anywhere },
  { protocol: "icmp", destinationAddresses: anywhere },
];
