import { ApiError, apiRequest, jsonOf } from "../request.ts";
import type { ApiResponse } from "../request.ts";

export interface MackerelClientOptions {
  /** For example `https://api.mackerelio.com`. */
  readonly url: string;
  readonly apiKey: string;
  /** Longest silence while waiting for an answer, in milliseconds. Default 10,000. */
  readonly timeout?: number;
}

/** A host as `GET /api/v0/hosts` lists it, as far as it is read here. */
export interface MackerelHost {
  readonly id: string;
  /** What its agent was told to be called. */
  readonly displayName?: string;
}

/** A downtime as the API takes it, as far as it is used here. */
export interface MackerelDowntime {
  readonly name: string;
  readonly memo: string;
  /** Unix seconds. */
  readonly start: number;
  /** Minutes. */
  readonly duration: number;
  /** Ids of the monitors. */
  readonly monitorScopes: readonly string[];
}

/** Mackerel's default leaves out hosts in maintenance and those that are off. */
const everyStatus = ["working", "standby", "maintenance", "poweroff"].map((status) => `status=${status}`);

/** The calls of Mackerel's API that a program makes itself, beside its resources. */
export class MackerelClient {
  readonly #options: MackerelClientOptions;

  constructor(options: MackerelClientOptions) {
    this.#options = options;
  }

  /** All hosts of the organization that are not retired. */
  async hosts(): Promise<MackerelHost[]> {
    const path = `/api/v0/hosts?${everyStatus.join("&")}`;
    const answer = (await this.#call("GET", path)) as { hosts?: MackerelHost[] } | null;
    if (!Array.isArray(answer?.hosts)) throw new Error(`GET ${this.#url(path)}: the answer lists no hosts`);
    return answer.hosts;
  }

  /** What the host's agent keeps there under a namespace; undefined if nothing. */
  async hostMetadata(id: string, namespace: string): Promise<unknown> {
    try {
      return await this.#call("GET", `/api/v0/hosts/${encodeURIComponent(id)}/metadata/${namespace}`);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Retires a host. Nothing brings it back, nor its metrics. Needs a key that may write. */
  async retire(id: string): Promise<void> {
    await this.#call("POST", `/api/v0/hosts/${encodeURIComponent(id)}/retire`, {});
  }

  /** Monitors of the organization, those without a name left out. */
  async monitors(): Promise<{ readonly id: string; readonly name: string }[]> {
    const { monitors } = (await this.#call("GET", "/api/v0/monitors")) as {
      monitors: { readonly id: string; readonly name?: string }[];
    };
    return monitors.flatMap(({ id, name }) => (name === undefined ? [] : [{ id, name }]));
  }

  /** Suspends monitors; resolves to the downtime's id. Needs a key that may write, as what follows. */
  async createDowntime(downtime: MackerelDowntime): Promise<string> {
    return ((await this.#call("POST", "/api/v0/downtimes", downtime)) as { id: string }).id;
  }

  async replaceDowntime(id: string, downtime: MackerelDowntime): Promise<void> {
    await this.#call("PUT", `/api/v0/downtimes/${encodeURIComponent(id)}`, downtime);
  }

  async deleteDowntime(id: string): Promise<void> {
    await this.#call("DELETE", `/api/v0/downtimes/${encodeURIComponent(id)}`);
  }

  #url(path: string): string {
    return new URL(path, this.#options.url).href;
  }

  async #call(method: string, path: string, content?: object): Promise<unknown> {
    const { apiKey, timeout } = this.#options;
    const answer = await apiRequest({
      method,
      url: new URL(this.#url(path)),
      headers: { "X-Api-Key": apiKey },
      attempts: method === "GET" ? 2 : 1,
      ...(content && { content }),
      ...(timeout !== undefined && { timeout }),
    });
    return parsed(answer, `${method} ${this.#url(path)}`);
  }
}

function parsed(answer: ApiResponse, call: string): unknown {
  try {
    return jsonOf(answer);
  } catch (error) {
    throw new Error(`${call}: the answer is not JSON`, { cause: error });
  }
}
