import { ports } from "../../settings.ts";
import { hostTable, portTable, publicBridge, vpcBridgePrefix } from "../names.ts";

/** Where droplets find the metadata service, as on DigitalOcean. */
export const metadataAddress = "169.254.169.254";

/** iptables rules, less the chain, that let droplets talk to each other and to the world. */
export function forwardingRules(sandboxId: string): string[][] {
  const bridge = publicBridge(sandboxId);
  return [
    ["-i", bridge, "-j", "ACCEPT"],
    ["-o", bridge, "-m", "conntrack", "--ctstate", "RELATED,ESTABLISHED", "-j", "ACCEPT"],
    ["-i", `${vpcBridgePrefix(sandboxId)}+`, "-j", "ACCEPT"],
  ];
}

/** nft table with the way out of the public network. Applying it replaces what an earlier one said. */
export function hostTableText(sandboxId: string, cidr: string): string {
  const name = hostTable(sandboxId);
  return `table ip ${name}
delete table ip ${name}
table ip ${name} {
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${cidr} ip daddr != ${cidr} oifname != "${publicBridge(sandboxId)}" masquerade
  }
  # Two clones may use the same VPC range: the host must not take their connections for one.
  chain prerouting {
    type filter hook prerouting priority raw; policy accept;
    iifname "${vpcBridgePrefix(sandboxId)}*" notrack
  }
}
`;
}

export interface DropletPort {
  readonly sandboxId: string;
  readonly dropletId: number;
  /** Host end of eth0. */
  readonly device: string;
  readonly gateway: string;
  readonly anchorAddress: string;
  readonly reservedAddress: string | undefined;
}

/** TCP ports of mail servers, to which DigitalOcean lets no droplet out ("Why is SMTP blocked?"). */
const blockedPorts = [25, 465, 587];

/**
 * nft table at the host end of a droplet's eth0, where DigitalOcean's hypervisor does the same: the reserved address
 * becomes the anchor address on the way in and back on the way out, and the metadata service gets its address. Stateless,
 * and outside the droplet, so the droplet's own rules see nothing but the anchor address.
 */
export function portTableText(port: DropletPort): string {
  const name = portTable(port.sandboxId, port.dropletId);
  const { anchorAddress: anchor, reservedAddress: reserved } = port;
  const outgoing = reserved
    ? `    ip saddr ${anchor} ip saddr set ${reserved}\n    arp saddr ip ${anchor} arp saddr ip set ${reserved}\n`
    : `    ip saddr ${anchor} drop\n    arp saddr ip ${anchor} drop\n`;
  const incoming = reserved
    ? `    ip daddr ${reserved} ip daddr set ${anchor}\n    arp daddr ip ${reserved} arp daddr ip set ${anchor}\n`
    : "";
  return `table netdev ${name}
delete table netdev ${name}
table netdev ${name} {
  chain from_droplet {
    type filter hook ingress device "${port.device}" priority 0; policy accept;
${outgoing}    ip daddr ${metadataAddress} tcp dport 80 ip daddr set ${port.gateway} tcp dport set ${ports.metadata}
    ip daddr ${metadataAddress} drop
    tcp dport { ${blockedPorts.join(", ")} } drop
  }
  chain to_droplet {
    type filter hook egress device "${port.device}" priority 0; policy accept;
${incoming}    ip saddr ${port.gateway} tcp sport ${ports.metadata} ip saddr set ${metadataAddress} tcp sport set 80
  }
}
`;
}
