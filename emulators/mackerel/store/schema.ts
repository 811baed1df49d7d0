import type { DatabaseSync } from "node:sqlite";

/** The tables, made if they are missing. Times are Unix seconds; an API key is kept only as its SHA-256. */
export function createTables(database: DatabaseSync): void {
  database.exec(`
    PRAGMA busy_timeout = 5000;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA foreign_keys = ON;
    CREATE TABLE IF NOT EXISTS api_keys (
      hash TEXT PRIMARY KEY,
      writes INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS hosts (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      display_name TEXT,
      custom_identifier TEXT UNIQUE,
      memo TEXT NOT NULL,
      meta TEXT NOT NULL,
      interfaces TEXT NOT NULL,
      checks TEXT NOT NULL,
      status TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      retired_at INTEGER
    ) STRICT;
    CREATE TABLE IF NOT EXISTS roles (
      service TEXT NOT NULL,
      role TEXT NOT NULL,
      PRIMARY KEY (service, role)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS host_roles (
      host TEXT NOT NULL REFERENCES hosts (id),
      service TEXT NOT NULL,
      role TEXT NOT NULL,
      PRIMARY KEY (host, service, role),
      FOREIGN KEY (service, role) REFERENCES roles (service, role)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS host_metadata (
      host TEXT NOT NULL REFERENCES hosts (id),
      namespace TEXT NOT NULL,
      value TEXT NOT NULL,
      updated_at INTEGER NOT NULL,
      PRIMARY KEY (host, namespace)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS metrics (
      host TEXT NOT NULL REFERENCES hosts (id),
      name TEXT NOT NULL,
      time INTEGER NOT NULL,
      value REAL NOT NULL,
      PRIMARY KEY (host, name, time)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS check_reports (
      host TEXT NOT NULL REFERENCES hosts (id),
      name TEXT NOT NULL,
      occurred_at INTEGER NOT NULL,
      status TEXT NOT NULL,
      message TEXT NOT NULL,
      PRIMARY KEY (host, name, occurred_at)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS graph_definitions (
      name TEXT PRIMARY KEY,
      definition TEXT NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS host_posts (
      host TEXT PRIMARY KEY REFERENCES hosts (id),
      posted_at INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS services (
      name TEXT PRIMARY KEY,
      memo TEXT NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS service_metrics (
      service TEXT NOT NULL,
      name TEXT NOT NULL,
      time INTEGER NOT NULL,
      value REAL NOT NULL,
      PRIMARY KEY (service, name, time)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS documents (
      kind TEXT NOT NULL,
      id TEXT NOT NULL,
      body TEXT NOT NULL,
      PRIMARY KEY (kind, id)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS check_attempts (
      monitor TEXT NOT NULL,
      target TEXT NOT NULL,
      attempts INTEGER NOT NULL,
      PRIMARY KEY (monitor, target)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS alerts (
      id TEXT PRIMARY KEY,
      monitor TEXT NOT NULL,
      target TEXT NOT NULL,
      body TEXT NOT NULL,
      opened_at INTEGER NOT NULL,
      closed_at INTEGER
    ) STRICT;
    CREATE TABLE IF NOT EXISTS notifications (
      number INTEGER PRIMARY KEY,
      body TEXT NOT NULL
    ) STRICT;
  `);
}

/** Runs `action` as one transaction: all of its writes or, if it throws, none. */
export function transaction<T>(database: DatabaseSync, action: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = action();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}
