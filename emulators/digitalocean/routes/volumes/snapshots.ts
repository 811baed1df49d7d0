import type { FastifyInstance } from "fastify";
import type { Emulator } from "../../emulator.ts";
import { requestUrl, requireFeature } from "../../emulator.ts";
import { Fields } from "../../requests/fields.ts";
import { storeVolumeSnapshot } from "../../resources/snapshots.ts";
import { ensureTags } from "../../resources/tags.ts";
import { paginate } from "../../rules/pagination.ts";
import { snapshotView } from "../../views/snapshots.ts";
import { requireSnapshot } from "../images/snapshots.ts";
import { requireVolume } from "./volumes.ts";

interface ById {
  Params: { id: string };
}

export function volumeSnapshotRoutes(server: FastifyInstance, emulator: Emulator): void {
  const { store } = emulator;

  server.post<ById>("/v2/volumes/:id/snapshots", (request, reply) => {
    requireFeature(emulator, "snapshots", "the snapshot of a volume");
    const snapshot = store.transaction(() => {
      const body = new Fields(request.body);
      // godo sends the volume in the body too.
      body.onlyEmulated(["name", "tags", "volume_id"]);
      const volume = requireVolume(emulator, request.params.id);
      return storeVolumeSnapshot(store, volume, {
        name: body.string("name"),
        tags: ensureTags(emulator, body.strings("tags")),
        createdAt: emulator.now(),
      });
    });
    return reply.code(201).send({ snapshot: snapshotView(snapshot) });
  });

  server.get<ById>("/v2/volumes/:id/snapshots", (request) => {
    const { id } = requireVolume(emulator, request.params.id);
    const own = store.snapshots.where("resourceId", id);
    const { items, links, meta } = paginate(own, requestUrl(request));
    return { snapshots: items.map(snapshotView), links, meta };
  });

  server.get<ById>("/v2/volumes/snapshots/:id", (request) => ({
    snapshot: snapshotView(requireSnapshot(emulator, request.params.id, "volume")),
  }));

  server.delete<ById>("/v2/volumes/snapshots/:id", (request, reply) => {
    store.transaction(() =>
      store.snapshots.delete(requireSnapshot(emulator, request.params.id, "volume").id),
    );
    return reply.code(204).send();
  });
}
