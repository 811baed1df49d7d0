import pRetry, { AbortError } from "p-retry";
import type { SizePrices } from "./costs.ts";

export interface DigitalOceanAccess {
  /** Default `https://api.digitalocean.com`. */
  readonly endpoint?: string;
  readonly token?: string;
}

interface SizePage {
  readonly sizes: readonly { readonly slug: string; readonly price_monthly: number }[];
  readonly links?: { readonly pages?: { readonly next?: string } };
}

const defaultEndpoint = "https://api.digitalocean.com";
/** Milliseconds for one page. */
const timeout = 10_000;

/** Prices of all droplet sizes. Does not fail: what went wrong is the answer. */
export async function sizePrices({
  endpoint = defaultEndpoint,
  token,
}: DigitalOceanAccess): Promise<SizePrices> {
  if (token === undefined) return { unavailable: "neither digitalocean:token nor DIGITALOCEAN_TOKEN is set" };
  const prices = new Map<string, number>();
  try {
    let next: URL | undefined = new URL("/v2/sizes?per_page=200", endpoint);
    while (next) {
      const page: SizePage = await sizePage(next, token);
      for (const { slug, price_monthly } of page.sizes) prices.set(slug, price_monthly);
      next = page.links?.pages?.next === undefined ? undefined : new URL(page.links.pages.next);
    }
    return prices;
  } catch (error) {
    return { unavailable: error instanceof Error ? describeFailure(error) : String(error) };
  }
}

function sizePage(url: URL, token: string): Promise<SizePage> {
  const ask = async () => {
    const response = await fetch(url, {
      headers: { Authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(timeout),
    });
    if (response.ok) return (await response.json()) as SizePage;
    const message = `GET ${url.pathname} answered ${response.status}`;
    throw response.status === 429 || response.status >= 500 ? new Error(message) : new AbortError(message);
  };
  return pRetry(ask, { retries: 2, minTimeout: 500 });
}

/** What `fetch` throws says why only in its cause. */
function describeFailure(error: Error): string {
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
