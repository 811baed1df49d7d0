import { setTimeout as sleep } from "node:timers/promises";
import type { Properties, Value } from "../../../../providers/engine/values.ts";
import { isMap, text } from "../../../../providers/engine/values.ts";

export interface ClientOptions {
  readonly endpoint: string;
  readonly token: string;
  /** Retries after 429, 5xx and lost connections. */
  readonly retries: number;
  /** Seconds to wait before a retry: doubled from `waitMin` up to `waitMax`, unless the answer says. */
  readonly waitMin: number;
  readonly waitMax: number;
}

/** An answer that is not a success. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const isTransient = (status: number) => status === 429 || (status >= 500 && status !== 501);

/** DigitalOcean's API as the official provider uses it: authorized, retried, paged. */
export class DigitalOceanClient {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** The body of the answer; an empty one is `{}`. Throws `ApiError` with method, path and the API's own words. */
  async request(method: string, path: string, body?: Properties): Promise<Properties> {
    const response = await this.#send(method, path, body);
    const answer = await response.text();
    if (response.ok) return answer === "" ? {} : (JSON.parse(answer) as Properties);
    throw new ApiError(response.status, `${method} ${path}: ${response.status} ${reason(answer)}`);
  }

  /** Like `request` with GET, but undefined when there is no such thing. */
  async find(path: string): Promise<Properties | undefined> {
    try {
      return await this.request("GET", path);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Deletes; what is not there counts as deleted. */
  async remove(path: string): Promise<void> {
    try {
      await this.request("DELETE", path);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    }
  }

  /** All items of a list, page by page. */
  async list(path: string, key: string): Promise<Properties[]> {
    const items: Properties[] = [];
    for (let page = 1; ; page++) {
      const answer = await this.request(
        "GET",
        `${path}${path.includes("?") ? "&" : "?"}page=${page}&per_page=200`,
      );
      items.push(...((answer[key] ?? []) as Properties[]));
      const pages = isMap(answer["links"]) ? answer["links"]["pages"] : undefined;
      if (!isMap(pages) || pages["next"] === undefined) return items;
    }
  }

  async #send(method: string, path: string, body: Properties | undefined): Promise<Response> {
    const { endpoint, token, retries, waitMin, waitMax } = this.#options;
    const request: RequestInit = {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    for (let attempt = 0; ; attempt++) {
      const last = attempt >= retries;
      let wait = Math.min(waitMin * 2 ** attempt, waitMax);
      try {
        const response = await fetch(new URL(path, endpoint), request);
        if (last || !isTransient(response.status)) return response;
        wait = Number(response.headers.get("retry-after") ?? wait);
        await response.body?.cancel();
      } catch (error) {
        if (last) throw new Error(`${method} ${path}: ${endpoint} does not answer`, { cause: error });
      }
      await sleep(wait * 1000);
    }
  }
}

function reason(answer: string): string {
  try {
    const body = JSON.parse(answer) as Properties;
    return text(body["message"]) || answer;
  } catch {
    // Not the API's JSON, such as a proxy's page: shown as it is.
    return answer;
  }
}

/** The part of an answer that holds the resource, such as `droplet`. */
export function part(answer: Properties, key: string): Properties {
  const value: Value = answer[key];
  if (!isMap(value)) throw new Error(`the API's answer has no ${key}`);
  return value;
}
