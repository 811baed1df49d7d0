import https from "node:https";

/** An answer of Nomad's HTTP API other than 2xx. */
export class NomadApiError extends Error {
  readonly status: number;
  constructor(method: string, url: string, status: number, body: string) {
    super(`${method} ${url} answered ${status}: ${body.trim()}`);
    this.status = status;
  }
}

export interface NomadClientOptions {
  /** For example `https://192.0.2.10:4646`. */
  readonly address: string;
  /** PEM of the authority that signed the API's certificate. */
  readonly caCertificate: string;
  /** Secret of an ACL token; without one only the status endpoints answer. */
  readonly token?: string;
  /** Longest wait for one answer, in milliseconds. Default 10,000. */
  readonly timeout?: number;
}

/** A node as `GET /v1/nodes` lists it. */
export interface NodeListEntry {
  readonly ID: string;
  readonly Name: string;
  readonly Status: string;
}

/** The calls of Nomad's HTTP API that this project makes itself; all else goes through the Nomad provider. */
export class NomadClient {
  readonly #options: NomadClientOptions;

  constructor(options: NomadClientOptions) {
    this.#options = options;
  }

  /** Address of the leader, or an empty text while there is none. Needs no token. */
  leader(): Promise<string> {
    return this.#request<string>("GET", "/v1/status/leader");
  }

  /** Addresses of the servers in the Raft peer set. Needs no token. */
  peers(): Promise<string[]> {
    return this.#request<string[]>("GET", "/v1/status/peers");
  }

  nodes(): Promise<NodeListEntry[]> {
    return this.#request<NodeListEntry[]>("GET", "/v1/nodes");
  }

  /** True if Nomad knows the client's token. */
  async tokenIsKnown(): Promise<boolean> {
    try {
      await this.#request("GET", "/v1/acl/token/self");
      return true;
    } catch (error) {
      if (error instanceof NomadApiError && error.status === 403) return false;
      throw error;
    }
  }

  /** Makes `secret`, a UUID, the management token. Fails with status 400 once any token was bootstrapped. */
  async bootstrapAcl(secret: string): Promise<void> {
    await this.#request("POST", "/v1/acl/bootstrap", { BootstrapSecret: secret });
  }

  #request<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const { address, caCertificate, token, timeout = 10_000 } = this.#options;
    const url = new URL(path, address);
    return new Promise((resolve, reject) => {
      const request = https.request(
        url,
        {
          method,
          ca: caCertificate,
          agent: false,
          timeout,
          headers: {
            ...(token && { "X-Nomad-Token": token }),
            ...(body && { "Content-Type": "application/json" }),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () => {
            const text = Buffer.concat(chunks).toString("utf8");
            const status = response.statusCode ?? 0;
            if (status < 200 || status > 299) reject(new NomadApiError(method, url.href, status, text));
            else resolve((text === "" ? undefined : JSON.parse(text)) as Answer);
          });
        },
      );
      request.on("timeout", () =>
        request.destroy(new Error(`${method} ${url.href}: no answer in ${timeout} ms`)),
      );
      request.on("error", reject);
      request.end(body && JSON.stringify(body));
    });
  }
}
