import http from "node:http";
import https from "node:https";

/** An API's answer other than 2xx. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: string;
  constructor(method: string, url: string, status: number, body: string) {
    super(`${method} ${url} answered ${status}: ${body.trim()}`);
    this.status = status;
    this.body = body;
  }
}

/** Nothing came back, not even a refusal. */
export class NoAnswerError extends Error {}

export interface ApiRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly content?: object;
  /** PEM of the one authority that is trusted. Default: those that Node trusts. */
  readonly caCertificate?: string;
  /** Name that the certificate must have. Default: the URL's host. */
  readonly serverName?: string;
  /** Longest silence while waiting for an answer, in milliseconds. Default 10,000. */
  readonly timeout?: number;
  /** How often it is tried while nothing, 429 or 5xx is answered. Default 1; only for calls that may be made twice. */
  readonly attempts?: number;
}

export interface ApiResponse {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Before the second attempt, and twice as long before each further one. */
const retryDelay = 1_000;

/**
 * One call of an HTTP API, through the proxy that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` name. Rejects with an
 * {@link ApiError} on any answer other than 2xx.
 */
export async function apiRequest(request: ApiRequest): Promise<ApiResponse> {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await send(request);
    } catch (error) {
      const isFinal = error instanceof ApiError && error.status !== 429 && error.status < 500;
      if (isFinal || attempt >= (request.attempts ?? 1)) throw error;
      await new Promise((resolve) => setTimeout(resolve, retryDelay * 2 ** (attempt - 1)));
    }
}

/** The JSON of an answer; undefined if it is empty. */
export function jsonOf<Value>({ body }: ApiResponse): Value {
  const text = body.toString("utf8");
  return (text === "" ? undefined : JSON.parse(text)) as Value;
}

// Node's own agents know proxies too, and are loaded with Pulumi; the package undici takes 130 ms of processor time to load,
// Node's fetch goes through no proxy and takes no authority of its own (measured, Node 24.21).
const agentOptions: https.AgentOptions = { proxyEnv: process.env, keepAlive: false, maxCachedSessions: 0 };
const agents = { http: new http.Agent(agentOptions), https: new https.Agent(agentOptions) };

function send(request: ApiRequest): Promise<ApiResponse> {
  const { method, url, headers, content, caCertificate, serverName, timeout = 10_000 } = request;
  const [protocol, agent] = url.protocol === "http:" ? [http, agents.http] : [https, agents.https];
  return new Promise((resolve, reject) => {
    const sent = protocol.request(
      url,
      {
        ...{ method, agent, timeout },
        ...(caCertificate !== undefined && { ca: caCertificate }),
        ...(serverName !== undefined && { servername: serverName }),
        headers: { ...headers, ...(content && { "Content-Type": "application/json" }) },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const body = Buffer.concat(chunks);
          const status = response.statusCode ?? 0;
          if (status >= 200 && status <= 299) resolve({ headers: response.headers, body });
          else reject(new ApiError(method, url.href, status, body.toString("utf8")));
        });
      },
    );
    sent.on("timeout", () =>
      sent.destroy(new NoAnswerError(`${method} ${url.href}: no answer in ${timeout} ms`)),
    );
    sent.on("error", (error) => reject(withMessage(error)));
    sent.end(content && JSON.stringify(content));
  });
}

/** A host with several addresses, none of which answers, is an error without a message. */
function withMessage(error: Error): Error {
  if (!(error instanceof AggregateError) || error.message !== "") return error;
  const messages = error.errors.map((one) => (one instanceof Error ? one.message : String(one)));
  return new Error(messages.join("; "), { cause: error });
}
