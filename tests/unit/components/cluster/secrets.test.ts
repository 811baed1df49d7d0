import { describe, expect, test } from "vitest";
import { gossipKeyOfHex, uuidOfHex } from "../../../../components/cluster/secrets.ts";

describe("the management token", () => {
  test.each([
    ["00000000000000000000000000000000", "00000000-0000-4000-8000-000000000000"],
    ["ffffffffffffffffffffffffffffffff", "ffffffff-ffff-4fff-bfff-ffffffffffff"],
    ["0123456789abcdef0123456789abcdef", "01234567-89ab-4def-8123-456789abcdef"],
  ])("of %s is the UUID %s", (hex, uuid) => {
    expect(uuidOfHex(hex)).toBe(uuid);
  });
  test("needs 16 bytes", () => {
    expect(() => uuidOfHex("00")).toThrow("16 bytes");
  });
});

test("a gossip key is the base64 of its bytes", () => {
  expect(gossipKeyOfHex("00".repeat(32))).toBe(`${"A".repeat(43)}=`);
});
