import { isIPv4, isIPv6 } from "node:net";
import { notEmulated, unprocessable } from "../../requests/errors.ts";
import type { Fields } from "../../requests/fields.ts";
import { isWithin } from "./domain-name.ts";
import { recordTypes } from "../../store/dns.ts";
import type { DomainRecord, RecordType } from "../../store/dns.ts";

/** In seconds. */
export const defaultTtl = 1800;
const shortestTtl = 30;
const caaTags = ["issue", "issuewild", "iodef"];
const fields = ["type", "name", "data", "priority", "port", "ttl", "weight", "flags", "tag"];
/** Whose data is a name. */
const namingTypes: readonly RecordType[] = ["CAA", "CNAME", "MX", "NS", "SRV"];

/** A record's name relative to its domain: a full name with a dot at its end is shortened, as DigitalOcean does. */
function relativeName(name: string, domain: string): string {
  const small = name.toLowerCase();
  if (small === "" || small === "@" || small === `${domain}.`) return "@";
  return small.endsWith(`.${domain}.`) ? small.slice(0, -domain.length - 2) : small;
}

/** The full name of a record, without the dot at its end. */
export function fullName(record: Pick<DomainRecord, "name" | "domain">): string {
  return record.name === "@" ? record.domain : `${record.name}.${record.domain}`;
}

function parseName(text: string, domain: string): string {
  const name = relativeName(text, domain);
  if (name !== "@" && name !== "*" && !isWithin(fullName({ name, domain }), [domain]))
    throw unprocessable(`name [${text}] is not a name in ${domain}`);
  return name;
}

function parseType(text: string): RecordType {
  const type = recordTypes.find((candidate) => candidate === text);
  if (type === undefined) throw unprocessable(`type [${text}] must be one of ${recordTypes.join(", ")}`);
  return type;
}

function parseData(type: RecordType, tag: string | undefined, data: string, domain: string): string {
  if (type === "A" && !isIPv4(data)) throw unprocessable(`data [${data}] is not an IPv4 address`);
  if (type === "AAAA" && !isIPv6(data)) throw unprocessable(`data [${data}] is not an IPv6 address`);
  // The URL of an iodef record is no name.
  if (!namingTypes.includes(type) || tag === "iodef" || data === "@") return data;
  if (!data.endsWith(".")) throw unprocessable("Data needs to end with a dot (.)");
  return data === `${domain}.` ? "@" : data.slice(0, -1);
}

function parseNumber(body: Fields, key: string, largest: number, before?: number): number {
  const value = body.optionalInteger(key) ?? before;
  if (value === undefined) throw unprocessable(`${body.name(key)} is required`);
  if (value < 0 || value > largest) throw unprocessable(`${body.name(key)} must be 0 to ${largest}`);
  return value;
}

function parseTag(body: Fields, before?: string): string {
  const tag = body.optionalString("tag") ?? before ?? "";
  if (!caaTags.includes(tag)) throw unprocessable(`tag [${tag}] must be one of ${caaTags.join(", ")}`);
  return tag;
}

function parseTtl(body: Fields, before = defaultTtl): number {
  const ttl = body.optionalInteger("ttl") ?? before;
  if (ttl < shortestTtl) throw unprocessable(`ttl must be ${shortestTtl} at least`);
  return ttl;
}

/**
 * Reads the body that makes a record, or changes `before`. Fields that the type does not have are left out: clients send
 * all of them. Throws 422 for what DigitalOcean would refuse.
 */
export function parseRecord(body: Fields, domain: string, before?: DomainRecord): Omit<DomainRecord, "id"> {
  body.onlyEmulated(fields);
  const type = parseType(body.optionalString("type") ?? before?.type ?? body.string("type"));
  if (before !== undefined && type !== before.type) throw notEmulated("another type of a domain record");
  if (before === undefined && type === "SOA") throw notEmulated("an SOA record of one's own");
  const tag = type === "CAA" ? parseTag(body, before?.tag) : undefined;
  // Data that is kept has no dot at its end, and is refused like any other (digitalocean/doctl#919).
  const data = body.optionalString("data") ?? before?.data ?? body.string("data");
  return {
    domain,
    type,
    name: parseName(body.optionalString("name") ?? before?.name ?? "@", domain),
    data: parseData(type, tag, data, domain),
    ttl: parseTtl(body, before?.ttl),
    ...(type === "MX" || type === "SRV"
      ? { priority: parseNumber(body, "priority", 65_535, before?.priority) }
      : {}),
    ...(type === "SRV"
      ? {
          port: parseNumber(body, "port", 65_535, before?.port),
          weight: parseNumber(body, "weight", 65_535, before?.weight),
        }
      : {}),
    ...(tag === undefined ? {} : { tag, flags: parseNumber(body, "flags", 255, before?.flags) }),
  };
}

/** Throws 422 when a CNAME record and another record would have one name. */
export function checkAliases(record: DomainRecord, others: readonly DomainRecord[]): void {
  const sharing = others.filter(({ id, name }) => id !== record.id && name === record.name);
  const alias = record.type === "CNAME" || sharing.some(({ type }) => type === "CNAME");
  if (alias && sharing.length > 0)
    throw unprocessable("CNAME records cannot share a name with other records");
}
