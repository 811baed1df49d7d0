import type { ResourceValidationPolicy } from "@pulumi/policy";

const firewallType = "digitalocean:index/firewall:Firewall";

export interface PrivatePortsConfig {
  readonly ports: readonly number[];
}

/** An inbound rule as a `digitalocean.Firewall` has it. */
export interface InboundRule {
  readonly protocol: string;
  /** A port, `FIRST-LAST`, or `all`. */
  readonly portRange?: string;
  readonly sourceAddresses?: readonly string[];
}

export const privatePorts: ResourceValidationPolicy = {
  name: "private-ports",
  description: "Nomad's own ports and SSH are not open to the whole Internet.",
  severity: "critical",
  remediationSteps: "Give the operators' own addresses as the rule's source.",
  configSchema: {
    properties: {
      ports: {
        type: "array",
        items: { type: "integer", minimum: 1, maximum: 65_535 },
        default: [22, 4646, 4647, 4648],
        description: "Ports that no firewall may open to everyone.",
      },
    },
  },
  validateResource(args, reportViolation) {
    if (args.type !== firewallType) return args.notApplicable("applies to firewalls of DigitalOcean");
    const { inboundRules = [] } = args.props as { inboundRules?: InboundRule[] };
    for (const problem of privatePortProblems(inboundRules, args.getConfig<PrivatePortsConfig>()))
      reportViolation(problem);
  },
};

export function privatePortProblems(rules: readonly InboundRule[], { ports }: PrivatePortsConfig): string[] {
  return rules.flatMap((rule, index) => {
    const anyone = (rule.sourceAddresses ?? []).filter(isInternet);
    const opened = ports.filter((port) => opens(rule, port));
    if (anyone.length === 0 || opened.length === 0) return [];
    const names = opened.map((port) => (port in portNames ? `${port} (${portNames[port]})` : String(port)));
    return [`inboundRules[${index}] opens ${rule.protocol} ${names.join(", ")} to ${anyone.join(", ")}`];
  });
}

/** Halves and quarters of the Internet are the Internet: ranges larger than any network that is given to one organization. */
function isInternet(range: string): boolean {
  const prefix = /\/(\d+)$/.exec(range)?.[1];
  return prefix !== undefined && Number(prefix) < (range.includes(":") ? 16 : 8);
}

/** Nomad documentation, "Ports used". */
const portNames: Readonly<Record<number, string>> = {
  22: "SSH",
  4646: "Nomad's API",
  4647: "Nomad's RPC",
  4648: "Nomad's gossip",
};

function opens({ protocol, portRange = "all" }: InboundRule, port: number): boolean {
  if (!["tcp", "udp"].includes(protocol.toLowerCase())) return false;
  // DigitalOcean shows all ports as 0.
  if (["", "0", "all"].includes(portRange)) return true;
  const [first, last = first] = portRange.split("-").map(Number);
  return first !== undefined && last !== undefined && port >= first && port <= last;
}
