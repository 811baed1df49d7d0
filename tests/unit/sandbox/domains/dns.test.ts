import { decode, encode } from "dns-packet";
import { describe, expect, test } from "vitest";
import type { DomainRecord } from "../../../../emulators/digitalocean/index.ts";
import { replyTo } from "../../../../sandbox/domains/dns-reply.ts";
import { responseTo } from "../../../../sandbox/domains/dns-server.ts";

const record = (type: DomainRecord["type"], name: string, data: string, more = {}): DomainRecord => ({
  ...{ id: 1, domain: "example.com", ttl: 300, type, name, data },
  ...more,
});
const records = [
  record("SOA", "@", "1800"),
  record("A", "@", "192.0.2.1"),
  record("A", "blog", "192.0.2.2"),
  record("A", "blog", "192.0.2.3"),
  record("TXT", "blog", "t".repeat(300)),
  record("CNAME", "www", "blog.example.com"),
  record("CNAME", "home", "@"),
  record("CNAME", "out", "elsewhere.example"),
  record("CNAME", "one", "two.example.com"),
  record("CNAME", "two", "one.example.com"),
  record("A", "*.wild", "192.0.2.9"),
  record("A", "deep.below.wild", "192.0.2.10"),
  record("MX", "@", "mail.example.com", { priority: 10 }),
  record("SRV", "_sip._tcp", "@", { priority: 1, weight: 2, port: 5060 }),
  record("CAA", "@", "letsencrypt.org", { flags: 0, tag: "issue" }),
  record("SOA", "@", "1800", { domain: "nearer.example.com" }),
  record("A", "@", "192.0.2.20", { domain: "nearer.example.com" }),
];
/** The reply as a client reads it from the wire. */
function asked(name: string, type: string) {
  const question = { name, type: type as "A", class: "IN" as const };
  const sent = responseTo(decode(encode({ type: "query", id: 7, questions: [question] })), records);
  const { answers = [], authorities = [], flags = 0, id } = decode(encode(sent));
  return {
    rcode: flags & 15,
    id,
    answers: answers.map((one) => `${one.name} ${one.type} ${JSON.stringify("data" in one ? one.data : "")}`),
    authorities: authorities.map((one) => `${one.name} ${one.type}`),
  };
}

describe("the name server", () => {
  test.each<[string, string, string[]]>([
    ["example.com", "A", ['example.com A "192.0.2.1"']],
    ["BLOG.example.com", "A", ['blog.example.com A "192.0.2.2"', 'blog.example.com A "192.0.2.3"']],
    [
      ...(["www.example.com", "A"] as const),
      [
        'www.example.com CNAME "blog.example.com"',
        'blog.example.com A "192.0.2.2"',
        'blog.example.com A "192.0.2.3"',
      ],
    ],
    ["home.example.com", "A", ['home.example.com CNAME "example.com"', 'example.com A "192.0.2.1"']],
    ["www.example.com", "CNAME", ['www.example.com CNAME "blog.example.com"']],
    ["out.example.com", "A", ['out.example.com CNAME "elsewhere.example"']],
    ["any.wild.example.com", "A", ['any.wild.example.com A "192.0.2.9"']],
    ["a.b.wild.example.com", "A", ['a.b.wild.example.com A "192.0.2.9"']],
    ["example.com", "MX", ['example.com MX {"preference":10,"exchange":"mail.example.com"}']],
    [
      ...(["_sip._tcp.example.com", "SRV"] as const),
      ['_sip._tcp.example.com SRV {"priority":1,"weight":2,"port":5060,"target":"example.com"}'],
    ],
    ["nearer.example.com", "A", ['nearer.example.com A "192.0.2.20"']],
  ])("answers for %s %s", (name, type, answers) => {
    expect(asked(name, type)).toMatchObject({ rcode: 0, id: 7, answers, authorities: [] });
  });

  test.each([
    ["a name with records of another type", "blog.example.com", "AAAA", 0, "example.com"],
    ["a name that only has names below it", "below.wild.example.com", "A", 0, "example.com"],
    [
      "a name beside one that a wildcard does not reach",
      "other.below.wild.example.com",
      "A",
      3,
      "example.com",
    ],
    ["a name that is not there", "none.example.com", "A", 3, "example.com"],
    ["a name in the nearer of two zones", "blog.nearer.example.com", "A", 3, "nearer.example.com"],
  ])("says of %s which zone has none", (_, name, type, rcode, zone) => {
    expect(asked(name, type)).toMatchObject({ rcode, answers: [], authorities: [`${zone} SOA`] });
  });

  test("refuses a name of nobody's zone, also one that only ends alike", () => {
    for (const name of ["example.org", "myexample.com", "com"])
      expect(asked(name, "A")).toMatchObject({ rcode: 5, answers: [], authorities: [] });
  });

  test("ends where aliases lead in a circle", () => {
    expect(asked("one.example.com", "A").answers).toHaveLength(8);
  });

  test("sends a text of more than 255 bytes in parts", () => {
    const [answer] = replyTo({ name: "blog.example.com", type: "TXT" }, records).answers;
    expect((answer as unknown as { data: Buffer[] }).data.map(({ length }) => length)).toEqual([255, 45]);
  });
});
