import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { badRequest, notFound } from "../api-error.ts";
import { newId } from "../store/new-id.ts";
import type { Alert, Status } from "./settings.ts";

/** What has been told to whom; `delivered` is false where nothing is sent, and says why not. */
export interface SentNotification {
  readonly at: number;
  readonly channelId: string;
  readonly channelName: string;
  readonly channelType: string;
  readonly alertId: string;
  readonly monitorName: string;
  readonly status: Status;
  readonly delivered: boolean;
  readonly problem?: string;
}

type Content = Omit<Alert, "id" | "openedAt" | "closedAt">;

/** Alerts, how often in a row a monitor found its target wrong, and what was told of it. */
export class AlertStore {
  readonly #database: DatabaseSync;
  readonly #now: () => number;

  /** `now` gives Unix seconds. */
  constructor(database: DatabaseSync, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  /** Newest first, from the one after `nextId`. */
  list(options: { withClosed: boolean; nextId?: string | undefined; limit: number }): {
    alerts: Alert[];
    nextId?: string;
  } {
    const all = this.#database
      .prepare("SELECT * FROM alerts ORDER BY opened_at DESC, rowid DESC")
      .all()
      .map(alertOf)
      .filter(({ closedAt }) => options.withClosed || closedAt === undefined);
    const from = options.nextId === undefined ? 0 : all.findIndex(({ id }) => id === options.nextId);
    if (from < 0) throw badRequest(`There is no alert "${options.nextId}".`);
    const alerts = all.slice(from, from + options.limit);
    const next = all[from + options.limit];
    return { alerts, ...(next && { nextId: next.id }) };
  }

  get(id: string): Alert {
    const row = this.#database.prepare("SELECT * FROM alerts WHERE id = ?").get(id);
    if (row === undefined) throw notFound("Alert");
    return alertOf(row);
  }

  /** The open alert of a monitor for a host, or for what it watches by itself. */
  open(monitor: string, target: string): Alert | undefined {
    const row = this.#database
      .prepare("SELECT * FROM alerts WHERE monitor = ? AND target = ? AND closed_at IS NULL")
      .get(monitor, target);
    return row === undefined ? undefined : alertOf(row);
  }

  /** Open alerts of a monitor or of a host. */
  openOf(what: { monitor: string } | { host: string }): Alert[] {
    return this.list({ withClosed: false, limit: Infinity }).alerts.filter((alert) =>
      "monitor" in what ? alert.monitorId === what.monitor : alert.hostId === what.host,
    );
  }

  create(content: Content, target: string): Alert {
    const id = newId();
    const openedAt = this.#now();
    this.#database
      .prepare("INSERT INTO alerts (id, monitor, target, body, opened_at) VALUES (?, ?, ?, ?, ?)")
      .run(id, content.monitorId, target, JSON.stringify(content), openedAt);
    return { id, ...content, openedAt };
  }

  update(alert: Alert, change: Partial<Content>): Alert {
    const { id, openedAt, closedAt, ...content } = { ...alert, ...change };
    this.#database.prepare("UPDATE alerts SET body = ? WHERE id = ?").run(JSON.stringify(content), id);
    return { id, ...content, openedAt, ...(closedAt !== undefined && { closedAt }) };
  }

  close(alert: Alert, change: Partial<Content>): Alert {
    const closedAt = this.#now();
    this.#database.prepare("UPDATE alerts SET closed_at = ? WHERE id = ?").run(closedAt, alert.id);
    return { ...this.update(alert, { ...change, status: "OK" }), closedAt };
  }

  /** Counts one more look in a row that found the target wrong, and says how many that makes. */
  failedAgain(monitor: string, target: string): number {
    this.#database
      .prepare(
        `INSERT INTO check_attempts (monitor, target, attempts) VALUES (?, ?, 1)
         ON CONFLICT DO UPDATE SET attempts = attempts + 1`,
      )
      .run(monitor, target);
    const row = this.#database
      .prepare("SELECT attempts FROM check_attempts WHERE monitor = ? AND target = ?")
      .get(monitor, target);
    return Number(row?.["attempts"]);
  }

  forgetFailures(monitor: string, target: string): void {
    this.#database
      .prepare("DELETE FROM check_attempts WHERE monitor = ? AND target = ?")
      .run(monitor, target);
  }

  /** Takes note of a notification. */
  told(notification: SentNotification): void {
    this.#database.prepare("INSERT INTO notifications (body) VALUES (?)").run(JSON.stringify(notification));
  }

  /** Oldest first. */
  notifications(): SentNotification[] {
    return this.#database
      .prepare("SELECT body FROM notifications ORDER BY number")
      .all()
      .map(({ body }) => JSON.parse(String(body)) as SentNotification);
  }
}

function alertOf(row: Readonly<Record<string, SQLOutputValue>>): Alert {
  return {
    id: String(row["id"]),
    ...(JSON.parse(String(row["body"])) as Content),
    openedAt: Number(row["opened_at"]),
    ...(row["closed_at"] === null ? {} : { closedAt: Number(row["closed_at"]) }),
  };
}
