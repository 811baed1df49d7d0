import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import type { Emulator } from "../../emulator.ts";
import { requestUrl } from "../../emulator.ts";
import { forbidden, notEmulated, notFound, unprocessable } from "../../requests/errors.ts";
import { Fields } from "../../requests/fields.ts";
import { readCertificate } from "../../rules/certificate.ts";
import { isWithin } from "../../rules/dns/domain-name.ts";
import { paginate } from "../../rules/pagination.ts";
import type { Certificate } from "../../store/dns.ts";
import { certificateView } from "../../views/dns.ts";

interface ById {
  Params: { id: string };
}

export function certificateRoutes(server: FastifyInstance, emulator: Emulator): void {
  const { store } = emulator;
  const requireCertificate = (id: string): Certificate => {
    const certificate = store.certificates.get(id);
    if (certificate === undefined) throw notFound();
    return certificate;
  };

  server.post("/v2/certificates", (request, reply) => {
    const certificate = store.transaction(() => create(emulator, new Fields(request.body)));
    return reply.code(201).send({ certificate: certificateView(certificate) });
  });

  server.get("/v2/certificates", (request) => {
    const url = requestUrl(request);
    const name = url.searchParams.get("name");
    const wanted = store.certificates
      .list()
      .filter((certificate) => name === null || certificate.name === name);
    const { items, links, meta } = paginate(wanted, url);
    return { certificates: items.map(certificateView), links, meta };
  });

  server.get<ById>("/v2/certificates/:id", (request) => ({
    certificate: certificateView(requireCertificate(request.params.id)),
  }));

  server.delete<ById>("/v2/certificates/:id", (request, reply) => {
    store.transaction(() => {
      const { id } = requireCertificate(request.params.id);
      const rules = store.loadBalancers.list().flatMap(({ forwardingRules }) => forwardingRules);
      if (rules.some(({ certificateId }) => certificateId === id))
        throw forbidden("Make sure the certificate is not in use before deleting it");
      store.certificates.delete(id);
    });
    return reply.code(204).send();
  });
}

function create(emulator: Emulator, body: Fields): Certificate {
  const { store } = emulator;
  const name = body.string("name");
  if (store.certificates.where("name", name).length > 0)
    throw unprocessable(`name [${name}] is the name of another certificate`);
  const type = body.optionalString("type") ?? "custom";
  if (type !== "custom" && type !== "lets_encrypt")
    throw unprocessable(`type [${type}] must be custom or lets_encrypt`);
  const base = { id: randomUUID(), name, createdAt: emulator.now() };
  const certificate = type === "custom" ? uploaded(emulator, body, base) : ordered(emulator, body, base);
  store.certificates.put(certificate);
  if (certificate.state === "pending") emulator.certificates.begin(certificate.id);
  return certificate;
}

type Base = Pick<Certificate, "id" | "name" | "createdAt">;

function uploaded({ options }: Emulator, body: Fields, base: Base): Certificate {
  body.onlyEmulated(["name", "type", "private_key", "leaf_certificate", "certificate_chain"]);
  const material = {
    privateKey: body.string("private_key"),
    leafCertificate: body.string("leaf_certificate"),
    certificateChain: body.optionalString("certificate_chain") ?? "",
  };
  const facts = readCertificate(material, options.now());
  return { ...base, type: "custom", state: "verified", material, ...facts };
}

function ordered({ store, options }: Emulator, body: Fields, base: Base): Certificate {
  body.onlyEmulated(["name", "type", "dns_names"]);
  const names = body.strings("dns_names").map((name) => name.toLowerCase());
  if (names.length === 0) throw unprocessable("dns_names is required");
  const domains = store.domains.list().map(({ id }) => id);
  const foreign = names.filter((name) => !isWithin(name, domains));
  if (foreign.length > 0)
    throw unprocessable(`dns_names: [${foreign.join(", ")}] is not within a domain of this account`);
  if (options.certificateIssuer === undefined)
    throw notEmulated("certificates of Let's Encrypt without the option certificateIssuer");
  // DigitalOcean adds the name below which a wildcard is (terraform-provider-digitalocean#928).
  const bases = names.flatMap((name) => (name.startsWith("*.") ? [name.slice(2)] : []));
  const dnsNames = [...new Set([...names, ...bases])];
  return { ...base, type: "lets_encrypt", state: "pending", dnsNames };
}
