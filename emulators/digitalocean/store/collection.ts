import type { DatabaseSync } from "node:sqlite";

/** One table of entities, each kept as JSON under its `id`, listed in the order they were made. */
export class Collection<Entity extends { readonly id: string | number }> {
  readonly #database: DatabaseSync;
  readonly #table: string;

  constructor(database: DatabaseSync, table: string) {
    this.#database = database;
    this.#table = table;
    database.exec(
      `create table if not exists ${table} (position integer primary key autoincrement, id text unique not null, body text not null)`,
    );
  }

  get(id: Entity["id"]): Entity | undefined {
    const row = this.#database.prepare(`select body from ${this.#table} where id = ?`).get(String(id));
    return row === undefined ? undefined : this.#parse(row["body"]);
  }

  list(): Entity[] {
    const rows = this.#database.prepare(`select body from ${this.#table} order by position`).all();
    return rows.map((row) => this.#parse(row["body"]));
  }

  /** Those whose top-level `field` is `value`. */
  where<Field extends string & keyof Entity>(
    field: Field,
    value: Entity[Field] & (string | number),
  ): Entity[] {
    const rows = this.#database
      .prepare(`select body from ${this.#table} where json_extract(body, ?) = ? order by position`)
      .all(`$.${field}`, value);
    return rows.map((row) => this.#parse(row["body"]));
  }

  /** Adds the entity, or replaces the one with the same id. */
  put(entity: Entity): void {
    this.#database
      .prepare(
        `insert into ${this.#table} (id, body) values (?, ?) on conflict (id) do update set body = excluded.body`,
      )
      .run(String(entity.id), JSON.stringify(entity));
  }

  delete(id: Entity["id"]): void {
    this.#database.prepare(`delete from ${this.#table} where id = ?`).run(String(id));
  }

  clear(): void {
    this.#database.exec(`delete from ${this.#table}`);
  }

  #parse(body: unknown): Entity {
    return JSON.parse(String(body)) as Entity;
  }
}
