import { randomInt } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { password, passwordFailures } from "../../../../sandbox/offline/plugins/random/password.ts";
import { randomPassword } from "../../../../sandbox/offline/plugins/random/random-password.ts";

describe("password", () => {
  const minimum = fc.integer({ min: 0, max: 5 });
  const inputs = fc.record({
    length: fc.integer({ min: 15, max: 40 }),
    lower: fc.boolean(),
    upper: fc.boolean(),
    numeric: fc.boolean(),
    special: fc.constant(true),
    minLower: minimum,
    minNumeric: minimum,
    minSpecial: minimum,
  });

  test("has its length, every minimum and no character that is not allowed", () => {
    fc.assert(
      fc.property(inputs, (given) => {
        const result = password(given, (limit) => randomInt(limit));
        const count = (pattern: RegExp) => result.match(pattern)?.length ?? 0;
        expect(result).toHaveLength(given.length);
        expect(count(/[a-z]/g)).toBeGreaterThanOrEqual(given.minLower);
        expect(count(/[0-9]/g)).toBeGreaterThanOrEqual(given.minNumeric);
        expect(count(/[^a-zA-Z0-9]/g)).toBeGreaterThanOrEqual(given.minSpecial);
        if (!given.upper) expect(count(/[A-Z]/g)).toBe(0);
      }),
    );
  });

  test("refuses minimums that do not fit and an empty alphabet", () => {
    expect(passwordFailures({ length: 3, lower: true, minLower: 4 })[0]?.property).toBe("length");
    expect(passwordFailures({ length: 3 })[0]?.reason).toContain("at least one class");
  });
});

test("an imported password is not its own id, and has all flags", async () => {
  const operation = { signal: new AbortController().signal };
  expect(await randomPassword.read(() => 0, "canary", {}, operation)).toMatchObject({
    id: "none",
    outputs: { length: 6, result: "canary", lower: true, minLower: 0 },
  });
});
