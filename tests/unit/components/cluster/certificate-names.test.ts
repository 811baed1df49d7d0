import { describe, expect, test } from "vitest";
import { certificateNames } from "../../../../components/cluster/certificate-names.ts";

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
