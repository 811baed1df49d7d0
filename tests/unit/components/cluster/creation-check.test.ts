import { describe, expect, test } from "vitest";
import { strayAddresses, validateCreations } from "../../../../components/cluster/account/creation-check.ts";
import type { PlannedCreations } from "../../../../components/cluster/account/creation-check.ts";
import { fingerprintOf, keyNameOf } from "../../../../components/nodes/ssh-keys.ts";
import { sshPublicKey } from "../../../support/digitalocean/ssh-public-key.ts";
import { inventory, request } from "./account-offer.ts";

const publicKey = sshPublicKey(1);
const nothing: PlannedCreations = {
  vpc: false,
  firewall: false,
  loadBalancer: false,
  volumes: [],
  sshPublicKeys: [],
  reservedAddresses: 0,
};
const asked = { ...request, volumes: [{ name: "data" }], sshPublicKeys: [publicKey] };
const own = (number: number) => ({
  address: `192.0.2.${number}`,
  region: "sgp1",
  droplet: { id: number, name: `web-${number}` },
});
const free = (number: number) => ({ address: `192.0.2.${number}`, region: "sgp1" });
const full = {
  ...inventory,
  vpcs: [{ id: "vpc-1", name: "blog", region: "sgp1", ipRange: "10.110.0.0/20" }],
  firewalls: [{ id: "fw-1", name: "blog" }],
  loadBalancers: [{ id: "lb-1", name: "blog", certificateIds: [] }],
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
    const network = { vpc: true, firewall: true, loadBalancer: true };
    const planned = { ...network, volumes: [0], sshPublicKeys: [0], reservedAddresses: 3 };
    const others = {
      loadBalancers: [{ id: "lb-1", name: "blog-2", certificateIds: [] }],
      vpcs: full.vpcs.map((vpc) => ({ ...vpc, name: "shop" })),
      firewalls: [{ id: "fw-1", name: "blog-2" }],
    };
    const has = { ...inventory, ...others, volumes: [], sshKeys: [], reservedAddresses: [] };
    expect(reasons(planned, has)).toEqual([]);
  });

  test.each<[string, Partial<PlannedCreations>, string]>([
    [
      "a VPC",
      { vpc: true },
      'clusterName: the account has a VPC "blog" already, and its name is unique there. If an interrupted update left it, ' +
        "delete it (`doctl vpcs delete vpc-1`); if it is another cluster's, give this one another name",
    ],
    [
      "a firewall",
      { firewall: true },
      'clusterName: the account has a firewall "blog" already, and its name is unique there. If an interrupted update left ' +
        "it, delete it (`doctl compute firewall delete fw-1`); if it is another cluster's, give this one another name",
    ],
    [
      "a load balancer",
      { loadBalancer: true },
      'loadBalancer: the account has a load balancer "blog" already, which this stack does not know, and which would go on ' +
        "costing money beside another; delete it (`doctl compute load-balancer delete lb-1`), or give this cluster another name",
    ],
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
    const network = { vpc: true, firewall: true, loadBalancer: true };
    expect(reasons({ ...network, volumes: [0], sshPublicKeys: [0], reservedAddresses: 1 })).toHaveLength(6);
  });
});

describe("reserved addresses that lead to no droplet", () => {
  const stray = (own: string[], region = "sgp1") => strayAddresses(region, own, { inventory: full });

  test("are named with the commands that release them, unless they are the stack's", () => {
    expect(stray([])).toContain(
      ": `doctl compute reserved-ip delete 192.0.2.2`, `doctl compute reserved-ip delete 192.0.2.3`",
    );
    expect(stray(["192.0.2.2"])).not.toContain("192.0.2.2");
    expect(stray(["192.0.2.2", "192.0.2.3"])).toBeUndefined();
  });

  test("of other regions are nobody's business", () => expect(stray([], "fra1")).toBeUndefined());
});
