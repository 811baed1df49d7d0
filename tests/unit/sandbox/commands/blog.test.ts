import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answers, readBlog } from "../../../../sandbox/status/read-blog.ts";
import { blogUrls } from "../../../../sandbox/status/blog-urls.ts";
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

describe("blogUrls", () => {
  const addressesOf = (name: string) => Promise.resolve(name === "blog.nomad.test" ? ["192.0.2.9"] : []);
  const nodes = ["http://192.0.2.1", "http://192.0.2.2"];
  it.each([
    ["of nodes, whose name leads to each", "http://blog.nomad.test", nodes, nodes],
    [
      "of a load balancer by its name",
      "https://blog.nomad.test",
      ["http://192.0.2.9"],
      ["https://blog.nomad.test"],
    ],
    ["of a load balancer without a name", "http://192.0.2.9", ["http://192.0.2.9"], ["http://192.0.2.9"]],
    [
      "of one that the name does not lead to",
      "https://blog.nomad.test",
      ["http://192.0.2.8"],
      ["http://192.0.2.8"],
    ],
    [
      "of one whose name nobody here knows",
      "https://blog.example.com",
      ["http://192.0.2.9"],
      ["http://192.0.2.9"],
    ],
    ["of a stack without a URL", undefined, ["http://192.0.2.9"], ["http://192.0.2.9"]],
    ["of a stack that is not made yet", undefined, [], []],
  ])("%s", async (_, blogUrl, blogAddresses, urls) => {
    const outputs = { blogAddresses, ...(blogUrl !== undefined && { blogUrl }) };
    expect(await blogUrls(outputs, { addressesOf })).toEqual(urls);
  });
});

describe("silence", () => {
  const node = (name: string, reservedIp: string) => ({
    ...{ name, publicIp: "198.51.100.9", privateIp: "10.0.0.2", reservedIp, nomadStatus: "ready" },
  });
  const allocations = [
    { node: "server-2", status: "pending", lastEvents: ["nginx: Template failed"] },
    { node: "server-1", status: "running", lastEvents: ["nginx: Task started by client"] },
  ];
  const text = silence(
    [
      { address: "http://192.0.2.1", httpStatus: 200 },
      { address: "http://192.0.2.2", httpStatus: 503 },
      { address: "http://192.0.2.3:8080", httpStatus: null },
    ],
    {
      nodes: [node("server-1", "192.0.2.1"), node("server-2", "192.0.2.2")],
      jobs: [{ id: "nginx", type: "system", priority: 50, status: "running", allocations }],
    },
  );

  it("names what each silent address said, and no other", () => {
    expect(text).toContain("at 2 of 3 addresses");
    expect(text).toMatch(/http:\/\/192\.0\.2\.3:8080 no answer$/m);
    expect(text).not.toContain("192.0.2.1 ");
  });

  it("says what Nomad says of the node there and of what runs on it", () => {
    expect(text).toMatch(
      /http:\/\/192\.0\.2\.2 HTTP 503\n {4}server-2 is ready; nginx is pending, nginx: Template failed$/m,
    );
    expect(text).not.toContain("Task started");
  });

  it("says it of every node when a load balancer is silent", () => {
    const balanced = silence([{ address: "https://blog.nomad.test", httpStatus: 503 }], {
      nodes: [node("server-1", "192.0.2.1"), node("server-2", "192.0.2.2")],
      jobs: [],
    });
    expect(balanced).toMatch(/blog\.nomad\.test HTTP 503\n {4}server-1 is ready\n {4}server-2 is ready$/m);
  });
});
