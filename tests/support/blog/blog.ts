import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import { setUpGhost } from "./ghost-owner.ts";
import type { Owner } from "./ghost-owner.ts";
import { addPost } from "./ghost-posts.ts";
import { fetchBlog } from "./reader.ts";

/** What a visitor gets. A redirect is not followed, so that it cannot pass for another address's own answer. */
export interface Page {
  readonly status: number;
  readonly headers: Pick<Headers, "get">;
  readonly text: string;
}

export async function page(address: string, path = "/"): Promise<Page> {
  const response = await fetchBlog(new URL(path, address), {
    redirect: "manual",
    signal: AbortSignal.timeout(10_000),
    // A connection that is kept could outlive the nginx that it was made to. The tests' machine is an operator's, and so
    // it gets what Ghost says now instead of a page from the cache.
    headers: { connection: "close", "cache-control": "no-cache" },
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** Fails unless every address gives ghost's front page. */
export async function expectFrontPage(addresses: readonly string[]): Promise<void> {
  for (const { status, text } of await Promise.all(addresses.map((address) => page(address)))) {
    expect(status).toBe(200);
    expect(text).toMatch(/<meta name="generator" content="Ghost \d/);
  }
}

/** Fails unless every address gives nginx's holding page to who asks for a page that nobody has seen yet. */
export async function expectHoldingPage(addresses: readonly string[]): Promise<void> {
  for (const { status, headers } of await Promise.all(
    addresses.map((address) => page(address, `/${randomUUID()}/`)),
  )) {
    expect(status).toBe(503);
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
  }
}

/** Calls `read` over and over during `work`; says how often it passed, and what went wrong. */
export async function readDuring(
  read: () => Promise<void>,
  work: () => Promise<void>,
): Promise<{ readonly passed: number; readonly failures: readonly string[] }> {
  const failures: string[] = [];
  const done = new AbortController();
  let passed = 0;
  const reading = (async () => {
    while (!done.signal.aborted) {
      try {
        await read();
        passed++;
      } catch (error) {
        failures.push(String(error));
      }
      await delay(100);
    }
  })();
  try {
    await work();
  } finally {
    done.abort();
    await reading;
  }
  return { passed, failures };
}

/** A post, as its reader finds it. */
export interface Post {
  /** Of its page on every address. */
  readonly path: string;
  readonly title: string;
  /** Text in the middle of it. */
  readonly text: string;
}

/** Publishes a post through the Admin API at `address`, as its first visitor if the blog has no owner. */
export async function publishPost(address: string, title: string, owner?: Owner): Promise<Post> {
  const { adminApiKey } = await setUpGhost(address, owner);
  const text = `What ${title} says.`;
  const slug = await addPost(address, adminApiKey, { title, text });
  return { path: `/${slug}/`, title, text };
}

/** Fails unless every address gives the post. */
export async function expectPost(addresses: readonly string[], post: Post): Promise<void> {
  for (const { status, text } of await Promise.all(addresses.map((address) => page(address, post.path)))) {
    expect(status).toBe(200);
    expect(text).toContain(post.title);
    expect(text).toContain(post.text);
  }
}
