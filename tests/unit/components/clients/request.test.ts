import http from "node:http";
import https from "node:https";
import net from "node:net";
import type { AddressInfo, Server } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { apiRequest } from "../../../../components/clients/request.ts";
import { testAuthority } from "../../../support/certificate-authority.ts";

const servers: Server[] = [];
async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
/** Answers with the statuses in turn. */
async function answering(...statuses: number[]): Promise<URL> {
  const port = await listening(
    http.createServer((_, response) => response.writeHead(statuses.shift() ?? 200).end("body")),
  );
  return new URL(`http://127.0.0.1:${port}/v1/path`);
}

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) server.close();
});

describe("a call of an API", () => {
  test("fails with status and body of an answer other than 2xx", async () => {
    const url = await answering(403);
    await expect(apiRequest({ method: "GET", url })).rejects.toMatchObject({
      message: `GET ${url.href} answered 403: body`,
      status: 403,
      body: "body",
    });
  });

  test("is tried again as often as allowed when the API does not answer well", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const outcome = async (attempts: number, ...statuses: number[]) => {
      const url = await answering(...statuses);
      const call = apiRequest({ method: "GET", url, attempts }).then(
        ({ body }) => body.toString(),
        (error: unknown) => (error as { status: number }).status,
      );
      const clock = setInterval(() => void vi.advanceTimersByTimeAsync(1_000), 5);
      return call.finally(() => clearInterval(clock));
    };
    expect(await outcome(3, 503, 429, 200)).toBe("body");
    expect(await outcome(2, 503, 502, 200)).toBe(502);
    expect(await outcome(3, 404, 200)).toBe(404);
    expect(await outcome(1, 503, 200)).toBe(503);
  });

  test("ends when nothing is answered in time", async () => {
    const port = await listening(http.createServer(() => undefined));
    const url = new URL(`http://127.0.0.1:${port}/`);
    await expect(apiRequest({ method: "GET", url, timeout: 20 })).rejects.toThrow(
      `GET ${url.href}: no answer in 20 ms`,
    );
  });

  test("says which address refuses", async () => {
    const url = new URL("http://127.0.0.1:9/");
    await expect(apiRequest({ method: "GET", url })).rejects.toThrow("ECONNREFUSED 127.0.0.1:9");
  });

  test("goes through the environment's proxy, to a server of an own authority, unless NO_PROXY names it", async () => {
    const authority = await testAuthority();
    const { certificate, privateKey } = await authority.issue("server.global.nomad", [], ["127.0.0.1"]);
    const port = await listening(
      https.createServer({ cert: certificate, key: privateKey }, (_, response) => response.end("body")),
    );
    const tunnels: (string | undefined)[] = [];
    const proxy = http.createServer();
    proxy.on("connect", (request, socket) => {
      tunnels.push(request.url);
      const upstream = net.connect(port, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        upstream.pipe(socket).pipe(upstream);
      });
    });
    const proxyPort = await listening(proxy);
    const body = async (noProxy: string) => {
      vi.stubEnv("HTTPS_PROXY", `http://127.0.0.1:${proxyPort}`);
      vi.stubEnv("NO_PROXY", noProxy);
      // The environment is read when the module is loaded.
      vi.resetModules();
      const { apiRequest: request } = await import("../../../../components/clients/request.ts");
      const answer = await request({
        method: "GET",
        url: new URL(`https://127.0.0.1:${port}/`),
        caCertificate: authority.caCertificate,
      });
      return answer.body.toString();
    };
    expect([await body(""), tunnels]).toEqual(["body", [`127.0.0.1:${port}`]]);
    expect([await body("127.0.0.1"), tunnels.length]).toEqual(["body", 1]);
    const foreign = { method: "GET", url: new URL(`https://127.0.0.1:${port}/`) };
    await expect(apiRequest(foreign)).rejects.toThrow(/certificate/);
  });
});
