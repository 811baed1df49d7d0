import { createServer as createProxy } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { connect } from "node:net";
import type { AddressInfo, Server } from "node:net";
import type { Duplex } from "node:stream";
import { testAuthority } from "../certificate-authority.ts";

/** What is wrong with one answer. */
export type Fault =
  | { readonly kind: "status"; readonly status: number }
  /** The connection is lost after as many bytes. */
  | { readonly kind: "cut"; readonly after: number }
  /** Nothing comes any more after as many bytes. */
  | { readonly kind: "stall"; readonly after: number }
  | { readonly kind: "redirect"; readonly to: string };

export interface Asked {
  readonly url: string;
  readonly range?: string;
  readonly status: number;
}

/** HTTPS servers of these hosts, and a proxy that is the only way to them. */
export interface FakeInternet {
  readonly proxy: string;
  /** PEM of the authority that signed the servers' certificates. */
  readonly caCertificate: string;
  /** Files by URL; anything else is 404. */
  readonly files: Map<string, Buffer>;
  /** Faults of the next answers to a GET of a URL. */
  readonly faults: Map<string, Fault[]>;
  /** GETs that were answered, and hosts that the proxy refused. */
  readonly asked: Asked[];
  readonly refused: string[];
  /** Forgets what was asked and every fault. */
  forget(): void;
  close(): Promise<void>;
}

/** `hosts` exist; the proxy answers 403 for any other, as one of a company does. */
export async function fakeInternet(hosts: readonly string[]): Promise<FakeInternet> {
  const authority = await testAuthority();
  const { certificate, privateKey } = await authority.issue("internet", [...hosts], []);
  const files = new Map<string, Buffer>();
  const faults = new Map<string, Fault[]>();
  const asked: Asked[] = [];
  const refused: string[] = [];

  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const url = `https://${request.headers.host}${request.url}`;
    const fault = request.method === "GET" ? faults.get(url)?.shift() : undefined;
    const file = files.get(url);
    const { range } = request.headers;
    const start = Number(/^bytes=(\d+)-/.exec(range ?? "")?.[1] ?? 0);
    const status = { status: 0, cut: 0, stall: 0, redirect: 302 }[fault?.kind ?? "cut"];
    const code =
      fault?.kind === "status"
        ? fault.status
        : status || (file === undefined ? 404 : range === undefined ? 200 : 206);
    if (request.method === "GET") asked.push({ url, ...(range !== undefined && { range }), status: code });
    if (fault?.kind === "redirect") return void response.writeHead(302, { location: fault.to }).end();
    if (fault?.kind === "status" || file === undefined) return void response.writeHead(code).end();
    const body = file.subarray(start);
    response.writeHead(code, {
      ...{ "content-length": body.length, etag: '"1"' },
      ...(code === 206 && { "content-range": `bytes ${start}-${file.length - 1}/${file.length}` }),
    });
    if (request.method === "HEAD") return void response.end();
    if (fault === undefined) return void response.end(body);
    response.write(body.subarray(0, fault.after), () => {
      if (fault.kind === "cut") request.socket.destroy();
    });
  };
  const servers = createServer({ cert: certificate, key: privateKey }, answer);

  const tunnels = new Set<Duplex>();
  const proxy = createProxy();
  proxy.on("connect", (request: IncomingMessage, client: Duplex) => {
    const [host = ""] = (request.url ?? "").split(":");
    tunnels.add(client);
    client.on("error", () => client.destroy());
    if (!hosts.includes(host)) {
      refused.push(host);
      client.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      return;
    }
    const upstream = connect((servers.address() as AddressInfo).port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
    upstream.on("close", () => client.destroy());
    client.on("close", () => upstream.destroy());
  });
  await Promise.all([listening(servers), listening(proxy)]);

  return {
    proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    caCertificate: authority.caCertificate,
    ...{ files, faults, asked, refused },
    forget: () => {
      faults.clear();
      asked.length = 0;
      refused.length = 0;
    },
    close: async () => {
      for (const tunnel of tunnels) tunnel.destroy();
      servers.closeAllConnections();
      await Promise.all([closed(servers), closed(proxy)]);
    },
  };
}

const listening = (server: Server) =>
  new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
const closed = (server: Server) => new Promise<void>((resolve) => server.close(() => resolve()));
