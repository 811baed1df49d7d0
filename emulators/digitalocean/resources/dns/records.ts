import type { Emulator } from "../../emulator.ts";
import { checkAliases } from "../../rules/dns/record-request.ts";
import type { DomainRecord } from "../../store/dns.ts";

/**
 * Stores a record, a new one under an id of its own. Throws 422 beside a CNAME record of its name. Records of one name and
 * type get one time to live (RFC 2181, section 5.2). To be called in a transaction.
 */
export function storeRecord(
  { store }: Emulator,
  fields: Omit<DomainRecord, "id">,
  id = store.nextId("domain record", 300_000_001),
): DomainRecord {
  const record = { ...fields, id };
  const others = store.domainRecords.where("domain", record.domain);
  checkAliases(record, others);
  for (const other of others)
    if (other.name === record.name && other.type === record.type && other.ttl !== record.ttl)
      store.domainRecords.put({ ...other, ttl: record.ttl });
  store.domainRecords.put(record);
  return record;
}
