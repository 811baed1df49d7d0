import { fetchBlog } from "./reader.ts";

/** Who signs in. */
export interface Owner {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** Whom `setUpGhost` makes the owner of a blog that has none. */
const firstVisitor: Owner = { name: "Owner", email: "owner@example.com", password: "correct horse battery" };

/** Name of the integration whose key is returned. */
const integrationName = "Tests";

interface Integration {
  readonly name: string;
  readonly api_keys: readonly { readonly type: string; readonly secret: string }[];
}

/**
 * Signs in, as the first visitor who becomes the owner if there is none, and returns the key of the Admin API of an
 * integration, which it makes if it is not there. That needs `security__staffDeviceVerification=false` in Ghost's
 * environment, or else Ghost mails a code to a device that it does not know.
 * @param url base address of the blog; with an https `url` in Ghost's configuration one that sends X-Forwarded-Proto
 */
export async function setUpGhost(url: string, owner = firstVisitor): Promise<{ adminApiKey: string }> {
  const api = new URL("/ghost/api/admin/", url);
  const { setup } = (await call(api, "GET", "authentication/setup/")).body as {
    setup: { status: boolean }[];
  };
  if (!setup[0]?.status) {
    await call(api, "POST", "authentication/setup/", { setup: [{ ...owner, blogTitle: "A blog" }] });
  }
  const { cookie } = await call(api, "POST", "session/", {
    username: owner.email,
    password: owner.password,
  });
  const path = "integrations/?include=api_keys";
  const listed = (await call(api, "GET", path, undefined, cookie)).body as { integrations: Integration[] };
  const existing = listed.integrations.find(({ name }) => name === integrationName);
  const integration = existing ?? (await makeIntegration(api, path, cookie));
  const key = integration.api_keys.find(({ type }) => type === "admin");
  if (!key) throw new Error(`Ghost gave the integration "${integrationName}" no key of the Admin API`);
  return { adminApiKey: key.secret };
}

/**
 * Status with which Ghost answers somebody who signs in; 201 if it lets them.
 * @param blogUrl Ghost's own URL, from whose scheme and origin the request is
 */
export async function logIn(
  address: string,
  { email, password }: Pick<Owner, "email" | "password">,
  blogUrl = address,
): Promise<number> {
  const { origin, protocol } = new URL(blogUrl);
  const { status } = await fetchBlog(new URL("/ghost/api/admin/session/", address), {
    method: "POST",
    headers: { "content-type": "application/json", origin, "x-forwarded-proto": protocol.slice(0, -1) },
    body: JSON.stringify({ username: email, password }),
  });
  return status;
}

async function makeIntegration(api: URL, path: string, cookie: string): Promise<Integration> {
  const made = await call(api, "POST", path, { integrations: [{ name: integrationName }] }, cookie);
  const [integration] = (made.body as { integrations: Integration[] }).integrations;
  if (!integration) throw new Error("Ghost made no integration");
  return integration;
}

// No Origin header: Ghost takes any base address then, not only that of its `url`.
async function call(
  api: URL,
  method: string,
  path: string,
  body?: unknown,
  cookie = "",
): Promise<{ body: unknown; cookie: string }> {
  const response = await fetchBlog(new URL(path, api), {
    method,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(cookie === "" ? {} : { cookie }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${response.url} answered ${response.status}: ${text}`);
  const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
  return {
    body: isJson ? (JSON.parse(text) as unknown) : text,
    cookie: response.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; "),
  };
}
