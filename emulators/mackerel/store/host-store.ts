import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { notFound, notImplemented } from "../api-error.ts";
import { hostOf } from "./host.ts";
import type { Host, HostDescription, HostFilter, HostStatus, Role } from "./host.ts";
import { newId } from "./new-id.ts";
import { transaction } from "./schema.ts";

/** Hosts of the organization and the roles they have. */
export class HostStore {
  readonly #database: DatabaseSync;
  readonly #now: () => number;

  /** `now` gives Unix seconds. */
  constructor(database: DatabaseSync, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  /** Registers a host, with status `working`, and returns its new id. */
  create(description: HostDescription): string {
    const identifier = description.customIdentifier ? description.customIdentifier : null;
    if (identifier !== null && this.#holderOf(identifier) !== undefined)
      throw notImplemented("registering a second host with a custom identifier that is taken");
    const id = newId();
    transaction(this.#database, () => {
      this.#database
        .prepare(
          `INSERT INTO hosts (id, name, display_name, custom_identifier, memo, meta, interfaces, checks, status, created_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'working', ?)`,
        )
        .run(
          id,
          description.name,
          description.displayName ?? null,
          identifier,
          description.memo ?? "",
          JSON.stringify(description.meta),
          JSON.stringify(description.interfaces ?? []),
          JSON.stringify(description.checks ?? []),
          this.#now(),
        );
      this.#addRoles(id, description.roles);
    });
    return id;
  }

  /** The host, retired or not. */
  get(id: string): Host {
    const row = this.#database.prepare("SELECT * FROM hosts WHERE id = ?").get(id);
    if (row === undefined) throw notFound("Host");
    return this.#host(row);
  }

  /** Hosts that are not retired, oldest first. Roles without a service are ignored, as Mackerel does. */
  find(filter: HostFilter): Host[] {
    const rows = this.#database
      .prepare("SELECT * FROM hosts WHERE retired_at IS NULL ORDER BY created_at, rowid")
      .all();
    return rows
      .map((row) => this.#host(row))
      .filter((host) => filter.statuses.includes(host.status))
      .filter((host) => filter.name === undefined || host.name === filter.name)
      .filter(
        (host) => filter.customIdentifier === undefined || host.customIdentifier === filter.customIdentifier,
      )
      .filter((host) => {
        if (filter.service === undefined) return true;
        const roles = host.roles[filter.service];
        return (
          roles !== undefined &&
          (filter.roles.length === 0 || roles.some((role) => filter.roles.includes(role)))
        );
      });
  }

  /** Takes a new description. Roles are added to those that the host has: Mackerel takes none away here. */
  update(id: string, description: HostDescription): void {
    const host = this.writable(id);
    const identifier =
      description.customIdentifier === undefined
        ? (host.customIdentifier ?? null)
        : description.customIdentifier || null;
    const holder = identifier === null ? undefined : this.#holderOf(identifier);
    if (holder !== undefined && holder !== id)
      throw notImplemented("giving a host a custom identifier that another host has");
    transaction(this.#database, () => {
      this.#database
        .prepare(
          `UPDATE hosts SET name = ?, display_name = ?, custom_identifier = ?, memo = ?, meta = ?, interfaces = ?, checks = ?
           WHERE id = ?`,
        )
        .run(
          description.name,
          description.displayName ?? host.displayName ?? null,
          identifier,
          description.memo ?? host.memo,
          JSON.stringify(description.meta),
          JSON.stringify(description.interfaces ?? host.interfaces),
          JSON.stringify(description.checks ?? []),
          id,
        );
      this.#addRoles(id, description.roles);
    });
  }

  setStatus(id: string, status: HostStatus): void {
    this.writable(id);
    this.#database.prepare("UPDATE hosts SET status = ? WHERE id = ?").run(status, id);
  }

  /** Gives the host these roles and no others. */
  replaceRoles(id: string, roles: readonly Role[]): void {
    this.writable(id);
    transaction(this.#database, () => {
      this.#database.prepare("DELETE FROM host_roles WHERE host = ?").run(id);
      this.#addRoles(id, roles);
    });
  }

  /** Keeps a JSON value under a namespace of the host, in place of the one before. */
  putMetadata(id: string, namespace: string, value: unknown): void {
    this.writable(id);
    this.#database
      .prepare(
        "INSERT OR REPLACE INTO host_metadata (host, namespace, value, updated_at) VALUES (?, ?, ?, ?)",
      )
      .run(id, namespace, JSON.stringify(value), this.#now());
  }

  /** The value under a namespace of the host, or undefined for none. */
  metadata(id: string, namespace: string): { value: unknown; updatedAt: number } | undefined {
    const row = this.#database
      .prepare("SELECT value, updated_at FROM host_metadata WHERE host = ? AND namespace = ?")
      .get(this.get(id).id, namespace);
    if (row === undefined) return undefined;
    return { value: JSON.parse(String(row["value"])) as unknown, updatedAt: Number(row["updated_at"]) };
  }

  metadataNamespaces(id: string): string[] {
    return this.#database
      .prepare("SELECT namespace FROM host_metadata WHERE host = ? ORDER BY namespace")
      .all(this.get(id).id)
      .map(({ namespace }) => String(namespace));
  }

  /** Retires the host for good: nothing brings it back. */
  retire(id: string): void {
    this.writable(id);
    this.#database.prepare("UPDATE hosts SET retired_at = ? WHERE id = ?").run(this.#now(), id);
  }

  /** The host, if it exists and may still change. */
  writable(id: string): Host {
    const host = this.get(id);
    if (host.isRetired) throw notImplemented("changing a retired host");
    return host;
  }

  /** Makes a service that no host has named yet. */
  createService(name: string, memo: string): void {
    this.#database.prepare("INSERT INTO services (name, memo) VALUES (?, ?)").run(name, memo);
  }

  /** Services with the names of their roles, both in order of name. */
  services(): Map<string, string[]> {
    const services = new Map<string, string[]>();
    for (const row of this.#database.prepare("SELECT name FROM services ORDER BY name").all())
      services.set(String(row["name"]), []);
    for (const row of this.#database
      .prepare("SELECT service, role FROM roles ORDER BY service, role")
      .all()) {
      const service = String(row["service"]);
      services.set(service, [...(services.get(service) ?? []), String(row["role"])]);
    }
    return new Map([...services].sort(([left], [right]) => (left < right ? -1 : 1)));
  }

  #holderOf(customIdentifier: string): string | undefined {
    const row = this.#database
      .prepare("SELECT id FROM hosts WHERE custom_identifier = ?")
      .get(customIdentifier);
    return row === undefined ? undefined : String(row["id"]);
  }

  #addRoles(host: string, roles: readonly Role[]): void {
    const known = this.#database.prepare("INSERT OR IGNORE INTO roles (service, role) VALUES (?, ?)");
    const held = this.#database.prepare(
      "INSERT OR IGNORE INTO host_roles (host, service, role) VALUES (?, ?, ?)",
    );
    for (const { service, role } of roles) {
      known.run(service, role);
      held.run(host, service, role);
    }
  }

  #host(row: Record<string, SQLOutputValue>): Host {
    const held = this.#database
      .prepare("SELECT service, role FROM host_roles WHERE host = ? ORDER BY service, role")
      .all(String(row["id"]));
    return hostOf(row, held);
  }
}
