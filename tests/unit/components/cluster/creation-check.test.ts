import { describe, expect, test } from "vitest";
import { validateCreations } from "../../../../components/cluster/account/creation-check.ts";
import type { PlannedCreations } from "../../../../components/cluster/account/creation-check.ts";
import { fingerprintOf, keyNameOf } from "../../../../components/nodes/ssh-keys.ts";
import { sshPublicKey } from "../../../support/digitalocean/ssh-public-key.ts";
import { inventory, request } from "./account-offer.ts";

const publicKey = sshPublicKey(1);
const nothing: PlannedCreations = { volumes: [], sshPublicKeys: [], reservedAddresses: 0 };
const asked = { ...request, volumes: [{ name: "data" }], sshPublicKeys: [publicKey] };
const own = (number: number) => ({
  address: `192.0.2.${number}`,
  region: "sgp1",
  dropletName: `web-${number}`,
});
const free = (number: number) => ({ address: `192.0.2.${number}`, region: "sgp1" });
const full = {
  ...inventory,
  volumes: [{ id: "v-1", name: "blog-data", dropletIds: [] }],
  sshKeys: [{ id: 512, fingerprint: fingerprintOf(publicKey), name: keyNameOf("blog", publicKey) }],
  reservedAddresses: [own(1), free(2), free(3)],
};
const reasons = (planned: Partial<PlannedCreations>, has = full) =>
  validateCreations(asked, { ...nothing, ...planned }, { inventory: has, reservedIpLimit: 3 }).map(
    ({ propertyPath, reason }) => `${propertyPath}: ${reason}`,
  );

describe("what an update would make", () => {
  test("may be there when the stack has it", () => expect(reasons({})).toEqual([]));

  test("may be there under no name of its own", () => {
    const planned = { volumes: [0], sshPublicKeys: [0], reservedAddresses: 3 };
    expect(reasons(planned, { ...inventory, volumes: [], sshKeys: [], reservedAddresses: [] })).toEqual([]);
  });

  test.each<[string, Partial<PlannedCreations>, string]>([
    [
      "a volume",
      { volumes: [0] },
      "volumes[0].name: sgp1 has a volume blog-data already, which this stack does not know; delete it if nobody needs what " +
        "it holds (`doctl compute volume delete v-1`), or give another name",
    ],
    [
      "an SSH key",
      { sshPublicKeys: [0] },
      `sshPublicKeys[0]: is in the account already, as "${keyNameOf("blog", publicKey)}", which this stack does not know; ` +
        "delete it there (`doctl compute ssh-key delete 512`), or take it out here and give its fingerprint " +
        `"${fingerprintOf(publicKey)}" in sshKeys`,
    ],
    [
      "reserved addresses",
      { reservedAddresses: 2 },
      "serverCount: 2 more reserved addresses are needed, the account may have 3 and has 3; of those that lead to no droplet " +
        "release what nobody needs (`doctl compute reserved-ip delete ADDRESS`: 192.0.2.2, 192.0.2.3), or ask DigitalOcean " +
        "for a higher limit",
    ],
  ])("is refused when the account has %s already", (_, planned, reason) => {
    expect(reasons(planned)).toEqual([reason]);
  });

  test("says all together", () => {
    const planned = { volumes: [0], sshPublicKeys: [0], reservedAddresses: 1 };
    expect(reasons(planned)).toHaveLength(3);
  });
});
