import { describe, expect, test } from "vitest";
import { validateAgainstAccount } from "../../../../components/cluster/account-check.ts";
import type { AccountOffer, AccountRequest } from "../../../../components/cluster/account/request.ts";

const request: AccountRequest = {
  clusterName: "blog",
  region: "sgp1",
  size: "s-2vcpu-4gb",
  image: "debian-12-x64",
  sshKeys: [],
  serverCount: 3,
  clientCount: 0,
  memoryForJobs: 640,
  volumes: [],
};
const size = (slug: string, memory: number, disk: number, regions: string[], available = true) => ({
  ...{ slug, available, regions, memory, disk },
});
const inventory = {
  image: { slug: "debian-12-x64", distribution: "Debian", regions: ["sgp1", "fra1"], minDiskSize: 10 },
  debianImages: [],
  sshKeys: [],
  vpcs: [],
  reservedAddresses: [],
  volumes: [],
};
const offer = {
  dropletLimit: 5,
  reservedIpLimit: 3,
  regions: [
    { slug: "sgp1", available: true },
    { slug: "fra1", available: true },
    { slug: "nyc2", available: false },
  ],
  sizes: [
    size("s-2vcpu-4gb", 4096, 80, ["sgp1", "fra1"]),
    size("s-8vcpu-16gb", 16_384, 320, ["fra1"]),
    size("c-small", 4096, 25, ["sgp1", "fra1"]),
    size("512mb", 512, 20, ["sgp1"], false),
  ],
  droplets: [],
  inventory,
} satisfies AccountOffer;

const issues = (changed: Partial<AccountRequest>, given: Partial<AccountOffer> = {}) =>
  validateAgainstAccount({ ...request, ...changed }, { ...offer, ...given });
const paths = (...args: Parameters<typeof issues>) => issues(...args).map(({ propertyPath }) => propertyPath);
const having = (changed: Partial<NonNullable<AccountOffer["inventory"]>>) => ({
  inventory: { ...inventory, ...changed },
});
const reasonOf = (...args: Parameters<typeof issues>) => issues(...args)[0]?.reason;

const droplet = (id: number, changed: Partial<AccountOffer["droplets"][number]> = {}) => ({
  ...{ id, name: `blog-server-${id}`, size: "s-2vcpu-4gb", disk: 80 },
  ...changed,
});

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

describe("the account's VPCs", () => {
  const vpcs = [
    { name: "default-sgp1", region: "sgp1", ipRange: "10.104.0.0/20" },
    { name: "blog", region: "sgp1", ipRange: "10.30.0.0/20" },
  ];
  test.each([
    ["the same range", "10.104.0.0/20", true],
    ["a part of it", "10.104.8.0/24", true],
    ["more than it", "10.104.0.0/16", true],
    ["its neighbour", "10.104.16.0/20", false],
    ["the cluster's own", "10.30.0.0/20", false],
  ])("leave no room for %s", (_, vpcIpRange, taken) => {
    expect(paths({ vpcIpRange }, having({ vpcs }))).toEqual(taken ? ["vpcIpRange"] : []);
  });
  test("are named", () => {
    expect(reasonOf({ vpcIpRange: "10.104.0.0/24" }, having({ vpcs }))).toBe(
      '"10.104.0.0/24" overlaps with 10.104.0.0/20 of the VPC default-sgp1 in sgp1; choose another range, or leave it ' +
        "out and DigitalOcean chooses a free one",
    );
  });
});

describe("the account's reserved addresses", () => {
  const own = { address: "192.0.2.1", region: "sgp1", dropletName: "blog-server-1" };
  const other = { address: "192.0.2.2", region: "sgp1", dropletName: "web" };
  const free = { address: "192.0.2.3", region: "sgp1" };
  const elsewhere = { address: "192.0.2.4", region: "fra1" };
  test.each([
    ["none", [], true],
    ["the cluster's own", [own, own, own], true],
    ["one of another droplet", [other], false],
    ["two of its own and one of another droplet", [own, own, other], false],
    ["as many as it needs that lead nowhere and may be its own", [free, free, free], true],
    ["one that leads nowhere in another region", [elsewhere], false],
    ["one more than it needs that leads nowhere", [own, own, own, free], false],
  ])("may be %s", (_, reservedAddresses, fits) => {
    expect(paths({}, having({ reservedAddresses }))).toEqual(fits ? [] : ["serverCount"]);
  });
  test("are counted in the reason", () => {
    expect(reasonOf({}, having({ reservedAddresses: [other] }))).toBe(
      "3 servers need a reserved address each, the account may have 3 and has 1, 1 of them not this cluster's; " +
        "release some, ask DigitalOcean for a higher limit or lower the count",
    );
  });
});

describe("the account's volumes", () => {
  const volumes = (dropletIds: string[]) => ({ volumes: [{ name: "blog-data", dropletIds }] });
  const droplets = [droplet(1), droplet(9, { name: "web" })];
  test.each([
    ["of another droplet", ["9"], false],
    ["of the cluster", ["1"], true],
    ["of no droplet, which may be left of an update that was interrupted", [], true],
  ])("may be taken when they are %s", (_, ids, fits) => {
    const asked = { volumes: [{ name: "data" }] };
    expect(paths(asked, { droplets, ...having(volumes(ids)) })).toEqual(fits ? [] : ["volumes[0].name"]);
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
