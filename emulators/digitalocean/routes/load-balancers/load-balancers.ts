import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { findRegion } from "../../catalog.ts";
import type { Emulator } from "../../emulator.ts";
import { requestUrl, requireFeature } from "../../emulator.ts";
import { notEmulated, notFound, unprocessable } from "../../requests/errors.ts";
import { Fields } from "../../requests/fields.ts";
import { takeLoadBalancerAddresses } from "../../resources/addresses.ts";
import { changeLoadBalancer, storeLoadBalancer } from "../../resources/load-balancers/change.ts";
import { partsOf } from "../../resources/load-balancers/parts.ts";
import { defaultVpc } from "../../resources/vpcs.ts";
import { paginate } from "../../rules/pagination.ts";
import { parseSettings } from "../../rules/load-balancers/settings.ts";
import type { Vpc } from "../../store/entities.ts";
import type { LoadBalancer } from "../../store/load-balancer.ts";
import { loadBalancerView } from "../../views/load-balancer.ts";

interface ById {
  Params: { id: string };
}

/** The load balancer with this id, or 404. */
export function requireLoadBalancer({ store }: Emulator, id: string): LoadBalancer {
  const balancer = store.loadBalancers.get(id);
  if (balancer === undefined) throw notFound();
  return balancer;
}

export function loadBalancerRoutes(server: FastifyInstance, emulator: Emulator): void {
  const { store } = emulator;
  const view = (balancer: LoadBalancer) => loadBalancerView(emulator, balancer);

  server.post("/v2/load_balancers", (request, reply) => {
    requireFeature(emulator, "load balancers", "load balancers");
    const balancer = store.transaction(() => create(emulator, new Fields(request.body)));
    emulator.networkChanged();
    return reply.code(202).send({ load_balancer: view(balancer) });
  });

  server.get("/v2/load_balancers", (request) => {
    const { items, links, meta } = paginate(store.loadBalancers.list(), requestUrl(request));
    return { load_balancers: items.map(view), links, meta };
  });

  server.get<ById>("/v2/load_balancers/:id", (request) => ({
    load_balancer: view(requireLoadBalancer(emulator, request.params.id)),
  }));

  server.put<ById>("/v2/load_balancers/:id", (request) => {
    const balancer = store.transaction(() => {
      const before = requireLoadBalancer(emulator, request.params.id);
      const body = new Fields(request.body);
      const settings = parseSettings(body, partsOf(emulator));
      for (const [key, kept] of [
        ["region", before.region],
        ["vpc_uuid", before.vpcId],
      ] as const) {
        const wanted = body.optionalString(key) || kept;
        if (wanted !== kept) throw unprocessable(`${key} of a load balancer cannot be changed`);
      }
      assignProject(emulator, body, before.id);
      return changeLoadBalancer(emulator, before, settings);
    });
    emulator.networkChanged();
    return { load_balancer: view(balancer) };
  });

  server.delete<ById>("/v2/load_balancers/:id", (request, reply) => {
    store.transaction(() => {
      const { id, vpcId, name, createdAt } = requireLoadBalancer(emulator, request.params.id);
      const until = emulator.options.now().getTime() + emulator.options.delays.release;
      if (emulator.edges.now.lateRelease)
        store.formerMembers.put({ id: `do:loadbalancer:${id}`, vpcId, name, createdAt, until });
      store.loadBalancers.delete(id);
    });
    emulator.networkChanged();
    return reply.code(204).send();
  });
}

function parseVpc(emulator: Emulator, body: Fields, region: string): Vpc {
  const id = body.optionalString("vpc_uuid") ?? "";
  if (id === "") return defaultVpc(emulator, region);
  const vpc = emulator.store.vpcs.get(id);
  if (vpc?.region !== region) throw unprocessable(`vpc_uuid: there is no VPC [${id}] in ${region}`);
  return vpc;
}

function assignProject({ store, now }: Emulator, body: Fields, id: string): void {
  const projectId = body.optionalString("project_id") ?? "";
  if (projectId === "") return;
  if (store.projects.get(projectId) === undefined)
    throw unprocessable(`project_id: there is no project [${projectId}]`);
  store.projectAssignments.put({ id: `do:loadbalancer:${id}`, projectId, assignedAt: now() });
}

function create(emulator: Emulator, body: Fields): LoadBalancer {
  const { store, options } = emulator;
  const settings = parseSettings(body, partsOf(emulator));
  if ((body.optionalString("region") ?? "") === "") throw notEmulated("a load balancer without a region");
  const region = body.string("region");
  if (findRegion(region) === undefined) throw unprocessable(`region [${region}] is not a region`);
  const vpc = parseVpc(emulator, body, region);
  const { loadBalancers: limit } = options.limits;
  if (store.loadBalancers.list().length >= limit)
    throw unprocessable(`You have reached your limit of ${limit} load balancers.`);
  const id = randomUUID();
  assignProject(emulator, body, id);
  return storeLoadBalancer(emulator, {
    ...settings,
    ...{ id, region, status: "new", processing: true, vpcId: vpc.id, createdAt: emulator.now() },
    ...takeLoadBalancerAddresses(store, options, vpc),
  });
}
