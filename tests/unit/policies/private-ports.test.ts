import { describe, expect, test } from "vitest";
import { inboundRules } from "../../../components/network/firewall-rules.ts";
import { privatePortProblems } from "../../../policies/rules/private-ports.ts";

const config = { ports: [22, 4646, 4647, 4648] };
const anyone = ["0.0.0.0/0", "::/0"];
const rulesFor = (operatorCidrs: string[], publicPorts: number[]) =>
  inboundRules({ operatorCidrs, opensSsh: true, publicPorts }, { nodeTag: "node" });

describe("private-ports", () => {
  test("takes the components' own rules", () => {
    expect(privatePortProblems(rulesFor(["192.0.2.7/32"], [80, 443]), config)).toEqual([]);
  });

  test("refuses the components' rules when everyone is an operator", () => {
    expect(privatePortProblems(rulesFor(anyone, []), config)).toEqual([
      "inboundRules[0] opens tcp 22 (SSH) to 0.0.0.0/0, ::/0",
      "inboundRules[1] opens tcp 4646 (Nomad's API) to 0.0.0.0/0, ::/0",
    ]);
  });

  test.each([
    [
      "a range",
      { protocol: "tcp", portRange: "4000-5000" },
      "tcp 4646 (Nomad's API), 4647 (Nomad's RPC), 4648",
    ],
    ["every port", { protocol: "tcp", portRange: "all" }, "tcp 22 (SSH)"],
    ["every port, as DigitalOcean shows it", { protocol: "tcp", portRange: "0" }, "tcp 22 (SSH)"],
    ["no port", { protocol: "TCP" }, "TCP 22 (SSH)"],
    ["gossip", { protocol: "udp", portRange: "4648" }, "udp 4648 (Nomad's gossip)"],
  ])("refuses %s for everyone", (_, rule, text) => {
    const [found] = privatePortProblems([{ ...rule, sourceAddresses: ["::/0"] }], config);
    expect(found).toContain(`inboundRules[0] opens ${text}`);
    expect(found).toMatch(/to ::\/0$/);
  });

  test.each(["0.0.0.0/1", "128.0.0.0/7", "2000::/3"])("takes %s for the Internet", (range) => {
    const rule = { protocol: "tcp", portRange: "22", sourceAddresses: [range, "192.0.2.7"] };
    expect(privatePortProblems([rule], config)).toEqual([`inboundRules[0] opens tcp 22 (SSH) to ${range}`]);
  });

  test.each([
    ["another port", { protocol: "tcp", portRange: "80", sourceAddresses: anyone }],
    ["a range beside them", { protocol: "tcp", portRange: "4649-5000", sourceAddresses: anyone }],
    ["one address", { protocol: "tcp", portRange: "22", sourceAddresses: ["192.0.2.7/32"] }],
    ["a network", { protocol: "tcp", portRange: "22", sourceAddresses: ["10.0.0.0/10"] }],
    ["a tag", { protocol: "tcp", portRange: "4647", sourceTags: ["node"] }],
    ["icmp", { protocol: "icmp", sourceAddresses: anyone }],
  ])("takes %s", (_, rule) => {
    expect(privatePortProblems([rule], config)).toEqual([]);
  });

  test("knows the ports of the configuration only", () => {
    const rules = ["22", "5432"].map((portRange) => ({
      protocol: "tcp",
      portRange,
      sourceAddresses: anyone,
    }));
    expect(privatePortProblems(rules, { ports: [5432] })).toEqual([
      "inboundRules[1] opens tcp 5432 to 0.0.0.0/0, ::/0",
    ]);
  });
});
