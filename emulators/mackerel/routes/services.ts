import type { FastifyInstance } from "fastify";
import { badRequest, notFound } from "../api-error.ts";
import type { HostStore } from "../store/host-store.ts";
import type { MetricStore, MetricValue } from "../store/metric-store.ts";

const serviceSchema = {
  type: "object",
  additionalProperties: false,
  required: ["name"],
  properties: {
    name: { type: "string", pattern: "^[A-Za-z0-9][A-Za-z0-9_-]{1,62}$" },
    memo: { type: "string" },
  },
};

const valuesSchema = {
  type: "array",
  items: {
    type: "object",
    required: ["name", "time", "value"],
    properties: {
      name: { type: "string", pattern: "^[a-zA-Z0-9._-]+$" },
      time: { type: "integer" },
      value: { type: "number" },
    },
  },
};

interface ByService {
  Params: { service: string };
}

/** Shows services and roles, which exist from the first host that names them, or were made; takes their metrics. */
export function serviceRoutes(app: FastifyInstance, hosts: HostStore, metrics: MetricStore): void {
  app.post<{ Body: { name: string; memo?: string } }>(
    "/api/v0/services",
    { schema: { body: serviceSchema } },
    (request) => {
      const { name, memo = "" } = request.body;
      if (hosts.services().has(name)) throw badRequest(`There is a service "${name}" already.`);
      hosts.createService(name, memo);
      return { name, memo, roles: [] };
    },
  );

  app.post<ByService & { Body: (MetricValue & { name: string })[] }>(
    "/api/v0/services/:service/tsdb",
    { schema: { body: valuesSchema } },
    (request) => {
      if (!hosts.services().has(request.params.service)) throw notFound("Service");
      metrics.postToService(request.params.service, request.body);
      return { success: true };
    },
  );

  app.get("/api/v0/services", () => ({
    services: [...hosts.services()].map(([name, roles]) => ({ name, memo: "", roles })),
  }));

  app.get<ByService>("/api/v0/services/:service/roles", (request) => {
    const roles = hosts.services().get(request.params.service);
    if (roles === undefined) throw notFound("Service");
    return { roles: roles.map((name) => ({ name, memo: "" })) };
  });
}
