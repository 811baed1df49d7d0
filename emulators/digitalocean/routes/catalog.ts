import type { FastifyInstance } from "fastify";
import { regions, sizes } from "../catalog.ts";
import { requestUrl } from "../emulator.ts";
import { paginate } from "../rules/pagination.ts";

export function catalogRoutes(server: FastifyInstance): void {
  server.get("/v2/sizes", (request) => {
    const { items, links, meta } = paginate(sizes, requestUrl(request));
    return { sizes: items, links, meta };
  });

  server.get("/v2/regions", (request) => {
    const { items, links, meta } = paginate(regions, requestUrl(request));
    return { regions: items, links, meta };
  });
}
