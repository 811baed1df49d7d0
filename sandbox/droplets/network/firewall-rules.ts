import { BlockList } from "node:net";
import type { FirewallRule, FirewallRules } from "../../../emulators/digitalocean/index.ts";
import { metadataAddress } from "./host-rules.ts";

const table = "cloud_firewall";

/**
 * nft table for a droplet's network namespace that enforces a cloud firewall; applying it replaces what an earlier one
 * said. Like DigitalOcean's it is stateful: what no rule lists is dropped, and connections that exist go on. Inbound is
 * judged before a container's published port is translated, so a rule names the port that the caller sees.
 */
export function firewallText(rules: FirewallRules | undefined): string {
  const reset = `table inet ${table}\ndelete table inet ${table}\n`;
  if (!rules) return reset;
  return `${reset}table inet ${table} {
  chain inbound {
    type filter hook prerouting priority -150; policy accept;
    iifname != { "eth0", "eth1" } accept
    ct state established,related accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } accept
${lines(rules.inbound, "saddr")}    drop
  }
  chain outbound {
    type filter hook postrouting priority 50; policy accept;
    oifname != { "eth0", "eth1" } accept
    ct state established,related accept
    ip daddr ${metadataAddress} accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit } accept
${lines(rules.outbound, "daddr")}    drop
  }
}
`;
}

function lines(rules: readonly FirewallRule[], side: "saddr" | "daddr"): string {
  return rules
    .flatMap((rule) => matches(rule, side))
    .map((match) => `    ${match} accept\n`)
    .join("");
}

function matches(rule: FirewallRule, side: "saddr" | "daddr"): string[] {
  const families = [
    { family: "ip", icmp: "icmp", addresses: rule.addresses.filter((address) => !address.includes(":")) },
    { family: "ip6", icmp: "icmpv6", addresses: rule.addresses.filter((address) => address.includes(":")) },
  ];
  return families
    .filter(({ addresses }) => addresses.length > 0)
    .map(({ family, icmp, addresses }) => {
      const where = `${family} ${side} { ${withoutNested(addresses).join(", ")} }`;
      return rule.protocol === "icmp" ? `${where} meta l4proto ${icmp}` : `${where} ${ports(rule)}`;
    });
}

// A set of intervals refuses members that overlap. CIDRs overlap only when one holds the other: the widest stay.
function withoutNested(addresses: readonly string[]): string[] {
  const kept = new BlockList();
  const bits = (address: string) => Number(address.split("/")[1] ?? (address.includes(":") ? 128 : 32));
  return [...addresses]
    .sort((a, b) => bits(a) - bits(b))
    .filter((address) => {
      const [network = "", family] = [
        address.split("/")[0],
        address.includes(":") ? "ipv6" : "ipv4",
      ] as const;
      if (kept.check(network, family)) return false;
      kept.addSubnet(network, bits(address), family);
      return true;
    });
}

function ports({ protocol, ports: listed }: FirewallRule): string {
  if (listed === undefined) return `meta l4proto ${protocol}`;
  if (!/^\d+(-\d+)?$/.test(listed))
    throw new Error(`firewall ports [${listed}] are neither one port nor a range`);
  return `${protocol} dport ${listed}`;
}
