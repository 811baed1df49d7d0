import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Page } from "../../rules/pagination.ts";
import { paginate } from "../../rules/pagination.ts";

const list = "http://api/v2/droplets";

describe("pagination", () => {
  test("following `next` from the first page yields every item once, in order", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 1, max: 40 }), (total, perPage) => {
        const items = Array.from({ length: total }, (_, index) => index);
        const seen: number[] = [];
        let url: string | undefined = `${list}?per_page=${perPage}`;
        while (url !== undefined) {
          const page: Page<number> = paginate(items, new URL(url));
          expect(page.meta.total).toBe(total);
          seen.push(...page.items);
          url = page.links.pages?.next;
        }
        expect(seen).toEqual(items);
      }),
    );
  });

  test("one page has no links, and 20 items are a page unless asked otherwise", () => {
    const items = Array.from({ length: 21 }, (_, index) => index);
    expect(paginate(items.slice(1), new URL(list)).links).toEqual({});
    expect(paginate(items, new URL(list)).items).toHaveLength(20);
  });

  test("links keep the filter and point both ways", () => {
    const { pages } = paginate([1, 2, 3], new URL(`${list}?tag_name=a&page=2&per_page=1`)).links;
    expect(pages).toEqual({
      first: `${list}?tag_name=a&page=1&per_page=1`,
      prev: `${list}?tag_name=a&page=1&per_page=1`,
      next: `${list}?tag_name=a&page=3&per_page=1`,
      last: `${list}?tag_name=a&page=3&per_page=1`,
    });
  });

  test.each(["page=0", "page=x", "per_page=-1", "per_page=201"])("%s is refused", (query) => {
    expect(() => paginate([1], new URL(`${list}?${query}`))).toThrow(/page/);
  });
});
