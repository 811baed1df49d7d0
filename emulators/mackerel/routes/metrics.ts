import type { FastifyInstance } from "fastify";
import { notFound } from "../api-error.ts";
import type { HostStore } from "../store/host-store.ts";
import type { CheckReport, HostMetricValue, MetricStore, MetricValue } from "../store/metric-store.ts";
import { Query } from "./query.ts";

const valuesSchema = {
  type: "array",
  items: {
    type: "object",
    required: ["hostId", "name", "time", "value"],
    properties: {
      hostId: { type: "string" },
      name: { type: "string", pattern: "^[a-zA-Z0-9._-]+$" },
      time: { type: "integer" },
      value: { type: "number" },
    },
  },
};

const reportsSchema = {
  type: "object",
  required: ["reports"],
  properties: {
    reports: {
      type: "array",
      maxItems: 100,
      items: {
        type: "object",
        required: ["source", "name", "status", "message", "occurredAt"],
        properties: {
          source: {
            type: "object",
            required: ["type", "hostId"],
            properties: { type: { const: "host" }, hostId: { type: "string" } },
          },
          name: { type: "string" },
          status: { enum: ["OK", "CRITICAL", "WARNING", "UNKNOWN"] },
          message: { type: "string", maxLength: 1024 },
          occurredAt: { type: "integer" },
          notificationInterval: { type: "integer" },
          maxCheckAttempts: { type: "integer", minimum: 1, maximum: 10 },
        },
      },
    },
  },
};

const graphName = "^custom(\\.([-a-zA-Z0-9_]+|[*#]))+$";
const graphDefinitionsSchema = {
  type: "array",
  items: {
    type: "object",
    required: ["name", "metrics"],
    properties: {
      name: { type: "string", pattern: graphName },
      metrics: {
        type: "array",
        items: {
          type: "object",
          required: ["name"],
          properties: { name: { type: "string", pattern: graphName } },
        },
      },
    },
  },
};

/** Takes metrics, check reports and graph definitions from agents and shows metrics. */
export function metricRoutes(app: FastifyInstance, hosts: HostStore, metrics: MetricStore): void {
  app.post<{ Body: HostMetricValue[] }>("/api/v0/tsdb", { schema: { body: valuesSchema } }, (request) => {
    for (const id of new Set(request.body.map((value) => value.hostId))) hosts.writable(id);
    metrics.post(request.body);
    return { success: true };
  });

  app.get("/api/v0/tsdb/latest", (request) => {
    const query = new Query(request.url, ["hostId", "name"]);
    query.required("hostId");
    query.required("name");
    const latest: Record<string, Record<string, MetricValue>> = {};
    for (const id of query.all("hostId")) {
      const values: Record<string, MetricValue> = {};
      for (const name of query.all("name")) {
        const value = metrics.latest(hosts.get(id).id, name);
        if (value !== undefined) values[name] = value;
      }
      latest[id] = values;
    }
    return { tsdbLatest: latest };
  });

  app.get<{ Params: { id: string } }>("/api/v0/hosts/:id/metrics", (request) => {
    const query = new Query(request.url, ["name", "from", "to"]);
    const { id } = hosts.get(request.params.id);
    const name = query.required("name");
    if (metrics.latest(id, name) === undefined) throw notFound("Metric");
    return { metrics: metrics.values(id, name, query.time("from"), query.time("to")) };
  });

  app.get<{ Params: { id: string } }>("/api/v0/hosts/:id/metric-names", (request) => ({
    names: metrics.names(hosts.get(request.params.id).id),
  }));

  app.post<{ Body: { reports: CheckReport[] } }>(
    "/api/v0/monitoring/checks/report",
    { schema: { body: reportsSchema } },
    (request) => {
      for (const id of new Set(request.body.reports.map((report) => report.source.hostId)))
        hosts.writable(id);
      metrics.report(request.body.reports);
      return { success: true };
    },
  );

  app.post<{ Body: { name: string }[] }>(
    "/api/v0/graph-defs/create",
    { schema: { body: graphDefinitionsSchema } },
    (request) => {
      metrics.defineGraphs(request.body);
      return { success: true };
    },
  );
}
