import { badRequest, notEmulated, unprocessable } from "./errors.ts";

/** Reads a request's JSON body field by field; what does not fit is refused with 422 and the field's name. */
export class Fields {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #path: string;

  constructor(body: unknown, path = "") {
    if (typeof body !== "object" || body === null || Array.isArray(body)) {
      throw badRequest(path ? `${path} must be an object` : "The request body must be a JSON object");
    }
    this.#values = body as Readonly<Record<string, unknown>>;
    this.#path = path;
  }

  name(key: string): string {
    return this.#path ? `${this.#path}.${key}` : key;
  }

  raw(key: string): unknown {
    return this.#values[key] ?? undefined;
  }

  optionalString(key: string): string | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (typeof value !== "string") throw unprocessable(`${this.name(key)} must be a string`);
    return value;
  }

  string(key: string): string {
    const value = this.optionalString(key);
    if (value === undefined || value === "") throw unprocessable(`${this.name(key)} is required`);
    return value;
  }

  optionalInteger(key: string): number | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (!Number.isSafeInteger(value)) throw unprocessable(`${this.name(key)} must be an integer`);
    return value as number;
  }

  integer(key: string): number {
    const value = this.optionalInteger(key);
    if (value === undefined) throw unprocessable(`${this.name(key)} is required`);
    return value;
  }

  boolean(key: string): boolean | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (typeof value !== "boolean") throw unprocessable(`${this.name(key)} must be a boolean`);
    return value;
  }

  /** Absent and null count as an empty list. */
  list(key: string): readonly unknown[] {
    const value = this.raw(key) ?? [];
    if (!Array.isArray(value)) throw unprocessable(`${this.name(key)} must be an array`);
    return value;
  }

  strings(key: string): string[] {
    return this.list(key).map((value) => {
      if (typeof value !== "string") throw unprocessable(`${this.name(key)} must be an array of strings`);
      return value;
    });
  }

  integers(key: string): number[] {
    return this.list(key).map((value) => {
      if (!Number.isSafeInteger(value)) throw unprocessable(`${this.name(key)} must be an array of integers`);
      return value as number;
    });
  }

  /** Refuses with 501 every field that is set and not named here: better than to ignore what the caller asked for. */
  onlyEmulated(known: readonly string[]): void {
    for (const [key, value] of Object.entries(this.#values)) {
      const unset = value === undefined || value === null || value === false || value === "";
      const empty = Array.isArray(value) && value.length === 0;
      if (!known.includes(key) && !unset && !empty) throw notEmulated(`the field ${this.name(key)}`);
    }
  }
}
