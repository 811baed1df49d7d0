import { describe, expect, test } from "vitest";
import {
  balancerCertificateWarning,
  checkBalancerCertificate,
} from "../../../../components/cluster/account/certificate-checks.ts";
import { droplet, having, paths, reasonOf } from "./account-offer.ts";

describe("the account's VPCs", () => {
  const vpcs = [
    { id: "vpc-1", name: "default-sgp1", region: "sgp1", ipRange: "10.104.0.0/20" },
    { id: "vpc-2", name: "blog", region: "sgp1", ipRange: "10.30.0.0/20" },
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
  const own = { address: "192.0.2.1", region: "sgp1", droplet: { id: 1, name: "blog-server-1" } };
  const other = { address: "192.0.2.2", region: "sgp1", droplet: { id: 2, name: "web" } };
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

describe("the account's certificates", () => {
  const certificates = [
    { id: "c-1", name: "blog", state: "verified", type: "custom", dnsNames: [] },
    { id: "c-2", name: "shop", state: "pending", type: "custom", dnsNames: [] },
  ];
  test.each<[string | undefined, string | undefined]>([
    [undefined, undefined],
    ["blog", undefined],
    ["shop", 'the certificate "shop" is pending, and a load balancer takes one that is verified'],
    ["block", 'the account has no certificate "block"; it has blog, shop (`doctl compute certificate list`)'],
  ])("are those that %j may be: %j", (certificateName, reason) => {
    const asked = { loadBalancer: certificateName === undefined ? {} : { certificateName } };
    expect(reasonOf(asked, having({ certificates }))).toBe(reason);
    expect(paths(asked, having({ certificates }))).toEqual(
      reason === undefined ? [] : ["loadBalancer.certificateName"],
    );
  });
});

describe("a certificate of the account", () => {
  const certificate = { id: "c-1", name: "blog", state: "verified", type: "custom" };

  test.each<[readonly string[], string, boolean]>([
    [["blog.example.com"], "blog.example.com", true],
    [["www.example.com", "blog.example.com"], "blog.example.com", true],
    [["*.example.com"], "blog.example.com", true],
    [["*.Example.com"], "blog.example.com", true],
    [["*.example.com"], "example.com", false],
    [["*.example.com"], "a.blog.example.com", false],
    [["example.com"], "blog.example.com", false],
    [["blog.example.com"], "192.0.2.1", false],
    // The API did not say.
    [[], "blog.example.com", true],
  ])("for %j may be shown by %s: %s", (dnsNames, hostName, fits) => {
    const asked = { loadBalancer: { certificateName: "blog", hostName } };
    expect(reasonOf(asked, having({ certificates: [{ ...certificate, dnsNames }] }))).toBe(
      fits ? undefined : `the certificate "blog" is for ${dnsNames.join(", ")}, not ${hostName}`,
    );
  });

  const now = new Date("2026-06-01T12:00:00Z");
  test.each<[string, string | undefined, RegExp | undefined]>([
    ["custom", "2026-07-02T12:00:00Z", undefined],
    [
      "custom",
      "2026-07-01T11:00:00Z",
      /^the certificate "blog" ends on \S+, in 29 days; name a renewed one$/,
    ],
    ["custom", "2026-06-02T13:00:00Z", /in 1 day;/],
    ["custom", "2026-06-01T11:00:00Z", /expired on 2026-06-01T11:00:00Z, and browsers refuse it/],
    ["custom", undefined, undefined],
    ["lets_encrypt", "2026-06-20T12:00:00Z", undefined],
    ["lets_encrypt", "2026-05-20T12:00:00Z", /expired/],
  ])(
    "of type %s that ends on %s is warned of: %s, and taken by the load balancer that shows it",
    (type, notAfter, warning) => {
      const certificates = [{ ...certificate, type, dnsNames: [], ...(notAfter && { notAfter }) }];
      const asked = { loadBalancer: { certificateName: "blog" } };
      const loadBalancers = [{ id: "lb-1", name: "blog", certificateIds: ["c-1"] }];
      const offer = having({ certificates, loadBalancers });
      expect(paths(asked, offer)).toEqual([]);
      const said = balancerCertificateWarning(asked, offer, now);
      if (warning === undefined) expect(said).toBeUndefined();
      else expect(said).toMatch(warning);
    },
  );

  test.each<[string, { name: string; certificateIds: string[] }[], boolean]>([
    ["by a new load balancer", [], true],
    ["by one that shows another", [{ name: "blog", certificateIds: ["c-2"] }], true],
    ["by one, since another cluster's shows it", [{ name: "shop", certificateIds: ["c-1"] }], true],
    ["by the one that shows it", [{ name: "blog", certificateIds: ["c-1"] }], false],
  ])("that has expired is refused %s: %j", (_, balancers, refused) => {
    const asked = { clusterName: "blog", loadBalancer: { certificateName: "blog" } };
    const expired = { ...certificate, dnsNames: [], notAfter: "2026-06-01T11:59:59Z" };
    const offer = having({
      certificates: [expired],
      loadBalancers: balancers.map((balancer) => ({ id: "lb-1", ...balancer })),
    });
    expect(checkBalancerCertificate(asked, offer, now)).toEqual(
      refused ? expect.stringContaining("expired on 2026-06-01T11:59:59Z") : undefined,
    );
    const valid = having({
      ...offer.inventory,
      certificates: [{ ...expired, notAfter: "2026-06-01T12:00:01Z" }],
    });
    expect(checkBalancerCertificate(asked, valid, now)).toBeUndefined();
  });

  test("is not the concern of who asks for another one", () => {
    const certificates = [{ ...certificate, dnsNames: [], notAfter: "2026-05-01T00:00:00Z" }];
    expect(balancerCertificateWarning({ loadBalancer: {} }, having({ certificates }), now)).toBeUndefined();
  });
});

describe("the account's volumes", () => {
  const volumes = (dropletIds: string[]) => ({ volumes: [{ id: "v-1", name: "blog-data", dropletIds }] });
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
