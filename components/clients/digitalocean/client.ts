import { ApiError, apiRequest } from "../request.ts";

export interface DigitalOceanClientOptions {
  /** For example `https://api.digitalocean.com`. */
  readonly endpoint: string;
  /** Undefined if the program cannot know it. */
  readonly token: string | undefined;
}

/** The calls of DigitalOcean's API that Pulumi's provider does not make. */
export class DigitalOceanClient {
  readonly #options: DigitalOceanClientOptions;

  constructor(options: DigitalOceanClientOptions) {
    this.#options = options;
  }

  /** Begins to delete the droplet. One that is gone is no error. */
  async deleteDroplet(id: string): Promise<void> {
    const { endpoint, token } = this.#options;
    if (token === undefined)
      throw new Error(
        "the program knows no token of DigitalOcean: set digitalocean:token or DIGITALOCEAN_TOKEN",
      );
    try {
      await apiRequest({
        method: "DELETE",
        url: new URL(`/v2/droplets/${id}`, endpoint),
        headers: { authorization: `Bearer ${token}` },
        timeout: 30_000,
        attempts: 3,
      });
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    }
  }
}
