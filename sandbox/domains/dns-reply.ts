import type { Answer } from "dns-packet";
import type { DomainRecord } from "../../emulators/digitalocean/index.ts";

/** What a name server says to a question. */
export interface DnsReply {
  /** Of RFC 1035 and 6895: 0 no error, 3 no such name, 5 refused. */
  readonly rcode: 0 | 3 | 5;
  readonly answers: readonly Answer[];
  /** The zone's SOA record if there is no answer. */
  readonly authorities: readonly Answer[];
}

const longestAlias = 8;
const refused: DnsReply = { rcode: 5, answers: [], authorities: [] };

/** The full name of a record, without a dot at its end. */
function fullName({ name, domain }: Pick<DomainRecord, "name" | "domain">): string {
  return name === "@" ? domain : `${name}.${domain}`;
}

/** What DigitalOcean's name servers would say: they know the zones of the account, and refuse all other names. */
export function replyTo(
  question: { readonly name: string; readonly type: string },
  records: readonly DomainRecord[],
): DnsReply {
  const zones = new Set(records.map(({ domain }) => domain));
  const answers: Answer[] = [];
  let name = question.name.toLowerCase();
  let zone = zoneOf(name, zones);
  if (zone === undefined) return refused;
  for (let aliases = 0; zone !== undefined && aliases < longestAlias; aliases += 1) {
    const own = records.filter(({ domain }) => domain === zone);
    const found = recordsAt(name, zone, own);
    const alias = found?.find(({ type }) => type === "CNAME");
    const wanted = found?.filter(({ type }) => type === question.type || question.type === "ANY") ?? [];
    if (alias === undefined || wanted.length > 0) {
      answers.push(...wanted.map((record) => answerOf(record, name)));
      return {
        rcode: found === undefined ? 3 : 0,
        answers,
        authorities: wanted.length > 0 ? [] : own.filter(({ type }) => type === "SOA").map(soaOf),
      };
    }
    answers.push(answerOf(alias, name));
    name = alias.data === "@" ? zone : alias.data;
    zone = zoneOf(name, zones);
  }
  // The alias leads out of the account, where the client asks on.
  return { rcode: 0, answers, authorities: [] };
}

/** The longest zone that has the name. */
function zoneOf(name: string, zones: ReadonlySet<string>): string | undefined {
  const labels = name.split(".");
  return labels.map((_, index) => labels.slice(index).join(".")).find((parent) => zones.has(parent));
}

/** The records of a name, by a wildcard of its zone if it has none (RFC 4592); undefined if there is no such name. */
function recordsAt(name: string, zone: string, own: readonly DomainRecord[]): DomainRecord[] | undefined {
  const at = (wanted: string) => own.filter((record) => fullName(record) === wanted);
  const exists = (wanted: string) =>
    own.some((record) => fullName(record) === wanted || fullName(record).endsWith(`.${wanted}`));
  if (exists(name)) return at(name);
  let parent = name;
  do parent = parent.slice(parent.indexOf(".") + 1);
  while (parent !== zone && !exists(parent));
  const wild = at(`*.${parent}`);
  return wild.length > 0 ? wild : undefined;
}

const absolute = ({ data, domain }: DomainRecord) => (data === "@" ? domain : data);

function soaOf({ domain, ttl }: DomainRecord): Answer {
  const times = { serial: 1, refresh: 10_800, retry: 3600, expire: 604_800, minimum: ttl };
  const names = { mname: "ns1.digitalocean.com", rname: `hostmaster.${domain}` };
  return { type: "SOA", name: domain, ttl, data: { ...names, ...times } };
}

function answerOf(record: DomainRecord, name: string): Answer {
  const { ttl, data, priority = 0, port = 0, weight = 0 } = record;
  const common = { name, ttl, class: "IN" } as const;
  const { type } = record;
  switch (type) {
    case "SOA":
      return soaOf(record);
    case "TXT":
      return { ...common, type, data: textParts(data) };
    case "MX":
      return { ...common, type, data: { preference: priority, exchange: absolute(record) } };
    case "SRV":
      return { ...common, type, data: { priority, weight, port, target: absolute(record) } };
    case "CAA": {
      const { flags = 0, tag = "issue" } = record;
      return {
        ...common,
        type,
        data: { flags, tag: tag as "issue", value: data, issuerCritical: flags > 127 },
      };
    }
    case "NS":
    case "CNAME":
      return { ...common, type, data: absolute(record) };
    case "A":
    case "AAAA":
      return { ...common, type, data };
  }
}

/** A text is sent in parts of at most 255 bytes. */
function textParts(text: string): Buffer[] {
  const bytes = Buffer.from(text);
  const parts = [];
  for (let start = 0; start === 0 || start < bytes.length; start += 255)
    parts.push(bytes.subarray(start, start + 255));
  return parts;
}
