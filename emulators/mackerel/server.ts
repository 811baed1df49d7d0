import { mkdirSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import fastify, { LogController } from "fastify";
import type { FastifyInstance } from "fastify";
import { ApiError, notImplemented } from "./api-error.ts";
import { permission, replaceApiKeys } from "./api-keys.ts";
import type { ApiKey } from "./api-keys.ts";
import { hostRoutes } from "./host-routes.ts";
import { HostStore } from "./host-store.ts";
import { metadataRoutes } from "./metadata-routes.ts";
import { metricRoutes } from "./metric-routes.ts";
import { MetricStore } from "./metric-store.ts";
import { requestLog } from "./request-log.ts";
import { createTables } from "./schema.ts";
import { serviceRoutes } from "./service-routes.ts";

export interface MackerelApiOptions {
  /** SQLite file that holds everything; created with its folder if missing. */
  readonly databaseFile: string;
  /** Keys to accept from now on, replacing those stored. Left out: the stored ones (see `setApiKeys`). */
  readonly apiKeys?: readonly ApiKey[];
  /** One JSON line for each answered request, without headers, so without keys (see `requestLog`). Left out: no log. */
  readonly logFile?: string;
  /** The present, in Unix seconds. Default: the system's clock. */
  readonly now?: () => number;
}

/** The stand-in for the Mackerel API (v0), not listening. `close()` also closes its database. */
export function mackerelApi(options: MackerelApiOptions): FastifyInstance {
  mkdirSync(path.dirname(options.databaseFile), { recursive: true });
  const database = new DatabaseSync(options.databaseFile);
  createTables(database);
  if (options.apiKeys !== undefined) replaceApiKeys(database, options.apiKeys);
  if (options.logFile !== undefined) mkdirSync(path.dirname(options.logFile), { recursive: true });

  const app = fastify({
    logger: options.logFile === undefined ? false : { file: options.logFile },
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
  if (options.logFile !== undefined) requestLog(app, options.logFile);
  hostRoutes(app, hosts);
  serviceRoutes(app, hosts);
  metadataRoutes(app, hosts);
  metricRoutes(app, hosts, new MetricStore(database, now));
  return app;
}

/** Serves the stand-in at `address` and `port` (0: any free one) until `close()`. */
export async function startMackerelApi(
  options: MackerelApiOptions & { readonly address: string; readonly port: number },
): Promise<{ url: string; close(): Promise<void> }> {
  const app = mackerelApi(options);
  try {
    const url = await app.listen({ host: options.address, port: options.port });
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
