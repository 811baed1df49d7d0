import { describe, expect, test } from "vitest";
import { Fields } from "../../requests/fields.ts";
import { parseFirewall } from "../../rules/firewall-rules.ts";

const known = {
  hasTag: (name: string) => name === "node",
  hasDroplet: (id: number) => id === 7,
  hasLoadBalancer: (id: string) => id === "one",
};
const ssh = { protocol: "tcp", ports: "22", sources: { addresses: ["10.0.0.0/8"] } };
const parse = (fields: object) =>
  parseFirewall(new Fields({ name: "fw", inbound_rules: [ssh], ...fields }), known);
const inbound = (fields: object) => parse({ inbound_rules: [{ ...ssh, ...fields }] });

describe("firewall requests", () => {
  test("all ports are written as 0, as the API returns them", () => {
    const ports = (protocol: string, text?: string) => inbound({ protocol, ports: text }).inbound[0]?.ports;
    expect([ports("tcp", "all"), ports("udp", "0"), ports("icmp"), ports("tcp", "1-65535")]).toEqual([
      "0",
      "0",
      "0",
      "1-65535",
    ]);
  });

  test.each([
    ["a port out of range", { ports: "70000" }, /ports/],
    ["a range the wrong way round", { ports: "90-80" }, /ports/],
    ["tcp without ports", { ports: "" }, /ports is required/],
    ["another protocol", { protocol: "gre" }, /protocol/],
    ["an address that is none", { sources: { addresses: ["10.0.0.300"] } }, /10\.0\.0\.300/],
    ["a tag that is not there", { sources: { tags: ["ghost"] } }, /no tag \[ghost\]/],
    ["a droplet that is not there", { sources: { droplet_ids: [8] } }, /no Droplet \[8\]/],
    ["no peer at all", { sources: {} }, /at least one/],
    ["1001 addresses", { sources: { addresses: Array.from({ length: 1001 }, () => "10.0.0.1") } }, /1000/],
  ])("%s is refused", (_what, fields, message) => {
    expect(() => inbound(fields)).toThrow(message);
  });

  test("limits of a firewall: 50 rules, 10 droplets, 5 tags, one rule at least", () => {
    const many = (count: number) => Array.from({ length: count }, () => ssh);
    expect(parse({ inbound_rules: many(50) }).inbound).toHaveLength(50);
    expect(() => parse({ inbound_rules: many(51) })).toThrow(/50/);
    expect(() => parse({ droplet_ids: Array.from({ length: 11 }, () => 7) })).toThrow(/10/);
    expect(() => parse({ tags: Array.from({ length: 6 }, () => "node") })).toThrow(/5/);
    expect(() => parse({ inbound_rules: [] })).toThrow(/at least one rule/);
  });

  test("load balancers are peers if they are there; clusters of Kubernetes are refused with 501, not ignored", () => {
    const sources = { load_balancer_uids: ["one"] };
    expect(inbound({ sources }).inbound[0]?.peers).toMatchObject({ loadBalancerIds: ["one"] });
    expect(() => inbound({ sources: { load_balancer_uids: ["two"] } })).toThrow(/no load balancer \[two\]/);
    expect(() => inbound({ sources: { kubernetes_ids: ["one"] } })).toThrow(
      expect.objectContaining({ status: 501 }) as Error,
    );
  });
});
