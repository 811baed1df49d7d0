import type { SizePrices } from "./costs.ts";
import { accountUrl, describeFailure, getFromAccount } from "./digitalocean.ts";
import type { DigitalOceanAccess } from "./digitalocean.ts";

interface SizePage {
  readonly sizes: readonly { readonly slug: string; readonly price_monthly: number }[];
  readonly links?: { readonly pages?: { readonly next?: string } };
}

/** Prices of all droplet sizes. Does not fail: what went wrong is the answer. */
export async function sizePrices({ endpoint, token }: DigitalOceanAccess): Promise<SizePrices> {
  if (token === undefined) return { unavailable: "neither digitalocean:token nor DIGITALOCEAN_TOKEN is set" };
  const prices = new Map<string, number>();
  try {
    let next: URL | undefined = accountUrl("/v2/sizes?per_page=200", endpoint);
    while (next) {
      const page: SizePage = await getFromAccount<SizePage>(next, token);
      for (const { slug, price_monthly } of page.sizes) prices.set(slug, price_monthly);
      next = page.links?.pages?.next === undefined ? undefined : new URL(page.links.pages.next);
    }
    return prices;
  } catch (error) {
    return { unavailable: describeFailure(error) };
  }
}
