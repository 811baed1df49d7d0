import http from "node:http";
import type { AddressInfo } from "node:net";

/** A server with Ghost's habits: what is the same for everybody is public, and a member's page says whose it is. */
export interface FakeGhost {
  readonly port: number;
  /** Paths it was asked for, in their order. */
  readonly asked: string[];
  /** Text of every page from now on. */
  publish(text: string): void;
  /** From now on every answer takes as long as the promise does. */
  waitFor(released: Promise<void>): void;
  /** From now on every answer has this status, without a hint for caches; 200 is as usual. */
  fail(status: number): void;
  stop(): Promise<void>;
  start(): Promise<void>;
}

export async function startFakeGhost(cacheControl: string): Promise<FakeGhost> {
  const asked: string[] = [];
  let [text, status, port] = ["first", 200, 0];
  let released = Promise.resolve();
  const answer = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    const { url = "", headers, method } = request;
    asked.push(url);
    await released;
    const member = /ghost-members-ssr=(\w+)/.exec(headers.cookie ?? "")?.[1];
    if (status !== 200) return void response.writeHead(status).end("failed");
    response.setHeader("Cache-Control", member === undefined ? cacheControl : "no-cache, private, no-store");
    if (url === "/private/") response.setHeader("Cache-Control", "no-cache, private, no-store");
    if (url === "/first-visit/") response.setHeader("Set-Cookie", "visit=1");
    if (url === "/moved/") return void response.writeHead(301, { Location: "/" }).end();
    if (url === "/framed/") response.setHeader("Content-Security-Policy", "frame-ancestors *");
    const etag = `W/"${text}"`;
    response.setHeader("ETag", etag);
    if (headers["if-none-match"] === etag) return void response.writeHead(304).end();
    response.end(`${method} ${url} for ${member ?? "everybody"}: ${text}`);
  };
  const server = http.createServer((request, response) => void answer(request, response));
  const start = () =>
    new Promise<void>((resolve) => {
      server.listen(port, "127.0.0.1", resolve);
    });
  await start();
  port = (server.address() as AddressInfo).port;
  return {
    ...{ port, asked, start },
    publish: (changed) => (text = changed),
    waitFor(promise) {
      released = promise;
    },
    fail: (changed) => (status = changed),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
