import { describe, expect, test } from "vitest";
import { validateAgainstAccount } from "../../../../components/cluster/account-check.ts";
import { fingerprintOf, keyNameOf } from "../../../../components/nodes/ssh-keys.ts";
import { sshPublicKey } from "../../../support/digitalocean/ssh-public-key.ts";
import type { AccountRequest } from "../../../../components/cluster/account/request.ts";
import { droplet, having, inventory, issues, offer, paths, reasonOf, request } from "./account-offer.ts";

describe("the account check", () => {
  test("passes what the account can give", () => {
    expect(issues({})).toEqual([]);
  });
  test.each<[string, Partial<AccountRequest>, string[]]>([
    ["a region that is not there", { region: "sgp9" }, ["region"]],
    ["a region that takes no droplets", { region: "nyc2" }, ["region"]],
    ["a size that is not there", { size: "s-3vcpu-5gb" }, ["size"]],
    ["a size that is no longer made", { size: "512mb" }, ["size"]],
    ["a size that the region does not have", { size: "s-8vcpu-16gb" }, ["size"]],
    ["jobs that need more memory than a node has left for them", { memoryForJobs: 3585 }, ["size"]],
    ["more droplets than the limit", { clientCount: 3 }, ["serverCount"]],
    ["more servers than reserved addresses", { serverCount: 5 }, ["serverCount"]],
    [
      "all at once",
      { region: "x", size: "y", clientCount: 3, sshKeys: ["a", "b"] },
      ["region", "size", "sshKeys", "sshKeys", "serverCount"],
    ],
  ])("refuses %s", (_, changed, expected) => {
    expect(paths(changed)).toEqual(expected);
  });
  test("counts droplets of others against the limit, and the cluster's own not twice", () => {
    const others = [1, 2, 3].map((id) => droplet(id, { name: `web-${id}` }));
    expect(paths({}, { droplets: others })).toEqual(["serverCount"]);
    expect(paths({ clientCount: 2 }, { droplets: [1, 2, 3].map((id) => droplet(id)) })).toEqual([]);
  });
  test("says that the cluster may run under another name, where what it has is missing", () => {
    const renamed = { clusterName: "renamed" };
    const droplets = [1, 2, 3].map((id) => droplet(id));
    const [hint, ...others] = issues(renamed, { droplets });
    expect(hint?.propertyPath).toBe("clusterName");
    expect(hint?.reason).toMatch(/no droplet of a cluster "renamed", but of blog\. If.*set its name back/);
    expect(others.map(({ propertyPath }) => propertyPath)).toContain("serverCount");
    expect(paths({ region: "x" }, { droplets })).not.toContain("clusterName");
  });
  test("takes jobs that need just what a node has left for them", () => {
    expect(paths({ memoryForJobs: 4096 - 512 })).toEqual([]);
  });
  test("names the regions that would do", () => {
    expect(reasonOf({ region: "x" })).toContain("fra1, sgp1");
  });
  test("of an account that the program may not ask checks what the provider tells", () => {
    const { inventory: _, ...known } = offer;
    expect(validateAgainstAccount({ ...request, sshKeys: ["x"], size: "y" }, known)).toMatchObject([
      { propertyPath: "size" },
    ]);
  });
});

describe("the account's images", () => {
  test("name those of Debian when the image is none", () => {
    const { image: _, ...none } = inventory;
    const given = { inventory: { ...none, debianImages: ["debian-12-x64", "debian-13-x64"] } };
    expect(reasonOf({ image: "debian-12-x46" }, given)).toBe(
      '"debian-12-x46" is not an image of DigitalOcean; of Debian it has debian-12-x64, debian-13-x64',
    );
  });
  test.each([
    [
      "a retired one",
      { status: "retired" },
      {},
      "is retired and makes no droplets; give another Debian image",
    ],
    ["another distribution's", { distribution: "Ubuntu" }, {}, "is Ubuntu, and nodes are set up as Debian"],
    [
      "one of another region",
      { regions: ["nyc3", "fra1"] },
      {},
      "is not available in sgp1; it is available in fra1, nyc3",
    ],
    [
      "one that does not fit the size's disk",
      { minDiskSize: 30 },
      { size: "c-small" },
      'needs 30 GB of disk and the size "c-small" has 25',
    ],
  ])("may not be %s", (_, changed, asked, reason) => {
    const found = issues(asked, having({ image: { ...inventory.image, ...changed } }));
    expect(found).toMatchObject([{ propertyPath: "image" }]);
    expect(found[0]?.reason).toContain(reason);
  });
  test("may fill the size's disk", () => {
    expect(issues({ size: "c-small" }, having({ image: { ...inventory.image, minDiskSize: 25 } }))).toEqual(
      [],
    );
  });
});

describe("the account's SSH keys", () => {
  const sshKeys = [{ id: 512, fingerprint: "3b:16:bf", name: "laptop" }];
  test.each(["512", "3b:16:bf"])("are known as %s", (key) => {
    expect(issues({ sshKeys: [key] }, having({ sshKeys }))).toEqual([]);
  });
  test.each(["513", "", "SHA256:x", "laptop", "51"])('are not known as "%s"', (key) => {
    expect(issues({ sshKeys: [key] }, having({ sshKeys }))).toEqual([
      {
        propertyPath: "sshKeys",
        reason: `"${key}" is the id or MD5 fingerprint of no SSH key in the account; it has 512 or 3b:16:bf (laptop)`,
      },
    ]);
  });
});

describe("the public keys of the cluster", () => {
  const publicKey = sshPublicKey(1);
  const key = (name: string) => ({ id: 512, fingerprint: fingerprintOf(publicKey), name });
  test.each([
    ["are not in the account yet", [], true],
    ["are the cluster's own", [key(keyNameOf("blog", publicKey))], true],
    ["are in the account under another name", [key("laptop")], false],
  ])("pass only when they %s", (_, sshKeys, fits) => {
    expect(paths({ sshPublicKeys: [sshPublicKey(2), publicKey] }, having({ sshKeys }))).toEqual(
      fits ? [] : ["sshPublicKeys[1]"],
    );
  });
  test("are told where they belong", () => {
    expect(reasonOf({ sshPublicKeys: [publicKey] }, having({ sshKeys: [key("laptop")] }))).toBe(
      'is in the account already, as "laptop", and DigitalOcean takes no key twice; take it out and give its fingerprint ' +
        `"${fingerprintOf(publicKey)}" in sshKeys`,
    );
  });
});

describe("the disks of the cluster's droplets", () => {
  test("never shrink", () => {
    const droplets = [
      droplet(2),
      droplet(1),
      droplet(3, { size: "c-small", disk: 25 }),
      droplet(9, { name: "bastion" }),
    ];
    expect(issues({ size: "c-small" }, { droplets })).toEqual([
      {
        propertyPath: "size",
        reason:
          '"c-small" has 25 GB of disk and blog-server-1 has 80 GB, blog-server-2 has 80 GB, and a droplet\'s disk never ' +
          "shrinks; choose a size with at least 80 GB of disk, or make a new stack with this size, restore the jobs' data " +
          "there and then destroy this one",
      },
    ]);
  });
  test("may stay smaller than the size's, and go back to it", () => {
    expect(issues({ region: "fra1", size: "s-8vcpu-16gb" }, { droplets: [droplet(1)] })).toEqual([]);
    const resized = droplet(1, { size: "s-8vcpu-16gb", disk: 80 });
    expect(issues({ size: "s-2vcpu-4gb" }, { droplets: [resized] })).toEqual([]);
  });
});
