import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answers, readBlog } from "../../../../sandbox/status/read-blog.ts";
import { silence } from "../../../../sandbox/status/wait-for-blog.ts";

describe("readBlog", () => {
  let server: http.Server;
  let origin: string;
  beforeAll(async () => {
    server = http.createServer((request, response) => {
      const status = Number(request.url?.slice(1));
      response.writeHead(status, { location: "/200" }).end("text");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
  });

  it("gives each address's own status, a redirect's too, in the order asked", async () => {
    const addresses = ["/503", "/301", "/200"].map((path) => `${origin}${path}`);
    expect(await readBlog(addresses)).toEqual([
      { address: addresses[0], httpStatus: 503 },
      { address: addresses[1], httpStatus: 301 },
      { address: addresses[2], httpStatus: 200 },
    ]);
  });

  it("gives null for an address where nobody listens", async () => {
    const closed = http.createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const address = `http://127.0.0.1:${port}`;
    expect(await readBlog([address])).toEqual([{ address, httpStatus: null }]);
  });
});

describe("answers", () => {
  it.each([
    [200, true],
    [301, true],
    [404, false],
    [503, false],
    [null, false],
  ])("%s: %s", (httpStatus, expected) => {
    expect(answers({ address: "http://192.0.2.1", httpStatus })).toBe(expected);
  });
});

describe("silence", () => {
  it("names what each silent address said, and no other", () => {
    const text = silence([
      { address: "http://192.0.2.1", httpStatus: 200 },
      { address: "http://192.0.2.2", httpStatus: 503 },
      { address: "http://192.0.2.3", httpStatus: null },
    ]);
    expect(text).toContain("at 2 of 3 addresses");
    expect(text).toContain("http://192.0.2.2 HTTP 503");
    expect(text).toContain("http://192.0.2.3 no answer");
    expect(text).not.toContain("192.0.2.1 ");
  });
});
