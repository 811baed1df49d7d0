import { describe, expect, test } from "vitest";
import { inboundRules, outboundRules } from "../../../../components/network/firewall-rules.ts";

const access = { operatorCidrs: ["192.0.2.7/32", "2001:db8::1/128"], opensSsh: true, publicPorts: [80] };
const parts = { nodeTag: "nomad-cluster-blog" };
const rules = inboundRules(access, parts);
const sourcesOf = (portRange: string) =>
  rules
    .filter((rule) => rule.portRange === portRange)
    .map(({ protocol, sourceAddresses, sourceTags }) => [protocol, sourceAddresses ?? sourceTags]);

describe("the cluster's firewall", () => {
  test.each(["22", "4646"])("lets operators, and nobody else, use port %s", (port) => {
    expect(sourcesOf(port)).toEqual([["tcp", ["192.0.2.7/32", "2001:db8::1/128"]]]);
  });
  test.each([
    ["4647", ["tcp"]],
    ["4648", ["tcp", "udp"]],
    ["20000-32000", ["tcp", "udp"]],
  ])("lets nodes, and nobody else, use port %s", (port, protocols) => {
    expect(sourcesOf(port)).toEqual(protocols.map((protocol) => [protocol, ["nomad-cluster-blog"]]));
  });
  test("lets everyone use a public port", () => {
    expect(sourcesOf("80")).toEqual([["tcp", ["0.0.0.0/0", "::/0"]]]);
  });
  test("opens no other port", () => {
    expect(new Set(rules.map(({ protocol, portRange }) => portRange ?? protocol))).toEqual(
      new Set(["22", "80", "4646", "4647", "4648", "20000-32000", "icmp"]),
    );
  });
  test("lets the load balancer, and nobody else, use its port", () => {
    const balanced = { ...access, publicPorts: [], loadBalancer: { port: 80 } };
    const balancedRules = inboundRules(balanced, { ...parts, loadBalancerId: "lb-1" });
    expect(balancedRules.filter(({ portRange }) => portRange === "80")).toEqual([
      { protocol: "tcp", portRange: "80", sourceLoadBalancerUids: ["lb-1"] },
    ]);
  });
  test("leaves SSH closed where nobody has a key", () => {
    const withoutKeys = inboundRules({ ...access, opensSsh: false }, parts);
    expect(withoutKeys).toEqual(rules.filter(({ portRange }) => portRange !== "22"));
  });
  test("lets nodes out, or they could install nothing", () => {
    expect(outboundRules.map((rule) => rule.protocol)).toEqual(["tcp", "udp", "icmp"]);
    for (const rule of outboundRules) expect(rule.destinationAddresses).toEqual(["0.0.0.0/0", "::/0"]);
  });
});
