import type { FastifyInstance } from "fastify";
import type { Emulator } from "../../emulator.ts";
import { requestUrl } from "../../emulator.ts";
import { notFound, unprocessable } from "../../requests/errors.ts";
import { paginate } from "../../rules/pagination.ts";
import type { Snapshot } from "../../store/entities.ts";
import { snapshotView } from "../../views/snapshots.ts";

interface ById {
  Params: { id: string };
}

/** The snapshot with this id, or 404. */
export function requireSnapshot(
  { store }: Emulator,
  id: string,
  resourceType?: Snapshot["resourceType"],
): Snapshot {
  const snapshot = store.snapshots.get(id);
  if (snapshot === undefined || (resourceType ?? snapshot.resourceType) !== snapshot.resourceType)
    throw notFound();
  return snapshot;
}

export function snapshotRoutes(server: FastifyInstance, emulator: Emulator): void {
  server.get("/v2/snapshots", (request) => {
    const url = requestUrl(request);
    const type = url.searchParams.get("resource_type");
    if (type !== null && type !== "droplet" && type !== "volume")
      throw unprocessable(`resource_type [${type}] must be droplet or volume`);
    const wanted = emulator.store.snapshots
      .list()
      .filter(({ resourceType }) => type === null || resourceType === type);
    const { items, links, meta } = paginate(wanted, url);
    return { snapshots: items.map(snapshotView), links, meta };
  });

  server.get<ById>("/v2/snapshots/:id", (request) => ({
    snapshot: snapshotView(requireSnapshot(emulator, request.params.id)),
  }));

  server.delete<ById>("/v2/snapshots/:id", (request, reply) => {
    emulator.store.transaction(() =>
      emulator.store.snapshots.delete(requireSnapshot(emulator, request.params.id).id),
    );
    return reply.code(204).send();
  });
}
