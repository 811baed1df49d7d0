import { apiRequest } from "../request.ts";
import type { ApiResponse } from "../request.ts";

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

/** One call of Nomad's HTTP API, tried once: whoever asks a cluster turns to the next server. */
export function nomadRequest(
  { address, token, ...options }: NomadClientOptions,
  method: string,
  path: string,
  content?: object,
): Promise<ApiResponse> {
  return apiRequest({
    ...options,
    method,
    url: new URL(path, address),
    ...(token && { headers: { "X-Nomad-Token": token } }),
    ...(content && { content }),
  });
}
