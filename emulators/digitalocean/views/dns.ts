import type { Certificate, Domain, DomainRecord } from "../store/dns.ts";
import { defaultTtl } from "../rules/dns/record-request.ts";
import { zoneFile } from "../rules/dns/zone-file.ts";

export function domainView(domain: Domain, records: readonly DomainRecord[], serial: number) {
  return {
    name: domain.id,
    ttl: records.find(({ type }) => type === "SOA")?.ttl ?? defaultTtl,
    zone_file: zoneFile(domain.id, records, serial),
  };
}

export function recordView(record: DomainRecord) {
  return {
    id: record.id,
    type: record.type,
    name: record.name,
    data: record.data,
    priority: record.priority ?? null,
    port: record.port ?? null,
    ttl: record.ttl,
    weight: record.weight ?? null,
    flags: record.flags ?? null,
    tag: record.tag ?? null,
  };
}

export function certificateView(certificate: Certificate) {
  const { id, name, type, state, dnsNames, notAfter, sha1Fingerprint, createdAt } = certificate;
  return {
    id,
    name,
    ...(notAfter === undefined ? {} : { not_after: notAfter }),
    ...(sha1Fingerprint === undefined ? {} : { sha1_fingerprint: sha1Fingerprint }),
    created_at: createdAt,
    dns_names: dnsNames,
    state,
    type,
  };
}
