import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nextAddress, publicPools, usableAddresses } from "../../rules/address-pool.ts";
import {
  formatIpv4,
  formatIpv4Network,
  ipv4Network,
  networkMask,
  networkSize,
  overlap,
  parseIpv4,
  parseIpv4Network,
} from "../../rules/ipv4.ts";

const address = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const network = fc
  .tuple(address, fc.integer({ min: 0, max: 32 }))
  .map(([number, prefix]) => ({ first: number - (number % networkSize(prefix)), prefix }));

describe("IPv4 text", () => {
  test("an address and a network read back as they were written", () => {
    fc.assert(fc.property(address, (number) => parseIpv4(formatIpv4(number)) === number));
    fc.assert(
      fc.property(network, (one) => {
        expect(parseIpv4Network(formatIpv4Network(one))).toEqual(one);
      }),
    );
  });

  test.each(["10.0.0.256", "010.0.0.1", "10.0.0", "10.0.0.1 ", "::1", ""])("[%s] is no address", (text) => {
    expect(parseIpv4(text)).toBeUndefined();
  });

  test.each(["10.0.0.1/24", "10.0.0.0/33", "10.0.0.0", "10.0.0.0/24/1", "10.0.0.0/"])(
    "[%s] is no network",
    (text) => {
      expect(parseIpv4Network(text)).toBeUndefined();
    },
  );

  test("masks", () => {
    expect([networkMask(23), networkMask(32), networkMask(0)]).toEqual([
      "255.255.254.0",
      "255.255.255.255",
      "0.0.0.0",
    ]);
  });

  test("overlap is symmetric and means a shared address", () => {
    fc.assert(
      fc.property(network, network, (one, other) => {
        const shared = Math.max(one.first, other.first);
        const holds = (candidate: typeof one) =>
          shared >= candidate.first && shared < candidate.first + networkSize(candidate.prefix);
        expect(overlap(one, other)).toBe(holds(one) && holds(other));
        expect(overlap(other, one)).toBe(overlap(one, other));
      }),
    );
  });
});

describe("address pools", () => {
  test("droplets and reserved IPs share no address, and neither holds the gateway or the broadcast address", () => {
    const prefix = fc.integer({ min: 16, max: 26 });
    fc.assert(
      fc.property(address, prefix, (number, length) => {
        const first = number - (number % networkSize(length));
        const { droplets, reservedIps } = publicPools({ first, prefix: length });
        expect(droplets.first).toBeGreaterThan(first + 1);
        expect(droplets.last).toBeGreaterThan(droplets.first);
        expect(reservedIps.first).toBeGreaterThan(droplets.last);
        expect(reservedIps.last).toBeLessThan(first + networkSize(length) - 1);
      }),
    );
  });

  test("the address given is free, in the pool, and not the one given before", () => {
    const pool = { first: 100, last: 107 };
    const inPool = fc.integer({ min: pool.first, max: pool.last });
    fc.assert(
      fc.property(fc.uniqueArray(inPool), fc.option(inPool, { nil: undefined }), (taken, previous) => {
        const given = nextAddress(pool, new Set(taken), previous);
        const others = [100, 101, 102, 103, 104, 105, 106, 107].filter(
          (candidate) => !taken.includes(candidate) && candidate !== previous,
        );
        if (others.length === 0) expect(given).toBeUndefined();
        else expect(others).toContain(given);
      }),
    );
  });

  test("addresses go round: one that was released comes back only after all others", () => {
    const pool = usableAddresses(ipv4Network("10.0.0.0/29"));
    const given: (number | undefined)[] = [];
    for (let turn = 0; turn < 6; turn += 1) given.push(nextAddress(pool, new Set(), given.at(-1)));
    expect(given.map((one) => formatIpv4(one ?? 0))).toEqual([
      "10.0.0.2",
      "10.0.0.3",
      "10.0.0.4",
      "10.0.0.5",
      "10.0.0.6",
      "10.0.0.2",
    ]);
  });
});
