import fc from "fast-check";
import { expect, test } from "vitest";
import { gatewayMacAddress, macAddress } from "../../../../sandbox/droplets/names.ts";

test("MAC addresses are local, unicast and different for each device", () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), (sandboxId, dropletId) => {
      const addresses = [
        gatewayMacAddress(sandboxId),
        macAddress(sandboxId, dropletId, "eth0"),
        macAddress(sandboxId, dropletId, "eth1"),
      ];
      for (const address of addresses) expect(address).toMatch(/^02(:[0-9a-f]{2}){5}$/);
      expect(new Set(addresses).size).toBe(3);
    }),
  );
});
