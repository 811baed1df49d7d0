import { unprocessable } from "../requests/errors.ts";

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly links: { readonly pages?: Readonly<Partial<Record<"first" | "prev" | "next" | "last", string>>> };
  readonly meta: { readonly total: number };
}

const defaultPerPage = 20;
const largestPerPage = 200;

function positive(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name);
  if (text === null || text === "") return otherwise;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw unprocessable(`${name} must be a positive integer`);
  return Number(text);
}

/** Cuts `items` as `page` and `per_page` of `url` ask; the links keep the other query parameters. */
export function paginate<Item>(items: readonly Item[], url: URL): Page<Item> {
  const page = positive(url.searchParams, "page", 1);
  const perPage = positive(url.searchParams, "per_page", defaultPerPage);
  if (perPage > largestPerPage) throw unprocessable(`per_page must not be larger than ${largestPerPage}`);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const link = (number: number) => {
    const target = new URL(url);
    target.searchParams.set("page", String(number));
    target.searchParams.set("per_page", String(perPage));
    return target.href;
  };
  const backward = page > 1 ? { first: link(1), prev: link(Math.min(page - 1, last)) } : {};
  const forward = page < last ? { next: link(page + 1), last: link(last) } : {};
  const pages = { ...backward, ...forward };
  return {
    items: items.slice((page - 1) * perPage, page * perPage),
    links: Object.keys(pages).length === 0 ? {} : { pages },
    meta: { total: items.length },
  };
}
