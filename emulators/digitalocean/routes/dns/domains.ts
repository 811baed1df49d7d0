import { isIPv4 } from "node:net";
import type { FastifyInstance } from "fastify";
import type { Emulator } from "../../emulator.ts";
import { requestUrl } from "../../emulator.ts";
import { notFound, unprocessable } from "../../requests/errors.ts";
import { Fields } from "../../requests/fields.ts";
import { storeRecord } from "../../resources/dns/records.ts";
import { isDomainName } from "../../rules/dns/domain-name.ts";
import { defaultTtl } from "../../rules/dns/record-request.ts";
import { nameServers } from "../../rules/dns/zone-file.ts";
import { paginate } from "../../rules/pagination.ts";
import type { Domain } from "../../store/dns.ts";
import { domainView } from "../../views/dns.ts";

interface ByName {
  Params: { name: string };
}

/** The domain with this name, or 404. */
export function requireDomain({ store }: Emulator, name: string): Domain {
  const domain = store.domains.get(name.toLowerCase());
  if (domain === undefined) throw notFound();
  return domain;
}

export function domainRoutes(server: FastifyInstance, emulator: Emulator): void {
  const { store, options } = emulator;
  const view = (domain: Domain) =>
    domainView(
      domain,
      store.domainRecords.where("domain", domain.id),
      Math.floor(options.now().getTime() / 1000),
    );

  server.post("/v2/domains", (request, reply) => {
    const domain = store.transaction(() => create(emulator, new Fields(request.body)));
    return reply.code(201).send({ domain: { ...view(domain), zone_file: null } });
  });

  server.get("/v2/domains", (request) => {
    const { items, links, meta } = paginate(store.domains.list(), requestUrl(request));
    return { domains: items.map(view), links, meta };
  });

  server.get<ByName>("/v2/domains/:name", (request) => ({
    domain: view(requireDomain(emulator, request.params.name)),
  }));

  server.delete<ByName>("/v2/domains/:name", (request, reply) => {
    store.transaction(() => {
      const { id } = requireDomain(emulator, request.params.name);
      for (const record of store.domainRecords.where("domain", id)) store.domainRecords.delete(record.id);
      store.domains.delete(id);
    });
    return reply.code(204).send();
  });
}

function create(emulator: Emulator, body: Fields): Domain {
  body.onlyEmulated(["name", "ip_address"]);
  const name = body.string("name").toLowerCase();
  if (!isDomainName(name)) throw unprocessable(`name [${name}] is not a domain name`);
  if (emulator.store.domains.get(name) !== undefined)
    throw unprocessable(`name [${name}] is the name of another domain`);
  const address = body.optionalString("ip_address") ?? "";
  if (address !== "" && !isIPv4(address))
    throw unprocessable(`ip_address [${address}] is not an IPv4 address`);
  const domain: Domain = { id: name, createdAt: emulator.now() };
  emulator.store.domains.put(domain);
  const apex = { domain: name, name: "@", ttl: defaultTtl };
  // The API answers the time to live as the data of this record.
  storeRecord(emulator, { ...apex, type: "SOA", data: String(defaultTtl) });
  for (const data of nameServers) storeRecord(emulator, { ...apex, type: "NS", data });
  if (address !== "") storeRecord(emulator, { ...apex, type: "A", data: address });
  return domain;
}
