import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkOperatorCidr, checkVpcRange } from "../../../../components/network/ip-range.ts";

describe("a VPC range", () => {
  test.each([
    ["10.104.0.0/20", 3],
    ["192.168.7.0/28", 12],
    ["172.31.0.0/16", 13],
  ])("%s holds %i nodes", (range, nodes) => {
    expect(checkVpcRange(range, nodes)).toBeUndefined();
  });

  test.each([
    ["8.8.0.0/20", 3, "is not private"],
    ["172.32.0.0/20", 3, "is not private"],
    ["10.0.0.0/29", 3, "from /16 to /28"],
    ["10.0.0.0/8", 3, "from /16 to /28"],
    ["10.0.0.0/28", 13, "is too small: it has 12"],
    ["10.0.0.1/20", 3, 'did you mean "10.0.0.0/20"'],
    ["10.0.0.0", 3, "is not an IPv4 range"],
    ["fd00::/64", 3, "is not an IPv4 range"],
    ["10.0.0.300/24", 3, "is not an IPv4 range"],
    ["10.244.0.0/16", 3, "overlaps with 10.244.0.0/16, which DigitalOcean keeps"],
    ["10.245.16.0/20", 3, "overlaps with 10.245.0.0/16"],
    ["10.246.0.0/20", 3, "overlaps with 10.246.0.0/24"],
  ])("%s for %i nodes is refused: %s", (range, nodes, reason) => {
    expect(checkVpcRange(range, nodes)).toContain(`"${range}"`);
    expect(checkVpcRange(range, nodes)).toContain(reason);
  });

  test("is accepted exactly for the aligned private ranges from /16 to /28", () => {
    fc.assert(
      fc.property(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(32), (a, b, c, d, prefix) => {
        const value = ((a * 256 + b) * 256 + c) * 256 + d;
        const aligned = value % 2 ** (32 - prefix) === 0;
        const isPrivate = a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168);
        const isKept = a === 10 && ([229, 244, 245].includes(b) || (b === 246 && c === 0));
        const accepted = checkVpcRange(`${a}.${b}.${c}.${d}/${prefix}`, 1) === undefined;
        expect(accepted).toBe(aligned && isPrivate && !isKept && prefix >= 16 && prefix <= 28);
      }),
    );
  });
});

describe("an operator range", () => {
  test.each(["192.0.2.7/32", "2001:db8::/48", "10.0.0.0/8"])("%s is accepted", (range) => {
    expect(checkOperatorCidr(range, false)).toBeUndefined();
  });
  test.each([
    ["192.0.2.7/24", 'did you mean "192.0.2.0/24"'],
    ["2001:db8::7/64", 'did you mean "2001:db8::/64"'],
  ])("%s is refused: %s", (range, reason) => {
    expect(checkOperatorCidr(range, true)).toContain(reason);
  });
  test.each(["0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/7", "2000::/3"])(
    "%s is refused unless it is asked for by name",
    (range) => {
      expect(checkOperatorCidr(range, false)).toContain("allowOperatorsFromAnywhere");
      expect(checkOperatorCidr(range, true)).toBeUndefined();
    },
  );
  test.each(["192.0.2.7", "office", "192.0.2.7/33", "::/129"])("%s is not a CIDR", (range) => {
    expect(checkOperatorCidr(range, true)).toContain("is not a CIDR");
  });
});
