import type { FastifyInstance } from "fastify";
import { findRegion } from "../catalog.ts";
import type { Emulator } from "../emulator.ts";
import { requestUrl } from "../emulator.ts";
import { conflict, forbidden, notFound, unprocessable } from "../requests/errors.ts";
import { Fields } from "../requests/fields.ts";
import { paginate } from "../rules/pagination.ts";
import { vpcRangeFault } from "../rules/vpc-range.ts";
import type { Vpc } from "../store/entities.ts";
import { vpcView } from "../views/views.ts";
import { generatedRange, storeVpc, takenRanges } from "../resources/vpcs.ts";

interface ById {
  Params: { id: string };
}

export function vpcRoutes(server: FastifyInstance, emulator: Emulator): void {
  const { store } = emulator;
  const requireVpc = (id: string): Vpc => {
    const vpc = store.vpcs.get(id);
    if (vpc === undefined) throw notFound();
    return vpc;
  };
  const members = (vpc: Vpc) => [
    ...store.droplets
      .where("vpcId", vpc.id)
      .map((droplet) => ({ ...droplet, id: `do:droplet:${droplet.id}` })),
    ...store.loadBalancers
      .where("vpcId", vpc.id)
      .map((balancer) => ({ ...balancer, id: `do:loadbalancer:${balancer.id}` })),
    ...store.formerMembers.where("vpcId", vpc.id),
  ];

  server.post("/v2/vpcs", (request, reply) => {
    const vpc = store.transaction(() => {
      const body = new Fields(request.body);
      body.onlyEmulated(["name", "description", "region", "ip_range"]);
      const region = body.string("region");
      if (findRegion(region) === undefined) throw unprocessable(`region [${region}] is not a region`);
      const name = parseName(emulator, body.string("name"));
      const description = parseDescription(body.optionalString("description"));
      const wanted = body.optionalString("ip_range");
      const ipRange = wanted === undefined || wanted === "" ? generatedRange(emulator) : wanted;
      const fault = vpcRangeFault(ipRange, takenRanges(emulator));
      if (fault !== undefined) throw unprocessable(`ip_range ${fault}`);
      return storeVpc(emulator, { name, description, region, ipRange });
    });
    return reply.code(201).send({ vpc: vpcView(vpc) });
  });

  server.get("/v2/vpcs", (request) => {
    const { items, links, meta } = paginate(store.vpcs.list(), requestUrl(request));
    return { vpcs: items.map(vpcView), links, meta };
  });

  server.get<ById>("/v2/vpcs/:id", (request) => ({ vpc: vpcView(requireVpc(request.params.id)) }));

  server.get<ById>("/v2/vpcs/:id/members", (request) => {
    const { items, links, meta } = paginate(members(requireVpc(request.params.id)), requestUrl(request));
    return {
      members: items.map(({ id, name, createdAt }) => ({ urn: id, name, created_at: createdAt })),
      links,
      meta,
    };
  });

  for (const method of ["PUT", "PATCH"] as const) {
    server.route<ById>({
      method,
      url: "/v2/vpcs/:id",
      handler: (request) => ({
        vpc: vpcView(
          store.transaction(() => updateVpc(emulator, requireVpc(request.params.id), request.body, method)),
        ),
      }),
    });
  }

  server.delete<ById>("/v2/vpcs/:id", (request, reply) => {
    store.transaction(() => {
      const vpc = requireVpc(request.params.id);
      if (vpc.isDefault) throw forbidden("Can not delete default VPCs");
      if (members(vpc).length > 0) throw conflict("Can not delete VPC with members");
      store.vpcs.delete(vpc.id);
    });
    return reply.code(204).send();
  });
}

function parseName(emulator: Emulator, name: string, own?: string): string {
  if (!/^[a-zA-Z0-9\-.]+$/.test(name))
    throw unprocessable(`name [${name}] may only hold letters, digits, - and .`);
  const other = emulator.store.vpcs.where("name", name).find((vpc) => vpc.id !== own);
  if (other !== undefined) throw unprocessable(`name [${name}] is the name of another VPC`);
  return name;
}

function parseDescription(description = ""): string {
  if (description.length > 255) throw unprocessable("description is longer than 255 characters");
  return description;
}

function updateVpc(emulator: Emulator, vpc: Vpc, value: unknown, method: "PUT" | "PATCH"): Vpc {
  const body = new Fields(value);
  const name = method === "PUT" ? body.string("name") : (body.optionalString("name") ?? vpc.name);
  // As in DigitalOcean, the default can be moved to another VPC but not just taken away.
  const isDefault = vpc.isDefault || body.boolean("default") === true;
  for (const other of isDefault ? emulator.store.vpcs.where("region", vpc.region) : []) {
    if (other.id !== vpc.id && other.isDefault) emulator.store.vpcs.put({ ...other, isDefault: false });
  }
  const updated = {
    ...vpc,
    name: parseName(emulator, name, vpc.id),
    description: parseDescription(body.optionalString("description") ?? vpc.description),
    isDefault,
  };
  emulator.store.vpcs.put(updated);
  return updated;
}
