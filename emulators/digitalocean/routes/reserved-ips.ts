import type { FastifyInstance } from "fastify";
import { takeReservedAddress } from "../resources/addresses.ts";
import { findRegion } from "../catalog.ts";
import type { Emulator } from "../emulator.ts";
import { requestUrl, requireIdleDroplet } from "../emulator.ts";
import { notFound, pendingEvent, unprocessable } from "../requests/errors.ts";
import { Fields } from "../requests/fields.ts";
import { projectOf } from "../resources/projects.ts";
import { paginate } from "../rules/pagination.ts";
import type { Action, Droplet, ReservedIp } from "../store/entities.ts";
import { actionView, reservedIpView } from "../views/views.ts";

interface ByAddress {
  Params: { ip: string };
}

/** The names of one thing: that of today, and the one it had before, which clients use still. */
const names = [
  { path: "/v2/reserved_ips", one: "reserved_ip", many: "reserved_ips" },
  { path: "/v2/floating_ips", one: "floating_ip", many: "floating_ips" },
] as const;

export function reservedIpRoutes(server: FastifyInstance, emulator: Emulator): void {
  for (const name of names) routesUnder(name, server, emulator);
}

function routesUnder(
  { path: base, one, many }: (typeof names)[number],
  server: FastifyInstance,
  emulator: Emulator,
): void {
  const { store } = emulator;
  const named = <View extends object>(view: View) => ({ ...view, resource_type: one });

  server.post(base, (request, reply) => {
    const { reservedIp, action } = store.transaction(() => create(emulator, new Fields(request.body)));
    const { origin } = requestUrl(request);
    const link = (rel: string, path: string, id: number) => ({ id, rel, href: `${origin}/v2/${path}/${id}` });
    const links =
      action?.dropletId === undefined
        ? {}
        : {
            droplets: [link("droplet", "droplets", action.dropletId)],
            actions: [link("assign_ip", "actions", action.id)],
          };
    return reply.code(202).send({ [one]: reservedIpView(emulator, reservedIp), links });
  });

  server.get(base, (request) => {
    const { items, links, meta } = paginate(store.reservedIps.list(), requestUrl(request));
    return { [many]: items.map((item) => reservedIpView(emulator, item)), links, meta };
  });

  server.get<ByAddress>(`${base}/:ip`, (request) => ({
    [one]: reservedIpView(emulator, requireReservedIp(emulator, request.params.ip)),
  }));

  server.delete<ByAddress>(`${base}/:ip`, (request, reply) => {
    store.transaction(() => {
      const reservedIp = requireReservedIp(emulator, request.params.ip);
      requireIdle(emulator, reservedIp);
      if (reservedIp.dropletId !== undefined) {
        throw unprocessable("The reserved IP is assigned to a Droplet. Unassign it first.");
      }
      store.reservedIps.delete(reservedIp.id);
    });
    return reply.code(204).send();
  });

  server.post<ByAddress>(`${base}/:ip/actions`, (request, reply) => {
    const action = store.transaction(() => {
      const reservedIp = requireReservedIp(emulator, request.params.ip);
      const body = new Fields(request.body);
      const type = body.string("type");
      if (type !== "assign" && type !== "unassign")
        throw unprocessable(`type [${type}] must be assign or unassign`);
      requireIdle(emulator, reservedIp);
      return type === "assign"
        ? assign(emulator, reservedIp, body.integer("droplet_id"))
        : unassign(emulator, reservedIp);
    });
    return reply.code(201).send({ action: named(withProject(emulator, action)) });
  });

  const actionsOf = (ip: string) =>
    store.actions.where("resource", requireReservedIp(emulator, ip).id).reverse();

  server.get<ByAddress>(`${base}/:ip/actions`, (request) => {
    const { items, links, meta } = paginate(actionsOf(request.params.ip), requestUrl(request));
    return { actions: items.map((action) => named(actionView(action))), links, meta };
  });

  server.get<{ Params: { ip: string; id: string } }>(`${base}/:ip/actions/:id`, (request) => {
    const action = actionsOf(request.params.ip).find(({ id }) => String(id) === request.params.id);
    if (action === undefined) throw notFound();
    return { action: named(withProject(emulator, action)) };
  });
}

function withProject(emulator: Emulator, action: Action) {
  const project = projectOf(emulator, `do:reservedip:${action.resource}`);
  return { ...actionView(action), project_id: project.id };
}

function requireReservedIp(emulator: Emulator, ip: string): ReservedIp {
  const reservedIp = emulator.store.reservedIps.get(ip);
  if (reservedIp === undefined) throw notFound();
  return reservedIp;
}

function requireIdle(emulator: Emulator, reservedIp: ReservedIp): void {
  if (emulator.runner.pending().some((action) => action.resource === reservedIp.id))
    throw pendingEvent("The reserved IP");
}

function create(emulator: Emulator, body: Fields): { reservedIp: ReservedIp; action?: Action } {
  const { store, options } = emulator;
  body.onlyEmulated(["region", "droplet_id", "project_id"]);
  const dropletId = body.optionalInteger("droplet_id");
  const droplet = dropletId === undefined ? undefined : requireTarget(emulator, dropletId);
  const region = droplet?.region ?? body.string("region");
  if (findRegion(region) === undefined) throw unprocessable(`region [${region}] is not a region`);
  if (store.reservedIps.list().length >= options.limits.reservedIps) {
    throw unprocessable(`You have reached your limit of ${options.limits.reservedIps} reserved IPs.`);
  }
  const reservedIp: ReservedIp = { id: takeReservedAddress(store, options), region };
  store.reservedIps.put(reservedIp);
  const projectId = body.optionalString("project_id") ?? "";
  if (projectId !== "") {
    if (store.projects.get(projectId) === undefined)
      throw unprocessable(`project_id: there is no project [${projectId}]`);
    store.projectAssignments.put({
      ...{ id: `do:reservedip:${reservedIp.id}`, projectId, assignedAt: emulator.now() },
    });
  }
  return droplet === undefined
    ? { reservedIp }
    : { reservedIp, action: assign(emulator, reservedIp, droplet.id) };
}

function requireTarget(emulator: Emulator, dropletId: number): Droplet {
  const droplet = emulator.store.droplets.get(dropletId);
  if (droplet === undefined) throw unprocessable(`droplet_id: there is no Droplet [${dropletId}]`);
  return droplet;
}

function assign(emulator: Emulator, reservedIp: ReservedIp, dropletId: number): Action {
  const droplet = requireTarget(emulator, dropletId);
  if (droplet.region !== reservedIp.region) {
    throw unprocessable(`The reserved IP is in ${reservedIp.region} and the Droplet in ${droplet.region}.`);
  }
  requireIdleDroplet(emulator, droplet.id);
  if (droplet.status === "new") throw unprocessable("Droplet is not created yet.");
  if (emulator.store.reservedIps.where("dropletId", droplet.id).some(({ id }) => id !== reservedIp.id)) {
    throw unprocessable("The Droplet already has a reserved IP.");
  }
  return begin(emulator, "assign_ip", reservedIp, droplet.id);
}

function unassign(emulator: Emulator, reservedIp: ReservedIp): Action {
  if (reservedIp.dropletId === undefined)
    throw unprocessable("The reserved IP is not assigned to a Droplet.");
  requireIdleDroplet(emulator, reservedIp.dropletId);
  return begin(emulator, "unassign_ip", reservedIp, reservedIp.dropletId);
}

function begin(
  emulator: Emulator,
  type: "assign_ip" | "unassign_ip",
  { id, region }: ReservedIp,
  dropletId: number,
) {
  return emulator.runner.begin({ type, resourceType: "reserved_ip", resource: id, dropletId, region });
}
