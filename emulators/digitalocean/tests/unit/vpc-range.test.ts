import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { freeVpcRange, vpcRangeFault } from "../../rules/vpc-range.ts";

describe("VPC ranges", () => {
  test.each(["10.20.0.0/16", "172.16.5.0/24", "192.168.1.16/28"])("[%s] is fine", (range) => {
    expect(vpcRangeFault(range, [])).toBeUndefined();
  });

  test.each([
    ["10.0.0.0/15", "no larger than /16"],
    ["10.0.0.0/29", "no smaller than /28"],
    ["172.32.0.0/16", "not a private"],
    ["8.8.8.0/24", "not a private"],
    ["10.0.0.1/24", "not a network"],
    ["10.244.3.0/24", "reserved by DigitalOcean"],
    ["10.30.8.0/24", "overlaps with [10.30.0.0/16]"],
  ])("[%s] is refused: %s", (range, reason) => {
    expect(vpcRangeFault(range, ["10.30.0.0/16"])).toContain(reason);
  });

  test("generated ranges are acceptable and never overlap", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), (count) => {
        const taken = ["10.100.0.0/16"];
        for (let turn = 0; turn < count; turn += 1) {
          const range = freeVpcRange(taken);
          expect(range).toBeDefined();
          expect(vpcRangeFault(range ?? "", taken)).toBeUndefined();
          taken.push(range ?? "");
        }
      }),
      { numRuns: 10 },
    );
  });

  test("when everything is taken there is none", () => {
    expect(freeVpcRange(["10.0.0.0/8"])).toBeUndefined();
  });
});
