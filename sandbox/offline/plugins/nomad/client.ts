import { request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import type { Properties, Value } from "../../../../providers/engine/values.ts";

export interface NomadClientOptions {
  readonly address: string;
  readonly region?: string | undefined;
  readonly token?: string | undefined;
  /** CA, client certificate and its key in PEM. */
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** The name the server's certificate has to be for, when it is not the address. */
  readonly serverName?: string | undefined;
  readonly skipVerify: boolean;
  /** `user:password`. */
  readonly basicAuth?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** An answer that is not a success, in the words of Nomad's own client. */
class NomadError extends Error {
  readonly status: number;

  constructor(status: number, body: string) {
    super(`Unexpected response code: ${status} (${body.trim()})`);
    this.status = status;
  }
}

/** A request to Nomad's HTTP API. */
export interface NomadRequest {
  readonly body?: Value;
  readonly namespace?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Nomad's HTTP API with the provider's credentials. Requests are not retried, as the official plugin's are not. */
export class NomadClient {
  readonly #options: NomadClientOptions;

  constructor(options: NomadClientOptions) {
    this.#options = options;
  }

  /** The parsed answer; an empty one is `{}`. Throws `NomadError` for every status but 2xx. */
  async request(method: string, path: string, request: NomadRequest = {}): Promise<Properties> {
    const { status, body } = await this.#send(method, path, request);
    if (status < 200 || status > 299) throw new NomadError(status, body);
    return body === "" ? {} : ((JSON.parse(body) ?? {}) as Properties);
  }

  /** Like `request` with GET, but undefined when there is no such thing. */
  async find(path: string, request: NomadRequest = {}): Promise<Properties | undefined> {
    try {
      return await this.request("GET", path, request);
    } catch (error) {
      if (error instanceof NomadError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Deletes; what is not there counts as deleted. */
  async remove(path: string, request: NomadRequest = {}): Promise<void> {
    try {
      await this.request("DELETE", path, request);
    } catch (error) {
      if (!(error instanceof NomadError && error.status === 404)) throw error;
    }
  }

  #send(method: string, path: string, request: NomadRequest): Promise<{ status: number; body: string }> {
    const { address, region, token, basicAuth, headers, ca, cert, key, serverName, skipVerify } =
      this.#options;
    const url = new URL(path, address);
    for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
    if (region !== undefined) url.searchParams.set("region", region);
    if (request.namespace !== undefined) url.searchParams.set("namespace", request.namespace);
    const payload = request.body === undefined ? undefined : JSON.stringify(request.body);
    const options = {
      method,
      headers: { ...headers, ...(token === undefined ? {} : { "X-Nomad-Token": token }) },
      ...(basicAuth === undefined ? {} : { auth: basicAuth }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    };
    const tls = {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(serverName === undefined ? {} : { servername: serverName }),
      rejectUnauthorized: !skipVerify,
    };
    return new Promise((resolve, reject) => {
      const fail = (error: Error) =>
        reject(new Error(`${method} ${url.href}: ${error.message}`, { cause: error }));
      const sent =
        url.protocol === "https:" ? tlsRequest(url, { ...options, ...tls }) : plainRequest(url, options);
      sent.on("error", fail).on("response", (response) => {
        const chunks: Buffer[] = [];
        response
          .on("data", (chunk: Buffer) => chunks.push(chunk))
          .on("error", fail)
          .on("end", () =>
            resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") }),
          );
      });
      sent.end(payload);
    });
  }
}
