import type { FastifyInstance } from "fastify";
import type { Image } from "../../catalog.ts";
import type { Emulator } from "../../emulator.ts";
import { requestUrl } from "../../emulator.ts";
import { forbidden, notFound } from "../../requests/errors.ts";
import { Fields } from "../../requests/fields.ts";
import { findImage, privateImages, publicImages } from "../../resources/images.ts";
import { paginate } from "../../rules/pagination.ts";
import type { Snapshot } from "../../store/entities.ts";
import { requireSnapshot } from "./snapshots.ts";

interface ByKey {
  Params: { key: string };
}

export function imageRoutes(server: FastifyInstance, emulator: Emulator): void {
  const { store } = emulator;
  const requireImage = (key: string): Image => {
    const image = findImage(emulator, key);
    if (image === undefined) throw notFound();
    return image;
  };
  /** The snapshot behind an image of the account's own. */
  const requireOwn = (key: string): Snapshot => {
    if (requireImage(key).public) throw forbidden("You do not have access for the attempted action.");
    return requireSnapshot(emulator, key, "droplet");
  };

  server.get("/v2/images", (request) => {
    const url = requestUrl(request);
    const { items, links, meta } = paginate(selectImages(emulator, url.searchParams), url);
    return { images: items, links, meta };
  });

  server.get<ByKey>("/v2/images/:key", (request) => ({ image: requireImage(request.params.key) }));

  server.put<ByKey>("/v2/images/:key", (request) => {
    store.transaction(() => {
      const body = new Fields(request.body);
      body.onlyEmulated(["name", "description"]);
      const snapshot = requireOwn(request.params.key);
      const name = body.optionalString("name") ?? snapshot.name;
      const description = body.optionalString("description") ?? snapshot.description ?? "";
      store.snapshots.put({ ...snapshot, name, description });
    });
    return { image: requireImage(request.params.key) };
  });

  server.delete<ByKey>("/v2/images/:key", (request, reply) => {
    store.transaction(() => store.snapshots.delete(requireOwn(request.params.key).id));
    return reply.code(204).send();
  });
}

/** There are no applications here. A tag is on images of the account's own only. */
function selectImages(emulator: Emulator, query: URLSearchParams): readonly Image[] {
  const tag = query.get("tag_name");
  if (tag !== null) return privateImages(emulator).filter(({ tags }) => tags.includes(tag));
  if (query.get("private") === "true") return privateImages(emulator);
  const type = query.get("type");
  if (type === "distribution") return publicImages(emulator);
  return type === null ? [...publicImages(emulator), ...privateImages(emulator)] : [];
}
