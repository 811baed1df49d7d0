import type { DomainRecord } from "../../store/dns.ts";
import { defaultTtl, fullName } from "./record-request.ts";

/** DigitalOcean's name servers, of which every domain has an NS record. */
export const nameServers = ["ns1.digitalocean.com", "ns2.digitalocean.com", "ns3.digitalocean.com"];

const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, (character) => `\\${character}`)}"`;

function dataOf(record: DomainRecord): string {
  const name = record.data === "@" ? `${record.domain}.` : `${record.data}.`;
  switch (record.type) {
    case "A":
    case "AAAA":
    case "SOA":
      return record.data;
    case "TXT":
      return quoted(record.data);
    case "CAA":
      return `${record.flags} ${record.tag} ${quoted(record.data)}`;
    case "CNAME":
    case "NS":
      return name;
    case "MX":
      return `${record.priority} ${name}`;
    case "SRV":
      return `${record.priority} ${record.weight} ${record.port} ${name}`;
  }
}

/** The zone as a master file (RFC 1035, section 5). `serial` is that of its SOA record. */
export function zoneFile(domain: string, records: readonly DomainRecord[], serial: number): string {
  const soa = records.find(({ type }) => type === "SOA");
  const minimum = soa?.ttl ?? defaultTtl;
  return [
    `$ORIGIN ${domain}.`,
    `$TTL ${minimum}`,
    `${domain}. IN SOA ${nameServers[0]}. hostmaster.${domain}. ${serial} 10800 3600 604800 ${minimum}`,
    ...records
      .filter(({ type }) => type !== "SOA")
      .map((record) => `${fullName(record)}. ${record.ttl} IN ${record.type} ${dataOf(record)}`),
    "",
  ].join("\n");
}
