import { EnvHttpProxyAgent, fetch, interceptors } from "undici";
import type { RequestInit, Response } from "undici";

/** Milliseconds. */
export interface Patience {
  readonly connect: number;
  readonly headers: number;
  /** Between two pieces of a body. */
  readonly body: number;
  /** Before the first time that something is asked again; it doubles with each. */
  readonly again: number;
  /** For a host to answer at all. */
  readonly answer: number;
}

/** How the sandbox asks for something on the Internet. */
export interface Outside {
  /** GET, asked again up to three times; a download goes on where it was cut off. */
  download(url: string): Promise<Response>;
  /** Whether an HTTPS server answers at that host, asked once. No answer in time counts as no. */
  hostAnswers(host: string): Promise<boolean>;
  /** Whether the address can be downloaded from, in time. Any failure counts as no. */
  exists(url: string, seconds: number): Promise<boolean>;
}

/** By default undici gives up where a connection is slow and not cut. */
const failuresOfConnections = [
  ...[
    "ECONNRESET",
    "ECONNREFUSED",
    "ENOTFOUND",
    "ENETDOWN",
    "ENETUNREACH",
    "EHOSTDOWN",
    "EHOSTUNREACH",
    "EPIPE",
  ],
  ...["ETIMEDOUT", "EAI_AGAIN", "UND_ERR_SOCKET"],
  ...["UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"],
];

/**
 * Goes through the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name, which Node's own fetch leaves out. A lost or slow
 * connection, a 429 or a 5xx is asked again.
 */
export function outsideWith({ connect, headers, body, again, answer }: Patience): Outside {
  const direct = new EnvHttpProxyAgent({
    connect: { timeout: connect },
    headersTimeout: headers,
    bodyTimeout: body,
  });
  const retrying = direct.compose(
    interceptors.retry({ maxRetries: 3, minTimeout: again, errorCodes: failuresOfConnections }),
  );
  const head = (url: string, milliseconds: number, options: RequestInit = {}) =>
    fetch(url, { method: "HEAD", ...options, signal: AbortSignal.timeout(milliseconds), dispatcher: direct });
  const answers = new Map<string, Promise<boolean>>();
  return {
    download: (url) => fetch(url, { dispatcher: retrying }),
    hostAnswers: (host) => {
      const ask = () =>
        head(`https://${host}/`, answer, { redirect: "manual" }).then(
          () => true,
          () => false,
        );
      const known = answers.get(host) ?? ask();
      answers.set(host, known);
      return known;
    },
    exists: (url, seconds) =>
      head(url, seconds * 1000).then(
        ({ ok }) => ok,
        () => false,
      ),
  };
}

export const outside = outsideWith({
  ...{ connect: 10_000, headers: 30_000, body: 60_000 },
  ...{ again: 500, answer: 3_000 },
});
