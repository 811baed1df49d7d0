import GhostAdminApi from "@tryghost/admin-api";

/**
 * Publishes a post of one paragraph with Ghost's own client, and returns its slug: it is at `/SLUG/`.
 * @param url base address of the blog
 */
export async function addPost(
  url: string,
  adminApiKey: string,
  post: { readonly title: string; readonly text: string },
): Promise<string> {
  const api = new GhostAdminApi({ url, key: adminApiKey, version: "v6.0" });
  const { title, text } = post;
  const { slug } = await api.posts.add({ title, status: "published", lexical: paragraph(text) });
  return slug;
}

/** The JSON that Ghost's editor keeps a text as; the client's types know no option to send HTML. */
function paragraph(text: string): string {
  const block = { direction: "ltr", format: "", indent: 0, version: 1 };
  const words = { type: "text", text, detail: 0, format: 0, mode: "normal", style: "", version: 1 };
  const children = [{ ...block, type: "paragraph", children: [words] }];
  return JSON.stringify({ root: { ...block, type: "root", children } });
}
