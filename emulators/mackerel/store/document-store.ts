import type { DatabaseSync } from "node:sqlite";
import { notFound } from "../api-error.ts";
import { newId } from "./new-id.ts";

/** What is kept of one kind of settings: whole JSON objects under an id, as the API takes and gives them. */
export class DocumentStore<Document extends object> {
  readonly #database: DatabaseSync;
  readonly #kind: string;

  /** `kind` is what an answer calls one that is not there, such as `Monitor`. */
  constructor(database: DatabaseSync, kind: string) {
    this.#database = database;
    this.#kind = kind;
  }

  create(body: Document): Document & { readonly id: string } {
    const id = newId();
    this.#database
      .prepare("INSERT INTO documents (kind, id, body) VALUES (?, ?, ?)")
      .run(this.#kind, id, JSON.stringify(body));
    return { id, ...body };
  }

  /** Oldest first. */
  list(): (Document & { readonly id: string })[] {
    return this.#database
      .prepare("SELECT id, body FROM documents WHERE kind = ? ORDER BY rowid")
      .all(this.#kind)
      .map(({ id, body }) => ({ id: String(id), ...(JSON.parse(String(body)) as Document) }));
  }

  has(id: string): boolean {
    return this.list().some((document) => document.id === id);
  }

  get(id: string): Document & { readonly id: string } {
    const found = this.list().find((document) => document.id === id);
    if (found === undefined) throw notFound(this.#kind);
    return found;
  }

  replace(id: string, body: Document): Document & { readonly id: string } {
    this.get(id);
    this.#database
      .prepare("UPDATE documents SET body = ? WHERE kind = ? AND id = ?")
      .run(JSON.stringify(body), this.#kind, id);
    return { id, ...body };
  }

  delete(id: string): Document & { readonly id: string } {
    const deleted = this.get(id);
    this.#database.prepare("DELETE FROM documents WHERE kind = ? AND id = ?").run(this.#kind, id);
    return deleted;
  }
}
