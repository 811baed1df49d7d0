import type { FastifyInstance } from "fastify";
import { notFound } from "../api-error.ts";
import type { HostStore } from "../store/host-store.ts";

/** Shows services and roles, which exist from the first host that names them. */
export function serviceRoutes(app: FastifyInstance, hosts: HostStore): void {
  app.get("/api/v0/services", () => ({
    services: [...hosts.services()].map(([name, roles]) => ({ name, memo: "", roles })),
  }));

  app.get<{ Params: { service: string } }>("/api/v0/services/:service/roles", (request) => {
    const roles = hosts.services().get(request.params.service);
    if (roles === undefined) throw notFound("Service");
    return { roles: roles.map((name) => ({ name, memo: "" })) };
  });
}
