import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { findRegion } from "../catalog.ts";
import type { Emulator } from "../emulator.ts";
import { requestUrl } from "../emulator.ts";
import { conflict, notEmulated, notFound, unprocessable } from "../requests/errors.ts";
import { Fields } from "../requests/fields.ts";
import { paginate } from "../rules/pagination.ts";
import type { Volume } from "../store/entities.ts";
import { ensureTags } from "../resources/tags.ts";
import { volumeView } from "../views.ts";
import { largestVolume, requireIdleVolume } from "../resources/volumes.ts";

interface ById {
  Params: { id: string };
}

/** The volume with this id, or 404. */
export function requireVolume(emulator: Emulator, id: string): Volume {
  const volume = emulator.store.volumes.get(id);
  if (volume === undefined) throw notFound();
  return volume;
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
    // Forgotten before it is destroyed, so that no request that comes meanwhile attaches it.
    const volume = store.transaction(() => {
      const deleted = requireVolume(emulator, request.params.id);
      requireIdleVolume(emulator, deleted);
      if (deleted.dropletId !== undefined)
        throw conflict("A volume that's attached to a Droplet cannot be deleted. Detach it first.");
      store.volumes.delete(deleted.id);
      return deleted;
    });
    try {
      await options.hypervisor.destroyVolume(volume);
    } catch (error) {
      store.transaction(() => store.volumes.put(volume));
      throw error;
    }
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
  if (sizeGigabytes < 1 || sizeGigabytes > largestVolume)
    throw unprocessable(`size_gigabytes must be 1 to ${largestVolume}`);
  const filesystemType = body.optionalString("filesystem_type") ?? "";
  if (!["", "ext4"].includes(filesystemType)) throw notEmulated(`the file system ${filesystemType}`);
  const filesystemLabel = body.optionalString("filesystem_label") ?? "";
  if (filesystemType === "" && filesystemLabel !== "")
    throw unprocessable("filesystem_label may only be used together with filesystem_type");
  if (!/^[ -~]{0,16}$/.test(filesystemLabel))
    throw unprocessable(`filesystem_label [${filesystemLabel}] must have at most 16 characters of ASCII`);
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
    filesystemLabel,
    tags: ensureTags(emulator, body.strings("tags")),
    createdAt: emulator.now(),
  };
  store.volumes.put(volume);
  return volume;
}
