import { describe, expect, test } from "vitest";
import { checkedAddress } from "../../../../components/cluster/connection.ts";

describe("the address of a connection", () => {
  test.each(["https://192.0.2.10:4646", "http://nomad.internal:4646/", "https://nomad.example.com/api"])(
    "may be %s",
    (address) => expect(checkedAddress(address)).toBe(address),
  );
  test.each(["192.0.2.10:4646", "nomad.internal", "", "https://", "unix:///run/nomad.sock"])(
    'may not be "%s"',
    (address) =>
      expect(() => checkedAddress(address)).toThrow(
        `connection.address: "${address}" is not an http or https URL; write it like "https://192.0.2.10:4646"`,
      ),
  );
});
