import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { findRegion } from "../catalog.ts";
import type { Emulator } from "../emulator.ts";
import { requestUrl } from "../emulator.ts";
import { conflict, notEmulated, notFound, pendingEvent, unprocessable } from "../errors.ts";
import { Fields } from "../fields.ts";
import { paginate } from "../rules/pagination.ts";
import type { Volume } from "../store/entities.ts";
import { ensureTags } from "../tags.ts";
import { volumeView } from "../views.ts";
import { offersVolumes } from "../volume-hypervisor.ts";

interface ById {
  Params: { id: string };
}

/** The volume with this id, or 404. */
export function requireVolume(emulator: Emulator, id: string): Volume {
  const volume = emulator.store.volumes.get(id);
  if (volume === undefined) throw notFound();
  return volume;
}

/** Throws 422 while an earlier action on the volume is unfinished. */
export function requireIdleVolume(emulator: Emulator, volume: Volume): void {
  if (emulator.runner.pending().some((action) => action.resource === volume.id)) throw pendingEvent("Volume");
}

export function volumeRoutes(server: FastifyInstance, emulator: Emulator): void {
  const { store, options } = emulator;

  server.post("/v2/volumes", (request, reply) => {
    const volume = store.transaction(() => create(emulator, new Fields(request.body)));
    return reply.code(201).send({ volume: volumeView(volume) });
  });

  server.get("/v2/volumes", (request) => {
    const url = requestUrl(request);
    const name = url.searchParams.get("name");
    const region = url.searchParams.get("region");
    const wanted = store.volumes
      .list()
      .filter(
        (volume) => (name === null || volume.name === name) && (region === null || volume.region === region),
      );
    const { items, links, meta } = paginate(wanted, url);
    return { volumes: items.map(volumeView), links, meta };
  });

  server.get<ById>("/v2/volumes/:id", (request) => ({
    volume: volumeView(requireVolume(emulator, request.params.id)),
  }));

  server.delete<ById>("/v2/volumes/:id", async (request, reply) => {
    const volume = requireVolume(emulator, request.params.id);
    requireIdleVolume(emulator, volume);
    if (volume.dropletId !== undefined)
      throw conflict("The volume is attached to a Droplet. Detach it first.");
    if (offersVolumes(options.hypervisor)) await options.hypervisor.destroyVolume(volume);
    store.transaction(() => store.volumes.delete(volume.id));
    return reply.code(204).send();
  });
}

function create(emulator: Emulator, body: Fields): Volume {
  const { store, options } = emulator;
  const known = [
    "name",
    "description",
    "region",
    "size_gigabytes",
    "filesystem_type",
    "filesystem_label",
    "tags",
  ];
  body.onlyEmulated(known);
  const name = body.string("name");
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(name)) {
    throw unprocessable(
      `name [${name}] must begin with a small letter and hold only small letters, digits and -`,
    );
  }
  const region = body.string("region");
  if (findRegion(region) === undefined) throw unprocessable(`region [${region}] is not a region`);
  const sizeGigabytes = body.integer("size_gigabytes");
  if (sizeGigabytes < 1 || sizeGigabytes > 16_384) throw unprocessable("size_gigabytes must be 1 to 16384");
  const filesystemType = body.optionalString("filesystem_type") ?? "";
  if (!["", "ext4", "xfs"].includes(filesystemType)) throw notEmulated(`the file system ${filesystemType}`);
  if (store.volumes.list().some((volume) => volume.name === name && volume.region === region)) {
    throw conflict(`a volume named [${name}] exists in ${region} already`);
  }
  if (store.volumes.list().length >= options.limits.volumes) {
    throw unprocessable(`You have reached your limit of ${options.limits.volumes} volumes.`);
  }
  const volume: Volume = {
    id: randomUUID(),
    name,
    description: body.optionalString("description") ?? "",
    region,
    sizeGigabytes,
    filesystemType,
    filesystemLabel: body.optionalString("filesystem_label") ?? "",
    tags: ensureTags(emulator, body.strings("tags")),
    createdAt: emulator.now(),
  };
  store.volumes.put(volume);
  return volume;
}
