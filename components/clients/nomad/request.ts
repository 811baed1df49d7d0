import http from "node:http";
import https from "node:https";

/** An answer of Nomad's HTTP API other than 2xx. */
export class NomadApiError extends Error {
  readonly status: number;
  readonly body: string;
  constructor(method: string, url: string, status: number, body: string) {
    super(`${method} ${url} answered ${status}: ${body.trim()}`);
    this.status = status;
    this.body = body;
  }
}

export interface NomadClientOptions {
  /** For example `https://192.0.2.10:4646`. */
  readonly address: string;
  /** PEM of the authority that signed the API's certificate; unused by an `http` address. */
  readonly caCertificate: string;
  /** Name that the certificate must have. Default: the address's host. */
  readonly serverName?: string;
  /** Secret of an ACL token; without one only the status endpoints answer. */
  readonly token?: string;
  /** Longest silence while waiting for an answer, in milliseconds. Default 10,000. */
  readonly timeout?: number;
}

export interface NomadAnswer {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** One call of Nomad's HTTP API. Rejects with a {@link NomadApiError} on any answer other than 2xx. */
export function nomadRequest(
  { address, caCertificate, serverName, token, timeout = 10_000 }: NomadClientOptions,
  method: string,
  path: string,
  content?: object,
): Promise<NomadAnswer> {
  const url = new URL(path, address);
  const protocol = url.protocol === "http:" ? http : https;
  return new Promise((resolve, reject) => {
    const request = protocol.request(
      url,
      {
        method,
        ca: caCertificate,
        agent: false,
        timeout,
        ...(serverName !== undefined && { servername: serverName }),
        headers: {
          ...(token && { "X-Nomad-Token": token }),
          ...(content && { "Content-Type": "application/json" }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const body = Buffer.concat(chunks);
          const status = response.statusCode ?? 0;
          if (status < 200 || status > 299)
            reject(new NomadApiError(method, url.href, status, body.toString("utf8")));
          else resolve({ headers: response.headers, body });
        });
      },
    );
    request.on("timeout", () =>
      request.destroy(new Error(`${method} ${url.href}: no answer in ${timeout} ms`)),
    );
    request.on("error", reject);
    request.end(content && JSON.stringify(content));
  });
}
