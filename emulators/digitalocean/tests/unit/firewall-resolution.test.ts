import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { resolveFirewall } from "../../rules/firewall-resolution.ts";
import type { Firewall, StoredFirewallRule } from "../../store/entities.ts";

const droplet = (id: number, ...tags: string[]) => ({
  id,
  tags,
  publicAddress: `198.18.0.${id}`,
  privateAddress: `10.1.0.${id}`,
});
const rule = (ports: string, peers: Partial<StoredFirewallRule["peers"]>): StoredFirewallRule => ({
  protocol: "tcp",
  ports,
  peers: { addresses: [], tags: [], dropletIds: [], ...peers },
});
const firewall = (fields: Partial<Firewall>): Firewall => ({
  id: "f",
  name: "f",
  inbound: [],
  outbound: [],
  dropletIds: [],
  tags: [],
  createdAt: "",
  failed: false,
  ...fields,
});

const members = (
  droplets: readonly ReturnType<typeof droplet>[],
  loadBalancers: readonly { readonly id: string; readonly privateAddress: string }[] = [],
) => ({ droplets, loadBalancers });

describe("firewall resolution", () => {
  test("no firewall covers the droplet: all traffic passes", () => {
    expect(
      resolveFirewall(droplet(1, "a"), members([droplet(1, "a")]), [
        firewall({ tags: ["b"], dropletIds: [2] }),
      ]),
    ).toBe(undefined);
  });

  test("a tag stands for both addresses of every droplet that has it, also of the droplet itself", () => {
    const droplets = [droplet(1, "node"), droplet(2, "node"), droplet(3)];
    const rules = resolveFirewall(droplets[0] ?? droplet(1), members(droplets), [
      firewall({ tags: ["node"], inbound: [rule("4647", { tags: ["node"] })] }),
    ]);
    expect(rules).toEqual({
      inbound: [
        {
          protocol: "tcp",
          ports: "4647",
          addresses: ["10.1.0.1/32", "10.1.0.2/32", "198.18.0.1/32", "198.18.0.2/32"],
        },
      ],
      outbound: [],
    });
  });

  test("addresses become CIDRs, port 0 becomes all ports, and a tag without droplets lets nothing through", () => {
    const rules = resolveFirewall(droplet(1), members([droplet(1)]), [
      firewall({
        dropletIds: [1],
        inbound: [rule("22", { tags: ["nobody"] })],
        outbound: [rule("0", { addresses: ["1.2.3.4", "::/0", "2001:db8::1"] })],
      }),
    ]);
    expect(rules).toEqual({
      inbound: [],
      outbound: [{ protocol: "tcp", addresses: ["1.2.3.4/32", "2001:db8::1/128", "::/0"] }],
    });
  });

  test("a load balancer is its address in the VPC; one that is gone lets nothing through", () => {
    const rules = (loadBalancerIds: readonly string[]) =>
      resolveFirewall(
        droplet(1),
        members(
          [droplet(1)],
          [
            { id: "one", privateAddress: "10.1.0.9" },
            { id: "two", privateAddress: "10.1.0.8" },
          ],
        ),
        [firewall({ dropletIds: [1], inbound: [rule("80", { loadBalancerIds })] })],
      )?.inbound;
    expect(rules(["one"])).toEqual([{ protocol: "tcp", ports: "80", addresses: ["10.1.0.9/32"] }]);
    expect(rules(["gone"])).toEqual([]);
  });

  test("several firewalls on one droplet are a union: none takes away what another one allows", () => {
    const ports = fc.array(fc.integer({ min: 1, max: 65535 }).map(String), { maxLength: 5 });
    fc.assert(
      fc.property(fc.array(ports, { minLength: 1, maxLength: 4 }), (portsOfEach) => {
        const firewalls = portsOfEach.map((list) =>
          firewall({ tags: ["a"], inbound: list.map((port) => rule(port, { addresses: ["10.0.0.0/8"] })) }),
        );
        const rules = resolveFirewall(droplet(1, "a"), members([droplet(1, "a")]), firewalls);
        expect(rules?.inbound.map((one) => one.ports)).toEqual(portsOfEach.flat());
      }),
    );
  });
});
