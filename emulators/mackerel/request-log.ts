import { readFileSync } from "node:fs";
import type { FastifyInstance } from "fastify";

/** A request that the stand-in answered. */
export interface LoggedRequest {
  /** When it was answered, ISO 8601. */
  readonly at: string;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly status: number;
}

/** What the log's lines about requests are called; others are about errors. */
const message = "request";

/**
 * Logs every request, and shows the log under `GET /_sandbox/requests`, oldest first, which is no part of Mackerel's API and not
 * logged itself. `logFile` is the one that the application's logger writes.
 */
export function requestLog(app: FastifyInstance, logFile: string): void {
  app.addHook("onResponse", (request, reply, done) => {
    const path = request.url.split("?")[0] ?? "";
    if (!path.startsWith("/_sandbox/"))
      request.log.info({ method: request.method, path, status: reply.statusCode }, message);
    done();
  });

  app.get("/_sandbox/requests", () => {
    const requests = readFileSync(logFile, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as LoggedLine)
      .filter(({ msg }) => msg === message)
      .map(({ time, method, path, status }): LoggedRequest => ({
        at: new Date(time).toISOString(),
        method,
        path,
        status,
      }));
    return { requests };
  });
}

interface LoggedLine extends Omit<LoggedRequest, "at"> {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly msg: string;
}
