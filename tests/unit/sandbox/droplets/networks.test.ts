import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { portTableText } from "../../../../sandbox/droplets/network/host-rules.ts";
import { overlaps, prefixLength } from "../../../../sandbox/droplets/network/ipv4.ts";
import { macAddress, port, publicBridge, vpcBridge } from "../../../../sandbox/droplets/names.ts";
import { slotCandidates } from "../../../../sandbox/droplets/network/public-network.ts";

const sandboxId = fc.stringMatching(/^[0-9a-f]{8}$/);

describe("IPv4 ranges", () => {
  test.each([
    ["10.0.0.0/8", "10.255.0.0/16", true],
    ["198.18.0.0/23", "198.18.1.7", true],
    ["198.18.0.0/23", "198.18.2.0/23", false],
    ["0.0.0.0/0", "255.255.255.255", true],
  ])("%s and %s overlap: %s", (a, b, expected) => {
    expect(overlaps(a, b)).toBe(expected);
    expect(overlaps(b, a)).toBe(expected);
  });

  test.each(["10.0.0", "10.0.0.256", "10.0.0.0/33", "::/0", "local"])("refuses [%s]", (text) => {
    expect(() => prefixLength(text)).toThrow(text);
    expect(() => overlaps(text, "10.0.0.0/8")).toThrow(text);
  });

  test("a CIDR keeps its prefix length", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 32 }), (bits) => prefixLength(`10.1.2.3/${bits}`) === bits),
    );
  });
});

describe("names", () => {
  test("interfaces fit into the kernel's 15 characters", () => {
    fc.assert(
      fc.property(sandboxId, fc.integer({ min: 1 }), fc.string(), (id, dropletId, vpcId) => {
        const names = [
          publicBridge(id),
          vpcBridge(id, vpcId),
          port("p", id, dropletId),
          port("q", id, dropletId),
        ];
        expect(new Set(names).size).toBe(4);
        expect(names.every((name) => name.length <= 15)).toBe(true);
      }),
    );
  });

  test("MAC addresses are unicast and locally administered", () => {
    fc.assert(
      fc.property(sandboxId, fc.integer({ min: 1 }), (id, dropletId) => {
        expect(macAddress(id, dropletId, "eth0")).toMatch(/^02(:[0-9a-f]{2}){5}$/);
        expect(macAddress(id, dropletId, "eth0")).not.toBe(macAddress(id, dropletId, "eth1"));
      }),
    );
  });

  test("every slot is tried once", () => {
    fc.assert(fc.property(sandboxId, (id) => new Set(slotCandidates(id)).size === 256));
  });
});

describe("port of a droplet", () => {
  const port0 = {
    sandboxId: "0a1b2c3d",
    dropletId: 7,
    device: "p0",
    gateway: "198.18.0.1",
    anchorAddress: "10.15.0.7",
  };

  test("translates the reserved address both ways, for ARP too", () => {
    const text = portTableText({ ...port0, reservedAddress: "198.18.1.9" });
    expect(text).toContain("ip saddr 10.15.0.7 ip saddr set 198.18.1.9");
    expect(text).toContain("arp saddr ip 10.15.0.7 arp saddr ip set 198.18.1.9");
    expect(text).toContain("ip daddr 198.18.1.9 ip daddr set 10.15.0.7");
    expect(text).toContain("arp daddr ip 198.18.1.9 arp daddr ip set 10.15.0.7");
  });

  test("lets nothing out from an anchor address without a reserved address", () => {
    expect(portTableText({ ...port0, reservedAddress: undefined })).toContain("ip saddr 10.15.0.7 drop");
  });
});
