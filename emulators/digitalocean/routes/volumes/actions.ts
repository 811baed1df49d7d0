import type { FastifyInstance } from "fastify";
import type { Emulator } from "../../emulator.ts";
import { requestUrl, requireIdleDroplet } from "../../emulator.ts";
import { notFound, unprocessable } from "../../requests/errors.ts";
import { Fields } from "../../requests/fields.ts";
import { paginate } from "../../rules/pagination.ts";
import type { Action, Volume } from "../../store/entities.ts";
import { actionView } from "../../views/views.ts";
import { largestVolume, requireIdleVolume, volumesPerDroplet } from "../../resources/volumes.ts";
import { requireVolume, requireVolumeByName } from "./volumes.ts";

export function volumeActionRoutes(server: FastifyInstance, emulator: Emulator): void {
  const { store } = emulator;
  const actionsOf = (id: string) => store.actions.where("resource", requireVolume(emulator, id).id).reverse();

  server.post<{ Params: { id: string } }>("/v2/volumes/:id/actions", (request, reply) => {
    const action = store.transaction(() =>
      begin(emulator, requireVolume(emulator, request.params.id), new Fields(request.body)),
    );
    return reply.code(202).send({ action: actionView(action) });
  });

  server.post("/v2/volumes/actions", (request, reply) => {
    const action = store.transaction(() => {
      const body = new Fields(request.body);
      const type = body.string("type");
      if (type !== "attach" && type !== "detach")
        throw unprocessable(`type [${type}] must be attach or detach for a volume by its name`);
      const volume = requireVolumeByName(emulator, body.string("volume_name"), body.string("region"));
      return begin(emulator, volume, body);
    });
    return reply.code(202).send({ action: actionView(action) });
  });

  server.get<{ Params: { id: string } }>("/v2/volumes/:id/actions", (request) => {
    const { items, links, meta } = paginate(actionsOf(request.params.id), requestUrl(request));
    return { actions: items.map(actionView), links, meta };
  });

  server.get<{ Params: { id: string; actionId: string } }>("/v2/volumes/:id/actions/:actionId", (request) => {
    const action = actionsOf(request.params.id).find(({ id }) => String(id) === request.params.actionId);
    if (action === undefined) throw notFound();
    return { action: actionView(action) };
  });
}

function begin(emulator: Emulator, volume: Volume, body: Fields): Action {
  const wanted = body.string("type");
  if (wanted !== "attach" && wanted !== "detach" && wanted !== "resize")
    throw unprocessable(`type [${wanted}] is not a volume action`);
  requireIdleVolume(emulator, volume);
  return wanted === "resize"
    ? beginResize(emulator, volume, body)
    : beginMove(emulator, volume, body, wanted);
}

function beginResize(emulator: Emulator, volume: Volume, body: Fields): Action {
  const sizeGigabytes = body.integer("size_gigabytes");
  if (sizeGigabytes <= volume.sizeGigabytes || sizeGigabytes > largestVolume) {
    throw unprocessable(
      `size_gigabytes must be more than ${volume.sizeGigabytes} and at most ${largestVolume}: volumes only grow`,
    );
  }
  if (volume.dropletId !== undefined) requireIdleDroplet(emulator, volume.dropletId);
  return emulator.runner.begin({
    type: "resize_volume",
    resourceType: "volume",
    resource: volume.id,
    ...(volume.dropletId === undefined ? {} : { dropletId: volume.dropletId }),
    sizeGigabytes,
    region: volume.region,
  });
}

function beginMove(emulator: Emulator, volume: Volume, body: Fields, wanted: "attach" | "detach"): Action {
  const dropletId = body.integer("droplet_id");
  const droplet = emulator.store.droplets.get(dropletId);
  if (droplet === undefined) throw unprocessable(`droplet_id: there is no Droplet [${dropletId}]`);
  if (droplet.region !== volume.region)
    throw unprocessable("The volume and the Droplet are in different regions.");
  if (wanted === "attach" && volume.dropletId !== undefined)
    throw unprocessable("This volume is already attached");
  if (wanted === "attach" && droplet.volumeIds.length >= volumesPerDroplet)
    throw unprocessable("cannot attach more volumes to the Droplet");
  if (wanted === "detach" && volume.dropletId !== dropletId) throw unprocessable("Attachment not found");
  requireIdleDroplet(emulator, dropletId);
  if (droplet.status === "new") throw unprocessable("Droplet is not created yet.");
  return emulator.runner.begin({
    type: wanted === "attach" ? "attach_volume" : "detach_volume",
    resourceType: "volume",
    resource: volume.id,
    dropletId,
    region: volume.region,
  });
}
