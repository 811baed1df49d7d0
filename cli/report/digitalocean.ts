import pRetry, { AbortError } from "p-retry";

export interface DigitalOceanAccess {
  /** Default `https://api.digitalocean.com`. */
  readonly endpoint?: string;
  readonly token?: string;
}

/** Milliseconds for one answer. */
const timeout = 10_000;

export function accountUrl(path: string, endpoint = "https://api.digitalocean.com"): URL {
  return new URL(path, endpoint);
}

/** The answer to a GET; tries again what another try may mend. */
export function getFromAccount<Answer>(url: URL, token: string): Promise<Answer> {
  const ask = async () => {
    const response = await fetch(url, {
      headers: { Authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(timeout),
    });
    if (response.ok) return (await response.json()) as Answer;
    const message = `GET ${url.pathname} answered ${response.status}`;
    throw response.status === 429 || response.status >= 500 ? new Error(message) : new AbortError(message);
  };
  return pRetry(ask, { retries: 2, minTimeout: 500 });
}

/** What `fetch` throws says why only in its cause. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
