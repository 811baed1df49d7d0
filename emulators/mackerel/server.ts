import { mkdirSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import fastify, { LogController } from "fastify";
import type { FastifyInstance } from "fastify";
import { ApiError, notImplemented } from "./api-error.ts";
import { permission, replaceApiKeys } from "./store/api-keys.ts";
import type { ApiKey } from "./store/api-keys.ts";
import { alertingRoutes } from "./alerting/routes.ts";
import { hostRoutes } from "./routes/hosts.ts";
import { HostStore } from "./store/host-store.ts";
import { metadataRoutes } from "./routes/metadata.ts";
import { metricRoutes } from "./routes/metrics.ts";
import { MetricStore } from "./store/metric-store.ts";
import { logRequests, RequestLog } from "./request-log.ts";
import { createTables } from "./store/schema.ts";
import { serviceRoutes } from "./routes/services.ts";

export interface MackerelApiOptions {
  /**
   * SQLite file that holds everything; created with its folder if missing.
   * @default - in memory, gone when the emulator ends
   */
  readonly databaseFile?: string;
  /** Keys to accept from now on, replacing those stored. @default - those stored, see `setApiKeys` */
  readonly apiKeys?: readonly ApiKey[];
  /** One JSON line for each answered request, without headers, so without keys. @default - in memory */
  readonly logFile?: string;
  /** The present, in Unix seconds. @default the system's clock */
  readonly now?: () => number;
  /** Seconds without metrics after which a host counts as gone; Mackerel documents no figure. @default 420 */
  readonly silence?: number;
  /** Seconds between two looks at all monitors; 0 for none but those that `POST /_emulator/evaluate` asks for. @default 60 */
  readonly evaluationInterval?: number;
}

export interface MackerelServerOptions extends MackerelApiOptions {
  /** @default "127.0.0.1" */
  readonly address?: string;
  /** @default 0, any free port */
  readonly port?: number;
}

export interface MackerelApi {
  /** Without a slash at the end; paths begin with /api/v0/. */
  readonly url: string;
  close(): Promise<void>;
}

/** The emulator of the Mackerel API (v0), not listening. `close()` also closes its database. */
export function mackerelApi({ databaseFile, ...options }: MackerelApiOptions): FastifyInstance {
  if (databaseFile !== undefined) mkdirSync(path.dirname(databaseFile), { recursive: true });
  const database = new DatabaseSync(databaseFile ?? ":memory:");
  createTables(database);
  if (options.apiKeys !== undefined) replaceApiKeys(database, options.apiKeys);
  const log = new RequestLog(options.logFile);

  const app = fastify({
    logger: { stream: log },
    // A line with the answer's status is written instead.
    logController: new LogController({ disableRequestLogging: true }),
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, strict: false } },
  });
  app.addHook("onRequest", (request, _reply, done) => {
    done(refusal(database, request.headers["x-api-key"], request.method));
  });
  app.addHook("onClose", () => {
    database.close();
  });
  const json = app.getDefaultJsonParser("error", "error");
  // Clients say that they send JSON in a DELETE too, which has no body.
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body === "") done(null, undefined);
    else void json(request, String(body), done);
  });
  app.setNotFoundHandler((request) => {
    throw notImplemented(`${request.method} ${request.url.split("?")[0] ?? ""}`);
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500 && !(error instanceof ApiError)) request.log.error(error);
    return reply.status(status).send({ error: { message: error.message } });
  });

  const now = options.now ?? (() => Math.floor(Date.now() / 1000));
  const hosts = new HostStore(database, now);
  const metrics = new MetricStore(database, now);
  logRequests(app, log);
  hostRoutes(app, hosts);
  serviceRoutes(app, hosts, metrics);
  metadataRoutes(app, hosts);
  metricRoutes(app, hosts, metrics);
  const alerting = { database, hosts, metrics, now };
  alertingRoutes(app, {
    ...alerting,
    silence: options.silence ?? 420,
    interval: options.evaluationInterval ?? 60,
  });
  return app;
}

/** Starts the emulator. Rejects when the address or a file cannot be had. */
export async function startMackerelApi(options: MackerelServerOptions): Promise<MackerelApi> {
  const app = mackerelApi(options);
  try {
    const url = await app.listen({ host: options.address ?? "127.0.0.1", port: options.port ?? 0 });
    return { url, close: () => app.close() };
  } catch (error) {
    await app.close();
    throw error;
  }
}

function refusal(
  database: DatabaseSync,
  key: string | string[] | undefined,
  method: string,
): ApiError | undefined {
  const allowed = typeof key === "string" ? permission(database, key) : undefined;
  if (allowed === undefined)
    return new ApiError(401, "Authentication failed. Please try with valid Api Key.");
  if (allowed === "read" && method !== "GET")
    return new ApiError(403, "This API key has no permission to write.");
  return undefined;
}
