import fastify from "fastify";
import { apiTime } from "../../emulator.ts";
import type { Emulator } from "../../emulator.ts";
import { resolveOptions } from "../../options.ts";
import { apiRoutes } from "../../routes/api.ts";

/** The emulator's routes, such as "GET /v2/droplets/:id". */
export function routeTable(): string[] {
  const server = fastify({ exposeHeadRoutes: false });
  const routes: string[] = [];
  server.addHook("onRoute", ({ method, url }) => {
    routes.push(...[method].flat().map((verb) => `${verb} ${url}`));
  });
  const emulator = { options: resolveOptions({ tokens: ["token"] }), now: () => apiTime(new Date()) };
  apiRoutes(server, emulator as Emulator);
  return routes;
}

/** Whether a route answers an operation, such as "GET /v2/droplets/{droplet_id}". A parameter takes a literal part too. */
export function answersOperation(route: string, operation: string): boolean {
  const parts = operation.split("/");
  const pattern = route.split("/");
  return (
    parts.length === pattern.length &&
    pattern.every((part, index) => part.startsWith(":") || part === parts[index])
  );
}
