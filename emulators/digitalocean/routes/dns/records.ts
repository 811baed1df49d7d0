import type { FastifyInstance } from "fastify";
import type { Emulator } from "../../emulator.ts";
import { requestUrl } from "../../emulator.ts";
import { notEmulated, notFound } from "../../requests/errors.ts";
import { Fields } from "../../requests/fields.ts";
import { storeRecord } from "../../resources/dns/records.ts";
import { fullName, parseRecord } from "../../rules/dns/record-request.ts";
import { paginate } from "../../rules/pagination.ts";
import type { DomainRecord } from "../../store/dns.ts";
import { recordView } from "../../views/dns.ts";
import { requireDomain } from "./domains.ts";

interface ByName {
  Params: { name: string };
}
interface ById {
  Params: { name: string; id: string };
}

export function recordRoutes(server: FastifyInstance, emulator: Emulator): void {
  const { store } = emulator;
  const requireRecord = ({ name, id }: ById["Params"]): DomainRecord => {
    const domain = requireDomain(emulator, name);
    const record = store.domainRecords.get(Number(id));
    if (record?.domain !== domain.id) throw notFound();
    return record;
  };

  server.post<ByName>("/v2/domains/:name/records", (request, reply) => {
    const record = store.transaction(() => {
      const domain = requireDomain(emulator, request.params.name);
      return storeRecord(emulator, parseRecord(new Fields(request.body), domain.id));
    });
    return reply.code(201).send({ domain_record: recordView(record) });
  });

  server.get<ByName>("/v2/domains/:name/records", (request) => {
    const url = requestUrl(request);
    const type = url.searchParams.get("type");
    const name = url.searchParams.get("name")?.toLowerCase();
    const { id } = requireDomain(emulator, request.params.name);
    const wanted = store.domainRecords
      .where("domain", id)
      .filter((record) => type === null || record.type === type)
      .filter((record) => name === undefined || fullName(record) === name);
    const { items, links, meta } = paginate(wanted, url);
    return { domain_records: items.map(recordView), links, meta };
  });

  server.get<ById>("/v2/domains/:name/records/:id", (request) => ({
    domain_record: recordView(requireRecord(request.params)),
  }));

  for (const method of ["PUT", "PATCH"] as const) {
    server.route<ById>({
      method,
      url: "/v2/domains/:name/records/:id",
      handler: (request) => {
        const record = store.transaction(() => {
          const before = requireRecord(request.params);
          if (before.type === "SOA") throw notEmulated("changing an SOA record");
          const fields = parseRecord(new Fields(request.body), before.domain, before);
          return storeRecord(emulator, fields, before.id);
        });
        return { domain_record: recordView(record) };
      },
    });
  }

  server.delete<ById>("/v2/domains/:name/records/:id", (request, reply) => {
    store.transaction(() => {
      const record = requireRecord(request.params);
      if (record.type === "SOA") throw notEmulated("deleting an SOA record");
      store.domainRecords.delete(record.id);
    });
    return reply.code(204).send();
  });
}
