import type { FastifyInstance } from "fastify";
import type { Emulator } from "../../emulator.ts";
import { requireIdleDroplet } from "../../emulator.ts";
import { badRequest, conflict, notFound, unprocessable } from "../../requests/errors.ts";
import { Fields } from "../../requests/fields.ts";
import { associatedResources, byKind } from "../../resources/associated.ts";
import type { Action, AssociatedResource, Droplet } from "../../store/entities.ts";
import { requireDroplet } from "./droplets.ts";

interface ById {
  Params: { id: string };
}

const base = "/v2/droplets/:id/destroy_with_associated_resources";

/** The destruction of a droplet together with what belongs to it. */
export function dropletDestroyRoutes(server: FastifyInstance, emulator: Emulator): void {
  const { store } = emulator;
  const begin = (droplet: Droplet, alsoDestroy: readonly AssociatedResource[]) => {
    requireIdleDroplet(emulator, droplet.id);
    emulator.runner.begin({
      ...{ type: "destroy", resourceType: "droplet", resource: String(droplet.id) },
      ...{ dropletId: droplet.id, region: droplet.region, dropletName: droplet.name, alsoDestroy },
    });
  };
  /** The last such request for a droplet, which may be gone; 404 when there was none. */
  const lastRequest = (id: string): Action & { alsoDestroy: readonly AssociatedResource[] } => {
    const action = store.actions
      .where("resource", id)
      .findLast(({ alsoDestroy }) => alsoDestroy !== undefined);
    if (action?.alsoDestroy === undefined) throw notFound();
    return { ...action, alsoDestroy: action.alsoDestroy };
  };

  server.get<ById>(base, (request) => {
    const resources = associatedResources(emulator, requireDroplet(emulator, request.params.id));
    const costs = new Map(resources.map(({ key, cost }) => [key, cost.toFixed(2)]));
    return byKind(resources, ({ id, name, key }) => ({ id, name, cost: costs.get(key) }));
  });

  server.delete<ById>(`${base}/selective`, (request, reply) => {
    store.transaction(() => {
      const droplet = requireDroplet(emulator, request.params.id);
      const body = new Fields(request.body ?? {});
      begin(droplet, selected(associatedResources(emulator, droplet), body));
    });
    return reply.code(202).send();
  });

  server.delete<ById>(`${base}/dangerous`, (request, reply) => {
    if (request.headers["x-dangerous"] !== "true") throw badRequest("X-Dangerous must be true");
    store.transaction(() => {
      const droplet = requireDroplet(emulator, request.params.id);
      begin(droplet, associatedResources(emulator, droplet));
    });
    return reply.code(202).send();
  });

  server.get<ById>(`${base}/status`, (request) => destructionView(lastRequest(request.params.id)));

  server.post<ById>(`${base}/retry`, (request, reply) => {
    store.transaction(() => {
      const { status, alsoDestroy } = lastRequest(request.params.id);
      if (status === "in-progress") throw conflict("A destroy of this Droplet is in progress.");
      begin(requireDroplet(emulator, request.params.id), alsoDestroy);
    });
    return reply.code(202).send();
  });
}

/** Those of the resources that the body names by their ids. Throws 422 for what does not belong to the droplet. */
function selected(resources: readonly AssociatedResource[], body: Fields): AssociatedResource[] {
  const kinds = ["reserved_ips", "floating_ips", "snapshots", "volumes", "volume_snapshots"];
  body.onlyEmulated(kinds);
  return kinds.flatMap((named) => {
    const kind = named === "floating_ips" ? "reserved_ips" : named;
    return body.strings(named).map((id) => {
      const found = resources.find((resource) => resource.kind === kind && resource.id === id);
      if (found === undefined) throw unprocessable(`${named}: [${id}] does not belong to the Droplet`);
      return found;
    });
  });
}

function destructionView(action: Action & { alsoDestroy: readonly AssociatedResource[] }) {
  const { status, resource, dropletName = "", completedAt, alsoDestroy } = action;
  const outcome =
    status === "completed"
      ? { destroyed_at: completedAt }
      : { error_message: status === "errored" ? "the destruction failed" : "" };
  return {
    droplet: { id: resource, name: dropletName, ...outcome },
    resources: byKind(alsoDestroy, ({ id, name }) => ({ id, name, ...outcome })),
    ...(completedAt === undefined ? {} : { completed_at: completedAt }),
    failures: status === "errored" ? 1 + alsoDestroy.length : 0,
  };
}
