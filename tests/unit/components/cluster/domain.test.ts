import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PlannedDomain } from "../../../../components/cluster/account/domain-checks.ts";
import { plannedDomainChecks } from "../../../../components/cluster/account/domain-checks.ts";
import { domainChecks, recordName, resolveDomain } from "../../../../components/network/domain-names.ts";
import type { ClusterDomain } from "../../../../components/network/domain-names.ts";
import { issuesOf } from "../../../../components/validation.ts";
import { having, inventory, issues } from "./account-offer.ts";

const domain: ClusterDomain = { name: "blog.example.com", zone: "example.com", createZone: false };
const named = (changed: Partial<ClusterDomain>) => ({ domain: { ...domain, ...changed } });
const zones = (...names: string[]) => ({ domains: names.map((name) => ({ name })) });

describe("the domain of a host name", () => {
  test.each([
    ["blog.example.com", "example.com", "blog"],
    ["example.com", "example.com", "@"],
    ["a.b.example.com", "b.example.com", "a"],
  ])("%s is %s by default, with the record %s", (name, zone, record) => {
    expect(resolveDomain({ name })).toEqual({ name, zone, createZone: false });
    expect(recordName(resolveDomain({ name }))).toBe(record);
  });

  test("may be any that the name ends with, and gives it back with the record's name", () => {
    const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
    const labels = fc.array(label, { minLength: 0, maxLength: 4 });
    fc.assert(
      fc.property(labels, labels, (below, middle) => {
        const zone = [...middle, "example", "com"].join(".");
        const name = [...below, zone].join(".");
        expect(issuesOf(domainChecks("domain", { name, zone, createZone: false }))).toEqual([]);
        const record = recordName({ name, zone });
        expect(record === "@" ? zone : `${record}.${zone}`).toBe(name);
      }),
    );
  });

  test("is named with what is wrong, and the name too", () => {
    expect(issuesOf(domainChecks("domain", { ...domain, name: "*.example.com" }))).toEqual([
      {
        propertyPath: "domain.name",
        reason:
          '"*.example.com" is a wildcard, and readers need one name; give it, for example "blog.example.com"',
      },
    ]);
    expect(issuesOf(domainChecks("domain", { ...domain, zone: "example.org" }))).toEqual([
      {
        propertyPath: "domain.zone",
        reason: '"example.org" does not have the name "blog.example.com"; give a domain that it ends with',
      },
    ]);
  });

  test.each([
    ["labels that are too long", `${"a".repeat(64)}.example.com`],
    ["more letters than a name may have", `${"a.".repeat(122)}example.com`],
    ["an empty label", "blog..example.com"],
    ["a dot at its end", "blog.example.com."],
    ["a hyphen at a label's end", "blog-.example.com"],
    ["other letters", "bl\u00f6g.example.com"],
  ])("has no %s", (_, name) => {
    const paths = issuesOf(domainChecks("domain", resolveDomain({ name }))).map(
      ({ propertyPath }) => propertyPath,
    );
    expect(paths).toEqual(["domain.name"]);
  });
});

describe("the account's domains", () => {
  const certificates = (state: string) => [
    { id: "c-1", name: "blog-blog-example-com", state, type: "lets_encrypt", dnsNames: [] },
  ];

  test.each<[string, Partial<ClusterDomain>, ReturnType<typeof having>, string[]]>([
    ["have the one that is asked for", {}, having(zones("example.com", "example.org")), []],
    ["need not have the one that is made", { createZone: true }, having(zones()), []],
    [
      "have not the one that is asked for",
      {},
      having(zones("shop.example", "example.org")),
      [
        'domain.zone: the account has no domain "example.com"; it has example.org, shop.example (`doctl compute domain list`). ' +
          "Give one that the name ends with, or have the program make it, with the option for that",
      ],
    ],
    [
      "have another one for the name",
      { name: "blog.example.co.uk", zone: "blog.example.co.uk" },
      having(zones("co.uk.example", "example.co.uk")),
      [
        'domain.zone: the account has no domain "blog.example.co.uk", but example.co.uk, which has the name; give that one',
      ],
    ],
    [
      "have one that is nearer to the name",
      {},
      having(zones("example.com", "blog.example.com")),
      [
        'domain.zone: "example.com" is not asked for "blog.example.com", since the account has the domain blog.example.com, too, ' +
          "which has the name; give that one",
      ],
    ],
    [
      "could not have the certificate",
      {},
      having({ ...zones("example.com"), certificates: certificates("error") }),
      [
        'domain.name: Let\'s Encrypt did not issue the certificate "blog-blog-example-com" for "blog.example.com", most likely ' +
          'because the name servers of "example.com" are not DigitalOcean\'s (ns1, ns2 and ns3.digitalocean.com) at its registrar, or ' +
          "a CAA record forbids it. Mend that, delete the certificate (`doctl compute certificate delete c-1`), run `pulumi refresh` " +
          "and update again",
      ],
    ],
    [
      "have the certificate",
      {},
      having({ ...zones("example.com"), certificates: certificates("verified") }),
      [],
    ],
  ])("%s", (_, changed, given, reasons) => {
    const found = issues({ ...named(changed), loadBalancer: {} }, given);
    expect(found.map(({ propertyPath, reason }) => `${propertyPath}: ${reason}`)).toEqual(reasons);
  });

  test("are not judged by a program that may not ask", () => {
    expect(issues(named({}), { inventory: undefined } as object)).toEqual([]);
  });
});

describe("what an update would make for a name", () => {
  const nothing: PlannedDomain = { zone: false, certificate: false, records: false, ownRecords: ["1"] };
  const full = {
    ...inventory,
    ...zones("example.com"),
    certificates: [
      {
        ...{ id: "c-1", name: "blog-blog-example-com", state: "verified" },
        type: "lets_encrypt",
        dnsNames: [],
      },
    ],
    addressRecords: [
      { id: "1", type: "A", data: "192.0.2.1" },
      { id: "2", type: "CNAME", data: "www.example.com" },
      { id: "3", type: "A", data: "192.0.2.3" },
    ],
  };
  const reasons = (planned: Partial<PlannedDomain>) =>
    issuesOf(plannedDomainChecks({ clusterName: "blog", domain }, { ...nothing, ...planned }, full)).map(
      ({ propertyPath, reason }) => `${propertyPath}: ${reason}`,
    );

  test("may be there when the stack has it", () => expect(reasons({})).toEqual([]));

  test.each<[string, Partial<PlannedDomain>, string]>([
    [
      "domain",
      { zone: true },
      'domain.createZone: the account has the domain "example.com" already, which this stack did not make; set it to false to ' +
        "use that one",
    ],
    [
      "certificate",
      { certificate: true },
      'domain.name: the account has a certificate "blog-blog-example-com" already, which this stack does not know; delete it ' +
        "(`doctl compute certificate delete c-1`), or give this cluster another name",
    ],
    [
      "record of another origin",
      { records: true },
      'domain.name: "blog.example.com" has records that this stack did not make and that send readers elsewhere: CNAME ' +
        "www.example.com, A 192.0.2.3. Delete them (`doctl compute domain records delete example.com 2 3`), or give another name",
    ],
  ])("is refused beside a %s", (_, planned, reason) => {
    expect(reasons(planned)).toEqual([reason]);
  });
});
