import GhostAdminApi from "@tryghost/admin-api";
import { fetchBlog } from "./reader.ts";

/**
 * Publishes a post of one paragraph with Ghost's own client, and returns its slug: it is at `/SLUG/`.
 * @param url base address of the blog
 */
export async function addPost(
  url: string,
  adminApiKey: string,
  post: { readonly title: string; readonly text: string },
): Promise<string> {
  const api = new GhostAdminApi({ url, key: adminApiKey, version: "v6.0", makeRequest });
  const { title, text } = post;
  const { slug } = await api.posts.add({ title, status: "published", lexical: paragraph(text) });
  return slug;
}

interface GhostRequest {
  readonly url: string;
  readonly method: string;
  readonly data?: object;
  readonly params?: object;
  readonly headers?: object;
}

/** As the client's own, which knows neither the names nor the certificates of the sandbox. */
async function makeRequest({ url, method, data, params = {}, headers = {} }: GhostRequest): Promise<unknown> {
  const target = new URL(url);
  for (const [name, value] of Object.entries(params)) target.searchParams.set(name, String(value));
  const response = await fetchBlog(target, {
    method,
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(data),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}

/** The JSON that Ghost's editor keeps a text as; the client's types know no option to send HTML. */
function paragraph(text: string): string {
  const block = { direction: "ltr", format: "", indent: 0, version: 1 };
  const words = { type: "text", text, detail: 0, format: 0, mode: "normal", style: "", version: 1 };
  const children = [{ ...block, type: "paragraph", children: [words] }];
  return JSON.stringify({ root: { ...block, type: "root", children } });
}
