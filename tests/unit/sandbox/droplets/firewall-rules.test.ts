import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FirewallRule } from "../../../../emulators/digitalocean/index.ts";
import { firewallText } from "../../../../sandbox/droplets/network/firewall-rules.ts";
import { overlaps } from "../../../../sandbox/droplets/network/ipv4.ts";

/** The rules of a chain that let something in or out by the firewall's own rules. */
function matchesOf(chain: "inbound" | "outbound", text: string): string[] {
  const body = text.split(`chain ${chain} {`)[1]?.split("}\n  ")[0] ?? "";
  const side = chain === "inbound" ? "saddr" : "daddr";
  return [...body.matchAll(new RegExp(`^ +(ip6? ${side} \\{.*) accept$`, "gm"))].map(
    (match) => match[1] ?? "",
  );
}

describe("cloud firewall", () => {
  test.each<[string, FirewallRule, string[]]>([
    [
      "one port",
      { protocol: "tcp", ports: "22", addresses: ["10.0.0.0/8"] },
      ["ip saddr { 10.0.0.0/8 } tcp dport 22"],
    ],
    [
      "a range, both families",
      { protocol: "udp", ports: "8000-9000", addresses: ["0.0.0.0/0", "::/0"] },
      ["ip saddr { 0.0.0.0/0 } udp dport 8000-9000", "ip6 saddr { ::/0 } udp dport 8000-9000"],
    ],
    ["all ports", { protocol: "tcp", addresses: ["192.0.2.1"] }, ["ip saddr { 192.0.2.1 } meta l4proto tcp"]],
    [
      "icmp by family",
      { protocol: "icmp", addresses: ["192.0.2.1", "2001:db8::1"] },
      ["ip saddr { 192.0.2.1 } meta l4proto icmp", "ip6 saddr { 2001:db8::1 } meta l4proto icmpv6"],
    ],
    [
      "a CIDR within another is left out",
      { protocol: "tcp", ports: "80", addresses: ["10.1.0.0/16", "10.0.0.0/8", "10.1.2.3"] },
      ["ip saddr { 10.0.0.0/8 } tcp dport 80"],
    ],
    ["no address, no rule", { protocol: "tcp", ports: "80", addresses: [] }, []],
  ])("%s", (_, rule, expected) => {
    expect(matchesOf("inbound", firewallText({ inbound: [rule], outbound: [] }))).toEqual(expected);
  });

  test("outbound rules match the destination", () => {
    const rule: FirewallRule = { protocol: "tcp", ports: "443", addresses: ["0.0.0.0/0"] };
    const text = firewallText({ inbound: [], outbound: [rule] });
    expect(matchesOf("outbound", text)).toEqual(["ip daddr { 0.0.0.0/0 } tcp dport 443"]);
    expect(matchesOf("inbound", text)).toEqual([]);
  });

  test("no firewall leaves no chain behind", () => {
    expect(firewallText(undefined)).not.toContain("chain");
  });

  test.each(["all", "80,443", "80; accept", ""])("refuses ports [%s]", (ports) => {
    const rule: FirewallRule = { protocol: "tcp", ports, addresses: ["0.0.0.0/0"] };
    expect(() => firewallText({ inbound: [rule], outbound: [] })).toThrow(`[${ports}]`);
  });

  test("members of a set never overlap, and every address given is covered", () => {
    const cidr = fc
      .tuple(
        fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 }),
        fc.integer({ min: 0, max: 32 }),
      )
      .map(([bytes, bits]) => `${bytes.join(".")}/${bits}`);
    fc.assert(
      fc.property(fc.array(cidr, { minLength: 1, maxLength: 12 }), (addresses) => {
        const text = firewallText({ inbound: [{ protocol: "tcp", ports: "1", addresses }], outbound: [] });
        const members = /saddr \{ (.*?) \}/.exec(text)?.[1]?.split(", ") ?? [];
        expect(members.some((a, i) => members.some((b, j) => i !== j && overlaps(a, b)))).toBe(false);
        expect(addresses.every((address) => members.some((member) => overlaps(member, address)))).toBe(true);
      }),
    );
  });
});
