import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { createTables, transaction } from "./schema.ts";

/** A key of the organization. Every Mackerel key reads; only one with `writes` registers hosts and posts metrics. */
export interface ApiKey {
  readonly key: string;
  readonly writes: boolean;
}

const hashed = (key: string): string => createHash("sha256").update(key).digest("hex");

/**
 * Replaces the keys that the API at `databaseFile` accepts, as its owner would on Mackerel's own pages.
 * A running API takes the change with its next request.
 */
export function setApiKeys(databaseFile: string, keys: readonly ApiKey[]): void {
  const database = new DatabaseSync(databaseFile);
  try {
    createTables(database);
    replaceApiKeys(database, keys);
  } finally {
    database.close();
  }
}

/** As `setApiKeys`, on an open database. */
export function replaceApiKeys(database: DatabaseSync, keys: readonly ApiKey[]): void {
  transaction(database, () => {
    database.exec("DELETE FROM api_keys");
    const insert = database.prepare("INSERT INTO api_keys (hash, writes) VALUES (?, ?)");
    for (const { key, writes } of keys) insert.run(hashed(key), writes ? 1 : 0);
  });
}

/** What the holder of `key` may do, or undefined for a key that nobody has. */
export function permission(database: DatabaseSync, key: string): "read" | "write" | undefined {
  const row = database.prepare("SELECT writes FROM api_keys WHERE hash = ?").get(hashed(key));
  if (row === undefined) return undefined;
  return row["writes"] === 1 ? "write" : "read";
}
