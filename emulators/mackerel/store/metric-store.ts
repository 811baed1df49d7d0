import type { DatabaseSync } from "node:sqlite";
import { transaction } from "./schema.ts";

/** A measured value. `time` is in Unix seconds. */
export interface MetricValue {
  readonly time: number;
  readonly value: number;
}

export interface HostMetricValue extends MetricValue {
  readonly hostId: string;
  readonly name: string;
}

export interface CheckReport {
  readonly source: { readonly type: "host"; readonly hostId: string };
  readonly name: string;
  readonly status: "OK" | "CRITICAL" | "WARNING" | "UNKNOWN";
  readonly message: string;
  readonly occurredAt: number;
}

/** Mackerel answers a post of older values with success and drops them. */
const oldestKept = 24 * 60 * 60;

/** Metrics, check reports and graph definitions, as agents post them. */
export class MetricStore {
  readonly #database: DatabaseSync;
  readonly #now: () => number;

  /** `now` gives Unix seconds. */
  constructor(database: DatabaseSync, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  /** Keeps values of hosts that exist; a value for a time that has one replaces it, one older than 24 hours is dropped. */
  post(values: readonly HostMetricValue[]): void {
    const oldest = this.#now() - oldestKept;
    transaction(this.#database, () => {
      const insert = this.#database.prepare(
        "INSERT OR REPLACE INTO metrics (host, name, time, value) VALUES (?, ?, ?, ?)",
      );
      for (const { hostId, name, time, value } of values)
        if (time >= oldest) insert.run(hostId, name, time, value);
      const posted = this.#database.prepare(
        "INSERT OR REPLACE INTO host_posts (host, posted_at) VALUES (?, ?)",
      );
      for (const id of new Set(values.map(({ hostId }) => hostId))) posted.run(id, this.#now());
    });
  }

  /** When the host last posted a value, by the clock of the API; undefined if it never did. */
  lastPost(host: string): number | undefined {
    const row = this.#database.prepare("SELECT posted_at FROM host_posts WHERE host = ?").get(host);
    return row === undefined ? undefined : Number(row["posted_at"]);
  }

  /** As `post`, of a service. */
  postToService(service: string, values: readonly (MetricValue & { readonly name: string })[]): void {
    const oldest = this.#now() - oldestKept;
    transaction(this.#database, () => {
      const insert = this.#database.prepare(
        "INSERT OR REPLACE INTO service_metrics (service, name, time, value) VALUES (?, ?, ?, ?)",
      );
      for (const { name, time, value } of values) if (time >= oldest) insert.run(service, name, time, value);
    });
  }

  /** Values of a service from `from` to `to`, both included, oldest first. */
  serviceValues(service: string, name: string, from: number, to: number): MetricValue[] {
    const rows = this.#database
      .prepare(
        "SELECT time, value FROM service_metrics WHERE service = ? AND name = ? AND time BETWEEN ? AND ? ORDER BY time",
      )
      .all(service, name, from, to);
    return rows.map((row) => ({ time: Number(row["time"]), value: Number(row["value"]) }));
  }

  names(host: string): string[] {
    const rows = this.#database
      .prepare("SELECT DISTINCT name FROM metrics WHERE host = ? ORDER BY name")
      .all(host);
    return rows.map((row) => String(row["name"]));
  }

  /** Values from `from` to `to`, both included, oldest first. */
  values(host: string, name: string, from: number, to: number): MetricValue[] {
    const rows = this.#database
      .prepare(
        "SELECT time, value FROM metrics WHERE host = ? AND name = ? AND time BETWEEN ? AND ? ORDER BY time",
      )
      .all(host, name, from, to);
    return rows.map((row) => ({ time: Number(row["time"]), value: Number(row["value"]) }));
  }

  latest(host: string, name: string): MetricValue | undefined {
    const row = this.#database
      .prepare("SELECT time, value FROM metrics WHERE host = ? AND name = ? ORDER BY time DESC LIMIT 1")
      .get(host, name);
    return row === undefined ? undefined : { time: Number(row["time"]), value: Number(row["value"]) };
  }

  /** Keeps reports; one for a time that has one already is ignored. */
  report(reports: readonly CheckReport[]): void {
    transaction(this.#database, () => {
      const insert = this.#database.prepare(
        "INSERT OR IGNORE INTO check_reports (host, name, occurred_at, status, message) VALUES (?, ?, ?, ?, ?)",
      );
      for (const { source, name, occurredAt, status, message } of reports)
        insert.run(source.hostId, name, occurredAt, status, message);
    });
  }

  defineGraphs(definitions: readonly { readonly name: string }[]): void {
    transaction(this.#database, () => {
      const insert = this.#database.prepare(
        "INSERT OR REPLACE INTO graph_definitions (name, definition) VALUES (?, ?)",
      );
      for (const definition of definitions) insert.run(definition.name, JSON.stringify(definition));
    });
  }
}
