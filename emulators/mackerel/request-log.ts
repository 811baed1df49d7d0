import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { FastifyInstance } from "fastify";

/** A request that the emulator answered. */
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

/** What the application's logger writes, one JSON object a line: to a file, or without one to memory. */
export class RequestLog {
  readonly #file: string | undefined;
  #inMemory = "";

  /** The file is made with its folder if it is missing. */
  constructor(file?: string) {
    this.#file = file;
    if (file !== undefined) mkdirSync(path.dirname(file), { recursive: true });
  }

  write(line: string): void {
    if (this.#file === undefined) this.#inMemory += line;
    else appendFileSync(this.#file, line, { mode: 0o600 });
  }

  /** Oldest first. */
  requests(): LoggedRequest[] {
    return this.#text()
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as LoggedLine)
      .filter(({ msg }) => msg === message)
      .map(({ time, method, path, status }) => ({ at: new Date(time).toISOString(), method, path, status }));
  }

  #text(): string {
    if (this.#file === undefined) return this.#inMemory;
    return existsSync(this.#file) ? readFileSync(this.#file, "utf8") : "";
  }
}

interface LoggedLine extends Omit<LoggedRequest, "at"> {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly msg: string;
}

/** Logs every request but those for the log, `GET /_emulator/requests`, which is no part of Mackerel's API. */
export function logRequests(app: FastifyInstance, log: RequestLog): void {
  app.addHook("onResponse", (request, reply, done) => {
    const path = request.url.split("?")[0] ?? "";
    if (!path.startsWith("/_emulator/"))
      request.log.info({ method: request.method, path, status: reply.statusCode }, message);
    done();
  });

  app.get("/_emulator/requests", () => ({ requests: log.requests() }));
}
