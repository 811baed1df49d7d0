import { appendFileSync, existsSync, readFileSync } from "node:fs";

export interface RequestEvent {
  readonly kind: "request";
  readonly at: string;
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  /** 0: the connection was cut, or never answered. */
  readonly status: number;
  readonly milliseconds: number;
  readonly body?: unknown;
  /** The kind of the injected fault, if one struck. */
  readonly fault?: string;
  /** The error's message, when the answer was one. */
  readonly error?: string;
}

export interface FailureEvent {
  readonly kind: "failure";
  readonly at: string;
  readonly what: string;
  readonly error: string;
}

type LoggedEvent = RequestEvent | FailureEvent;

const secretFields = ["user_data", "public_key", "private_key"];

/** The body without what must not be in a log. */
export function withoutSecrets(body: unknown): unknown {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  const entries = Object.entries(body).map(([key, value]): [string, unknown] =>
    secretFields.includes(key) && typeof value === "string"
      ? [key, `[${value.length} characters]`]
      : [key, value],
  );
  return Object.fromEntries(entries);
}

/** In a file: one JSON object a line, written at once so that a killed emulator's log is whole. No file: in memory. */
export class EventLog {
  readonly #file: string | undefined;
  readonly #inMemory: LoggedEvent[] = [];

  constructor(file?: string) {
    this.#file = file;
  }

  write(event: LoggedEvent): void {
    if (this.#file === undefined) this.#inMemory.push(event);
    else appendFileSync(this.#file, `${JSON.stringify(event)}\n`, { mode: 0o600 });
  }

  requests(): RequestEvent[] {
    return this.#events().filter((event) => event.kind === "request");
  }

  #events(): readonly LoggedEvent[] {
    if (this.#file === undefined) return this.#inMemory;
    if (!existsSync(this.#file)) return [];
    return readFileSync(this.#file, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as LoggedEvent);
  }
}
