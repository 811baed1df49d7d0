import { expect, test } from "vitest";
import { edgeTests } from "../../edges.ts";
import { checkedOperations } from "../../openapi/answers.ts";
import { operations } from "../../openapi/operations.ts";

const { start, get, create, asked } = edgeTests();

interface DnsRecord {
  readonly id: number;
  readonly name: string;
  readonly data: string;
  readonly ttl: number;
}
const records = "/v2/domains/example.com/records";
const recordsOf = async (query = "") =>
  (await get<{ domain_records: DnsRecord[] }>(`${records}${query}`)).domain_records;
const zone = async () => {
  await start();
  await create("/v2/domains", { name: "Example.com" });
};
const record = async (fields: object) =>
  (await create<{ domain_record: DnsRecord }>(records, fields)).domain_record;

test("a domain has an SOA record, DigitalOcean's name servers, and a zone file of all its records", async () => {
  await start();
  expect(await create("/v2/domains", { name: "example.com", ip_address: "192.0.2.1" })).toEqual({
    domain: { name: "example.com", ttl: 1800, zone_file: null },
  });
  await record({ type: "MX", name: "@", data: "mail.example.net.", priority: 10, ttl: 60 });
  await record({ type: "TXT", name: "say", data: 'a "word"' });
  const { domain } = await get<{ domain: { zone_file: string } }>("/v2/domains/example.com");
  expect(domain.zone_file.replace(/ \d{10} /, " SERIAL ").split("\n")).toEqual([
    "$ORIGIN example.com.",
    "$TTL 1800",
    "example.com. IN SOA ns1.digitalocean.com. hostmaster.example.com. SERIAL 10800 3600 604800 1800",
    ...[1, 2, 3].map((number) => `example.com. 1800 IN NS ns${number}.digitalocean.com.`),
    "example.com. 1800 IN A 192.0.2.1",
    "example.com. 60 IN MX 10 mail.example.net.",
    String.raw`say.example.com. 1800 IN TXT "a \"word\""`,
    "",
  ]);
  expect((await recordsOf()).map(({ data }) => data).slice(0, 2)).toEqual(["1800", "ns1.digitalocean.com"]);
  expect(await asked("DELETE", "/v2/domains/example.com")).toBe(204);
  expect(await asked("GET", records)).toMatch(/^404/);
  await create("/v2/domains", { name: "example.com" });
  expect(await recordsOf()).toHaveLength(4);
});

test.each([
  [
    "a name is shortened to what is before the domain",
    { type: "A", name: "www.example.com.", data: "192.0.2.1" },
    { name: "www", data: "192.0.2.1", ttl: 1800, priority: null, flags: null, tag: null },
  ],
  [
    "the domain itself is @",
    { type: "AAAA", name: "example.com.", data: "2001:db8::1", ttl: 60 },
    { name: "@", data: "2001:db8::1", ttl: 60 },
  ],
  [
    "data loses its dot",
    { type: "CNAME", name: "www", data: "example.net." },
    { name: "www", data: "example.net" },
  ],
  [
    "data that is the domain is @",
    { type: "MX", name: "m", data: "example.com.", priority: 10 },
    { data: "@", priority: 10, port: null },
  ],
  [
    "an SRV record has all of its numbers",
    { type: "SRV", name: "_sip._tcp", data: "sip.example.com.", priority: 1, port: 0, weight: 5 },
    { data: "sip.example.com", priority: 1, port: 0, weight: 5 },
  ],
  [
    "a CAA record has flags and a tag",
    { type: "CAA", name: "@", data: "letsencrypt.org.", flags: 0, tag: "issue" },
    { data: "letsencrypt.org", flags: 0, tag: "issue" },
  ],
  [
    "a URL in a CAA record is no name",
    { type: "CAA", name: "@", data: "mailto:a@example.com", flags: 0, tag: "iodef" },
    { data: "mailto:a@example.com" },
  ],
  [
    "numbers that the type does not have are left out, as clients send them",
    { type: "A", name: "*", data: "192.0.2.1", priority: 0, port: 0, weight: 0, flags: 0 },
    { name: "*", priority: null, port: null, weight: null },
  ],
])("%s", async (_what, fields, expected) => {
  await zone();
  expect(await record(fields)).toMatchObject(expected);
});

test.each([
  [
    "a name without the dot at its end",
    { type: "CNAME", name: "www", data: "example.net" },
    "422 Data needs to end with a dot (.)",
  ],
  [
    "an alias beside another record",
    { type: "CNAME", name: "@", data: "example.net." },
    "422 CNAME records cannot share a name with other records",
  ],
  [
    "a record beside an alias",
    { type: "A", name: "alias", data: "192.0.2.1" },
    "422 CNAME records cannot share a name with other records",
  ],
  ["an A record of a name", { type: "A", name: "www", data: "example.net." }, /^422 data .* IPv4/],
  [
    "an AAAA record of an IPv4 address",
    { type: "AAAA", name: "www", data: "192.0.2.1" },
    /^422 data .* IPv6/,
  ],
  [
    "an MX record without its priority",
    { type: "MX", name: "www", data: "example.net." },
    /^422 priority is required/,
  ],
  [
    "an SRV record without its port",
    { type: "SRV", name: "www", data: "a.example.net.", priority: 1, weight: 1 },
    /^422 port is required/,
  ],
  [
    "a CAA record with an unknown tag",
    { type: "CAA", name: "@", data: "a.net.", flags: 0, tag: "x" },
    /^422 tag/,
  ],
  ["a time to live below half a minute", { type: "A", name: "www", data: "192.0.2.1", ttl: 29 }, /^422 ttl/],
  ["a name that is none", { type: "A", name: "w w", data: "192.0.2.1" }, /^422 name/],
  ["a type that there is not", { type: "X", name: "www", data: "192.0.2.1" }, /^422 type/],
  ["an SOA record of one's own", { type: "SOA", name: "@", data: "1800" }, /^501/],
])("refuses %s", async (_what, fields, expected) => {
  await zone();
  await record({ type: "CNAME", name: "alias", data: "example.net." });
  const answer = await asked("POST", records, fields);
  if (typeof expected === "string") expect(answer).toBe(expected);
  else expect(answer).toMatch(expected);
});

test.each([
  [{ name: "nolabel" }, /^422 name/],
  [{ name: "exa mple.com" }, /^422 name/],
  [{ name: "EXAMPLE.com" }, /^422 .*another domain/],
  [{ name: "example.net", ip_address: "x" }, /^422 ip_address/],
])("refuses the domain %j", async (fields, message) => {
  await zone();
  expect(await asked("POST", "/v2/domains", fields)).toMatch(message);
});

test("a record changes, data and all; a name that is not sent again lacks its dot", async () => {
  await zone();
  const { id } = await record({ type: "CNAME", name: "www", data: "example.net." });
  const path = `${records}/${id}`;
  expect(await asked("PUT", path, { ttl: 60 })).toBe("422 Data needs to end with a dot (.)");
  expect(await asked("PATCH", path, { type: "CNAME", data: "example.org.", ttl: 60 })).toBe(200);
  expect(await get(path)).toMatchObject({ domain_record: { name: "www", data: "example.org", ttl: 60 } });
  expect(await asked("PUT", path, { type: "A", data: "192.0.2.1" })).toMatch(/^501/);
  expect(await asked("DELETE", path)).toBe(204);
  expect(await asked("GET", path)).toMatch(/^404/);
});

test("records of one name and type have one time to live", async () => {
  await zone();
  const { id } = await record({ type: "A", name: "www", data: "192.0.2.1" });
  const other = await record({ type: "TXT", name: "www", data: "text" });
  await record({ type: "A", name: "www", data: "192.0.2.2", ttl: 60 });
  const ttlOf = async (one: number) =>
    (await get<{ domain_record: DnsRecord }>(`${records}/${one}`)).domain_record.ttl;
  expect([await ttlOf(id), await ttlOf(other.id)]).toEqual([60, 1800]);
});

test("records are found by type and by their full name; those of another domain are not there", async () => {
  await zone();
  await create("/v2/domains", { name: "example.net" });
  const { id } = await record({ type: "A", name: "www", data: "192.0.2.1" });
  await record({ type: "TXT", name: "www", data: "text" });
  expect(await recordsOf("?name=www.example.com")).toHaveLength(2);
  expect(await recordsOf("?name=www.example.com&type=A")).toMatchObject([{ id }]);
  expect(await recordsOf("?name=www")).toEqual([]);
  expect(await recordsOf("?type=NS&per_page=2")).toHaveLength(2);
  expect(await asked("GET", `/v2/domains/example.net/records/${id}`)).toMatch(/^404/);
});

test("a domain is a resource of a project", async () => {
  await zone();
  const { project } = await create<{ project: { id: string } }>("/v2/projects", {
    ...{ name: "blog", purpose: "Website or blog" },
  });
  const resources = `/v2/projects/${project.id}/resources`;
  expect(await asked("POST", resources, { resources: ["do:domain:example.com"] })).toBe(200);
  expect(await get(resources)).toMatchObject({ resources: [{ urn: "do:domain:example.com" }] });
});

test("every operation of domains and records was answered as described", async () => {
  checkedOperations.clear();
  await zone();
  const { id } = await record({ type: "A", name: "www", data: "192.0.2.1" });
  await get("/v2/domains");
  await get("/v2/domains/example.com");
  await recordsOf();
  await get(`${records}/${id}`);
  for (const method of ["PUT", "PATCH"]) await asked(method, `${records}/${id}`, { type: "A", name: "w" });
  await asked("DELETE", `${records}/${id}`);
  await asked("DELETE", "/v2/domains/example.com");
  const ofThese = operations.filter((operation) => / \/v2\/domains/.test(operation));
  expect(ofThese.filter((operation) => !checkedOperations.has(operation))).toEqual([]);
});
