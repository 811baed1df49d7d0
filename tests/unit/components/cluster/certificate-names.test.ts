import { describe, expect, test } from "vitest";
import { certificateNames } from "../../../../components/cluster/certificate-names.ts";
import { uuidOfRandomBytes } from "../../../../components/cluster/management-secret.ts";

describe("certificate names", () => {
  test("of a server hold both roles and its reserved address", () => {
    expect(certificateNames("server", "global", "192.0.2.1")).toEqual({
      commonName: "server.global.nomad",
      dnsNames: ["server.global.nomad", "client.global.nomad", "localhost"],
      ipAddresses: ["127.0.0.1", "192.0.2.1"],
    });
  });
  test("of a client do not let it pose as a server", () => {
    const { commonName, dnsNames } = certificateNames("client", "global");
    expect([commonName, ...dnsNames]).not.toContain("server.global.nomad");
  });
});

describe("the management token", () => {
  test.each([
    ["00000000000000000000000000000000", "00000000-0000-4000-8000-000000000000"],
    ["ffffffffffffffffffffffffffffffff", "ffffffff-ffff-4fff-bfff-ffffffffffff"],
    ["0123456789abcdef0123456789abcdef", "01234567-89ab-4def-8123-456789abcdef"],
  ])("of %s is the UUID %s", (hex, uuid) => {
    expect(uuidOfRandomBytes(hex)).toBe(uuid);
  });
  test("needs 16 bytes", () => {
    expect(() => uuidOfRandomBytes("00")).toThrow("16 bytes");
  });
});
