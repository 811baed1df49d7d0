import { badRequest, notImplemented } from "../api-error.ts";

/** The query of a request; a parameter may come more than once. */
export class Query {
  readonly #parameters: URLSearchParams;

  /** `known` are the parameters that the request may have; any other is refused. */
  constructor(url: string, known: readonly string[]) {
    this.#parameters = new URL(url, "http://localhost").searchParams;
    for (const name of this.#parameters.keys())
      if (!known.includes(name)) throw notImplemented(`the query parameter "${name}" of this call`);
  }

  all(name: string): string[] {
    return this.#parameters.getAll(name);
  }

  one(name: string): string | undefined {
    return this.#parameters.get(name) ?? undefined;
  }

  required(name: string): string {
    const value = this.one(name);
    if (value === undefined || value === "") throw badRequest(`The query parameter "${name}" is required.`);
    return value;
  }

  /** A whole number of Unix seconds. */
  time(name: string): number {
    const value = this.required(name);
    if (!/^\d+$/.test(value))
      throw badRequest(`The query parameter "${name}" must be a Unix time, not "${value}".`);
    return Number(value);
  }
}
