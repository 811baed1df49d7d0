import type { DatabaseSync } from "node:sqlite";
import type { FastifyInstance } from "fastify";
import { alertRoutes } from "../routes/alerts.ts";
import { channelRoutes } from "../routes/channels.ts";
import { downtimeRoutes } from "../routes/downtimes.ts";
import { monitorRoutes } from "../routes/monitors.ts";
import { notificationGroupRoutes } from "../routes/notification-groups.ts";
import type { HostStore } from "../store/host-store.ts";
import type { MetricStore } from "../store/metric-store.ts";
import { AlertStore } from "./alert-store.ts";
import { Evaluator } from "./evaluator.ts";
import { settingsStores } from "./settings-stores.ts";

export interface AlertingParts {
  readonly database: DatabaseSync;
  readonly hosts: HostStore;
  readonly metrics: MetricStore;
  /** Unix seconds. */
  readonly now: () => number;
  /** Seconds. */
  readonly silence: number;
  /** Seconds between two looks; 0 for none by itself. */
  readonly interval: number;
}

/** What somebody set up to be told of, alerts, and the look at all monitors once a minute. */
export function alertingRoutes(app: FastifyInstance, parts: AlertingParts): void {
  const { database, hosts, now } = parts;
  const settings = settingsStores(database);
  const alerts = new AlertStore(database, now);
  const onError = (error: unknown) => app.log.error(error);
  const evaluator = new Evaluator({ ...parts, settings, alerts, onError });
  monitorRoutes(app, { settings, alerts, hosts });
  channelRoutes(app, settings);
  notificationGroupRoutes(app, settings, hosts);
  downtimeRoutes(app, settings, hosts);
  alertRoutes(app, alerts, evaluator);

  if (parts.interval === 0) return;
  const timer = setInterval(() => void evaluator.evaluate().catch(onError), parts.interval * 1000);
  // Hooks run newest first, so the database is still open.
  app.addHook("onClose", async () => {
    clearInterval(timer);
    await evaluator.idle();
  });
}
