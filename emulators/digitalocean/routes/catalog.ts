import type { FastifyInstance } from "fastify";
import { regions, sizes } from "../catalog.ts";
import type { Emulator } from "../emulator.ts";
import { requestUrl } from "../emulator.ts";
import { notFound } from "../requests/errors.ts";
import { paginate } from "../rules/pagination.ts";
import { availableImages, findAvailableImage } from "../resources/images.ts";

export function catalogRoutes(server: FastifyInstance, emulator: Emulator): void {
  server.get("/v2/sizes", (request) => {
    const { items, links, meta } = paginate(sizes, requestUrl(request));
    return { sizes: items, links, meta };
  });

  server.get("/v2/regions", (request) => {
    const { items, links, meta } = paginate(regions, requestUrl(request));
    return { regions: items, links, meta };
  });

  server.get("/v2/images", (request) => {
    const url = requestUrl(request);
    // All images here are public distributions: an account's own images and applications are none.
    const type = url.searchParams.get("type") ?? "distribution";
    const hidden =
      type !== "distribution" ||
      url.searchParams.get("private") === "true" ||
      url.searchParams.has("tag_name");
    const { items, links, meta } = paginate(hidden ? [] : availableImages(emulator), url);
    return { images: items, links, meta };
  });

  server.get<{ Params: { key: string } }>("/v2/images/:key", (request) => {
    const image = findAvailableImage(emulator, request.params.key);
    if (image === undefined) throw notFound();
    return { image };
  });
}
