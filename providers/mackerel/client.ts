/** How the plugin reaches an organization at Mackerel. */
export interface ClientOptions {
  /** For example `https://api.mackerelio.com`. */
  readonly url: string;
  readonly apiKey: string;
}

/** An answer other than 2xx. */
export class MackerelError extends Error {
  readonly status: number;

  constructor(call: string, status: number, body: string) {
    super(`${call} answered ${status}: ${messageOf(body)}${advice(status)}`);
    this.status = status;
  }
}

function messageOf(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error?: string | { message?: string } };
    const message = typeof error === "string" ? error : error?.message;
    return message ?? body.trim();
  } catch {
    return body.trim();
  }
}

function advice(status: number): string {
  if (status === 401) return " (set mackerel:apiKey, or the provider's apiKey, to a valid key)";
  if (status === 403)
    return " (the key needs write permission, and to be allowed from this machine's address)";
  return "";
}

const longestWait = 30_000;
/** Before the second attempt, and twice as long before each further one. */
const retryDelay = 1_000;
const attempts = 4;

/** Calls of Mackerel's API v0. */
export class MackerelClient {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  get<Answer>(path: string, signal: AbortSignal): Promise<Answer> {
    return this.#call("GET", path, undefined, signal);
  }

  /** Not repeated where no answer came, or one of a gateway: it may have been carried out. */
  post<Answer>(path: string, body: object, signal: AbortSignal): Promise<Answer> {
    return this.#call("POST", path, body, signal);
  }

  put<Answer>(path: string, body: object, signal: AbortSignal): Promise<Answer> {
    return this.#call("PUT", path, body, signal);
  }

  /** What is gone already is deleted. */
  async delete(path: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#call("DELETE", path, undefined, signal);
    } catch (error) {
      if (!(error instanceof MackerelError) || error.status !== 404) throw error;
    }
  }

  async #call<Answer>(
    method: string,
    path: string,
    body: object | undefined,
    signal: AbortSignal,
  ): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1)
      try {
        return await this.#send<Answer>(method, path, body, signal);
      } catch (error) {
        const isRefused = error instanceof MackerelError && error.status < 500 && error.status !== 429;
        // 429 says that nothing was done.
        const mayRepeat = method !== "POST" || (error instanceof MackerelError && error.status === 429);
        if (isRefused || !mayRepeat || attempt >= attempts || signal.aborted) throw error;
        await pause(retryDelay * 2 ** (attempt - 1), signal);
      }
  }

  async #send<Answer>(
    method: string,
    path: string,
    body: object | undefined,
    signal: AbortSignal,
  ): Promise<Answer> {
    const { url, apiKey } = this.#options;
    const call = `${method} ${url}${path}`;
    const answer = await fetch(url + path, {
      method,
      headers: { "x-api-key": apiKey, ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(longestWait)]),
    }).catch((error: unknown) => {
      throw new Error(`${call}: ${causeOf(error)}`, { cause: error });
    });
    const text = await answer.text();
    if (!answer.ok) throw new MackerelError(call, answer.status, text);
    return JSON.parse(text) as Answer;
  }
}

/** What fetch failed of, which it says only as the cause. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== "" ? cause.message : error.message;
}

/** Rejects when the signal aborts. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
    };
    signal.addEventListener("abort", stop, { once: true });
  });
}
