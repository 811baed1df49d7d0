import { ApiError, apiRequest, jsonOf } from "../request.ts";
import type { ApiResponse } from "../request.ts";

export interface DigitalOceanClientOptions {
  /** For example `https://api.digitalocean.com`. */
  readonly endpoint: string;
  /** Undefined if the program cannot know it. */
  readonly token: string | undefined;
}

/** The longest pages that the API gives. */
const itemsPerPage = 200;

interface Page {
  readonly links?: { readonly pages?: { readonly next?: string } };
}

/** The calls of DigitalOcean's API that Pulumi's provider does not make. */
export class DigitalOceanClient {
  readonly #options: DigitalOceanClientOptions;

  constructor(options: DigitalOceanClientOptions) {
    this.#options = options;
  }

  /** False if the program cannot know the account's token; then every call fails. */
  get hasToken(): boolean {
    return this.#options.token !== undefined;
  }

  /** Begins to delete the droplet. One that is gone is no error. */
  async deleteDroplet(id: string): Promise<void> {
    await unlessMissing(this.#send("DELETE", `/v2/droplets/${id}`));
  }

  /** Begins to ask the droplet to shut down, which it may not follow. One that is off already is no error. */
  async shutDownDroplet(id: string): Promise<void> {
    await this.#send("POST", `/v2/droplets/${id}/actions`, { type: "shutdown" });
  }

  /** Begins to power the droplet off, as if its power were cut. */
  async powerOffDroplet(id: string): Promise<void> {
    await this.#send("POST", `/v2/droplets/${id}/actions`, { type: "power_off" });
  }

  /** Begins to power the droplet on. */
  async powerOnDroplet(id: string): Promise<void> {
    await this.#send("POST", `/v2/droplets/${id}/actions`, { type: "power_on" });
  }

  /** Gives the droplet a tag, which is made if there is none. */
  async tagDroplet(id: string, tag: string): Promise<void> {
    await this.#send("POST", "/v2/tags", { name: tag });
    const resources = [{ resource_id: id, resource_type: "droplet" }];
    await this.#send("POST", `/v2/tags/${encodeURIComponent(tag)}/resources`, { resources });
  }

  /** The answer to a GET; undefined if there is no such thing. */
  async find<Answer>(path: string): Promise<Answer | undefined> {
    const response = await unlessMissing(this.#send("GET", path));
    return response && jsonOf<Answer>(response);
  }

  /** All items of a list, page by page, from the answers' property `key`. */
  async list<Item>(path: string, key: string): Promise<Item[]> {
    const items: Item[] = [];
    for (let page = 1; ; page += 1) {
      const url = `${path}${path.includes("?") ? "&" : "?"}page=${page}&per_page=${itemsPerPage}`;
      const answer = jsonOf<Page & Readonly<Record<string, Item[]>>>(await this.#send("GET", url));
      items.push(...(answer[key] ?? []));
      if (answer.links?.pages?.next === undefined) return items;
    }
  }

  /** Every call may be made twice. */
  async #send(method: string, path: string, content?: object): Promise<ApiResponse> {
    const { endpoint, token } = this.#options;
    if (token === undefined)
      throw new Error(
        "the program knows no token of DigitalOcean: set digitalocean:token or DIGITALOCEAN_TOKEN",
      );
    return apiRequest({
      ...{ method, url: new URL(path, endpoint), timeout: 30_000, attempts: 3 },
      headers: { authorization: `Bearer ${token}` },
      ...(content && { content }),
    });
  }
}

async function unlessMissing(response: Promise<ApiResponse>): Promise<ApiResponse | undefined> {
  try {
    return await response;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}
