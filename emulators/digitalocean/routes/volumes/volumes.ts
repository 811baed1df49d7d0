import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyReply } from "fastify";
import { findRegion } from "../../catalog.ts";
import type { Emulator } from "../../emulator.ts";
import { requestUrl, requireFeature } from "../../emulator.ts";
import { badRequest, conflict, notFound, unprocessable } from "../../requests/errors.ts";
import { Fields } from "../../requests/fields.ts";
import { paginate } from "../../rules/pagination.ts";
import type { Snapshot, Volume } from "../../store/entities.ts";
import { ensureTags } from "../../resources/tags.ts";
import { volumeView } from "../../views/views.ts";
import { largestVolume, requireIdleVolume } from "../../resources/volumes.ts";

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

  /** The volume's 204, or an error that leaves it as it was. */
  const destroy = async (find: () => Volume, reply: FastifyReply) => {
    // Forgotten before it is destroyed, so that no request that comes meanwhile attaches it.
    const volume = store.transaction(() => {
      const deleted = find();
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
  };
  server.delete<ById>("/v2/volumes/:id", (request, reply) =>
    destroy(() => requireVolume(emulator, request.params.id), reply),
  );
  server.delete("/v2/volumes", (request, reply) => {
    const { searchParams } = requestUrl(request);
    const [name, region] = [searchParams.get("name") ?? "", searchParams.get("region") ?? ""];
    if (name === "" || region === "") throw badRequest("name and region are required");
    return destroy(() => requireVolumeByName(emulator, name, region), reply);
  });
}

/** The volume with this name in a region, or 404. */
export function requireVolumeByName(emulator: Emulator, name: string, region: string): Volume {
  const volume = emulator.store.volumes.where("name", name).find((candidate) => candidate.region === region);
  if (volume === undefined) throw notFound();
  return volume;
}

function parseSnapshot(emulator: Emulator, body: Fields): Snapshot | undefined {
  const id = body.optionalString("snapshot_id") ?? "";
  if (id === "") return undefined;
  const snapshot = emulator.store.snapshots.get(id);
  if (snapshot?.resourceType !== "volume")
    throw unprocessable(`snapshot_id: there is no volume snapshot [${id}]`);
  requireFeature(emulator, "snapshots", "a volume from a snapshot");
  return snapshot;
}

/** Longest labels, in characters. */
const labelLengths: Readonly<Record<string, number>> = { ext4: 16, xfs: 12 };

function parseFileSystem(
  emulator: Emulator,
  body: Fields,
  snapshot: Snapshot | undefined,
): Pick<Volume, "filesystemType" | "filesystemLabel"> {
  const filesystemType = body.optionalString("filesystem_type") ?? "";
  const filesystemLabel = body.optionalString("filesystem_label") ?? "";
  if (snapshot !== undefined) {
    const { filesystemType: type = "", filesystemLabel: label = "" } = snapshot;
    return { filesystemType: type, filesystemLabel: label };
  }
  if (filesystemType === "" && filesystemLabel !== "")
    throw unprocessable("filesystem_label may only be used together with filesystem_type");
  if (filesystemType === "") return { filesystemType, filesystemLabel };
  const longest = labelLengths[filesystemType];
  if (longest === undefined) throw unprocessable(`filesystem_type [${filesystemType}] must be ext4 or xfs`);
  if (filesystemType === "xfs") requireFeature(emulator, "xfs", "XFS");
  if (!/^[ -~]*$/.test(filesystemLabel) || filesystemLabel.length > longest)
    throw unprocessable(
      `filesystem_label [${filesystemLabel}] must have at most ${longest} characters of ASCII`,
    );
  return { filesystemType, filesystemLabel };
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
    "snapshot_id",
  ];
  body.onlyEmulated(known);
  const name = body.string("name");
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(name)) {
    throw unprocessable(
      `name [${name}] must begin with a small letter and hold only small letters, digits and -`,
    );
  }
  const snapshot = parseSnapshot(emulator, body);
  const region = body.optionalString("region") ?? snapshot?.regions[0] ?? body.string("region");
  if (findRegion(region) === undefined) throw unprocessable(`region [${region}] is not a region`);
  const sizeGigabytes = body.integer("size_gigabytes");
  if (sizeGigabytes < 1 || sizeGigabytes > largestVolume)
    throw unprocessable(`size_gigabytes must be 1 to ${largestVolume}`);
  if (snapshot !== undefined && sizeGigabytes < snapshot.minDiskSize)
    throw unprocessable(`size_gigabytes must be the snapshot's ${snapshot.minDiskSize} at least`);
  if (snapshot !== undefined && !snapshot.regions.includes(region))
    throw unprocessable(`the snapshot is not in ${region}`);
  const { filesystemType, filesystemLabel } = parseFileSystem(emulator, body, snapshot);
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
