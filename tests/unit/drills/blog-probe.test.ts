import https from "node:https";
import type { AddressInfo, LookupFunction } from "node:net";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { BlogProbe } from "../../drills/measures/blog-probe.ts";
import type { ReaderConnections } from "../../drills/measures/blog-probe.ts";
import { testAuthority } from "../../support/certificate-authority.ts";

const name = "blog.nomad.test";
const lookup: LookupFunction = (_, { all }, callback) =>
  all === true ? callback(null, [{ address: "127.0.0.1", family: 4 }]) : callback(null, "127.0.0.1", 4);

let server: https.Server;
let url: string;
let ca: string;
let paths: string[];
let connections: number;

beforeAll(async () => {
  const authority = await testAuthority();
  const { certificate, privateKey } = await authority.issue(name, [name], []);
  server = https.createServer({ cert: certificate, key: privateKey }, ({ url: path = "" }, response) => {
    paths.push(path);
    if (path === "/") response.end("front page");
    else response.writeHead(503, { "retry-after": "10" }).end();
  });
  server.on("connection", () => connections++);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `https://${name}:${(server.address() as AddressInfo).port}`;
  ca = authority.caCertificate;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** The answers to a reader's requests until the server has seen `enough`. */
async function answers(
  kind: ReaderConnections,
  connection: { readonly ca?: string },
  enough: () => boolean,
  page?: (turn: number) => string,
): Promise<string[]> {
  paths = [];
  connections = 0;
  const probe = new BlogProbe({ urls: [url], connection: { lookup, ...connection } }, kind, page);
  await vi.waitUntil(enough, { timeout: 15_000 });
  probe.end();
  const requests = await probe.requests();
  expect(new Set(requests.map(({ address }) => address))).toEqual(new Set([url]));
  return [...new Set(requests.map(({ answer }) => answer))];
}

describe("a reader by https", () => {
  test("gets the front page by a name and with a certificate that the sandbox alone knows", async () => {
    expect(await answers("new", { ca }, () => paths.length > 1)).toEqual(["200"]);
    expect(connections).toBe(paths.length);
  });

  test("keeps its connections if it is to", async () => {
    expect(await answers("kept", { ca }, () => paths.length > connections)).toEqual(["200"]);
  });

  test("sees a holding page", async () => {
    expect(
      await answers(
        "new",
        { ca },
        () => paths.length > 1,
        (turn) => `?never-read=${turn}`,
      ),
    ).toEqual(["holding page"]);
    expect(new Set(paths).size).toBe(paths.length);
  });

  test("gets nothing with a certificate that nobody vouches for", async () => {
    const [answer, ...others] = await answers("new", {}, () => connections > 1);
    expect(others).toEqual([]);
    expect(answer).toMatch(/^(UNABLE_TO|SELF_SIGNED)/);
    expect(paths).toEqual([]);
  });
});
