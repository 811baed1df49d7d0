import { describe, expect, test } from "vitest";
import {
  dropletsAtAddresses,
  validateClusterName,
} from "../../../../components/cluster/account/cluster-droplets.ts";

const at = (name: string) => [
  { slot: "server-1" as const, address: "192.0.2.11", droplet: { id: 7, name } },
  { slot: "server-2" as const, address: "192.0.2.12", droplet: { id: 8, name: "nomad-dev-server-2" } },
];

describe("the name of a cluster", () => {
  test.each([
    ["is taken where nothing is at its addresses", "nomad-dev", []],
    ["is taken for droplets of its own, tagged or not", "nomad-dev", at("nomad-dev-server-1")],
  ])("%s", (_, clusterName, addressed) => {
    expect(validateClusterName(clusterName, addressed)).toEqual([]);
  });

  test("is refused for a cluster that runs under another one, with what to do", () => {
    const [issue] = validateClusterName("nomad-prod", at("nomad-dev-server-1"));
    expect(issue?.propertyPath).toBe("clusterName");
    expect(issue?.reason).toMatch(
      /cluster is named "nomad-dev", not "nomad-prod".*nomad-dev-server-1 \(7\).*192\.0\.2\.11 of server-1.*Set it to "nomad-dev", also if the stack was renamed/,
    );
  });

  test.each(["bastion", "nomad-dev-server-3"])("cannot be told from a droplet named %s", (name) => {
    expect(validateClusterName("nomad-dev", at(name))[0]?.reason).toMatch(
      new RegExp(
        `cannot tell whether droplet ${name} \\(7\\).*its name would be nomad-dev-server-1.*rename 7 .*unassign 192\\.0\\.2\\.11`,
      ),
    );
  });
});

describe("droplets at the servers' addresses", () => {
  const [first, second] = at("nomad-dev-server-1").map(({ droplet }) => droplet);
  const inAccount = [
    { address: "192.0.2.10", droplet: second! },
    { address: "192.0.2.11", droplet: first! },
    { address: "192.0.2.12" },
  ];

  test.each([
    ["the one that the account has there, whatever its name", "192.0.2.11", [7]],
    ["none where the address leads to none", "192.0.2.12", []],
    ["none where the account has no such address", "192.0.2.13", []],
    ["none where the address is not known yet", undefined, []],
  ])("are %s", (_, address, ids) => {
    const found = dropletsAtAddresses([{ slot: "server-1", address }], [first!, second!], inAccount);
    expect(found).toEqual(
      ids.map((id) => ({ slot: "server-1", address, droplet: { id, name: first!.name } })),
    );
  });

  test("are none that the list of droplets does not have any more", () => {
    expect(dropletsAtAddresses([{ slot: "server-1", address: "192.0.2.11" }], [second!], inAccount)).toEqual(
      [],
    );
  });
});
