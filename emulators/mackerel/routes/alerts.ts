import type { FastifyInstance } from "fastify";
import { badRequest } from "../api-error.ts";
import type { AlertStore } from "../alerting/alert-store.ts";
import type { Evaluator } from "../alerting/evaluator.ts";
import { Query } from "./query.ts";

interface ById {
  Params: { id: string };
}

const mostAlerts = 100;

const reason = {
  type: "object",
  additionalProperties: false,
  required: ["reason"],
  properties: { reason: { type: "string" } },
};

/** Shows and closes alerts; and, not Mackerel's, has monitors looked at now and tells what has been sent. */
export function alertRoutes(app: FastifyInstance, alerts: AlertStore, evaluator: Evaluator): void {
  app.get("/api/v0/alerts", (request) => {
    const query = new Query(request.url, ["withClosed", "nextId", "limit"]);
    const withClosed = query.one("withClosed") ?? "false";
    if (!["true", "false"].includes(withClosed)) throw badRequest("withClosed is true or false.");
    const limit = Number(query.one("limit") ?? mostAlerts);
    if (!Number.isInteger(limit) || limit < 1 || limit > mostAlerts)
      throw badRequest(`limit is a whole number from 1 to ${mostAlerts}.`);
    return alerts.list({ withClosed: withClosed === "true", nextId: query.one("nextId"), limit });
  });

  app.get<ById>("/api/v0/alerts/:id", (request) => alerts.get(request.params.id));

  app.post<ById & { Body: { reason: string } }>(
    "/api/v0/alerts/:id/close",
    { schema: { body: reason } },
    (request) => {
      const alert = alerts.get(request.params.id);
      if (alert.closedAt !== undefined) throw badRequest("The alert is closed already.");
      return alerts.close(alert, { reason: request.body.reason });
    },
  );

  app.post("/_emulator/evaluate", async () => {
    await evaluator.evaluate();
    return { success: true };
  });
  app.get("/_emulator/notifications", () => ({ notifications: alerts.notifications() }));
}
