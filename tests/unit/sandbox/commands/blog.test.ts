import { X509Certificate } from "node:crypto";
import http from "node:http";
import https from "node:https";
import type { AddressInfo, LookupFunction } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  answers,
  certificateWarning,
  describeAnswer,
  readBlog,
} from "../../../../sandbox/status/read-blog.ts";
import { blogUrls } from "../../../../sandbox/status/blog-urls.ts";
import { silence } from "../../../../sandbox/status/wait-for-blog.ts";
import { testAuthority } from "../../../support/certificate-authority.ts";
import type { TestAuthority } from "../../../support/certificate-authority.ts";

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

describe("a blog with a certificate", () => {
  let server: https.Server;
  let address: string;
  let authority: TestAuthority;
  let ends: string;
  const lookup: LookupFunction = (_, { all }, callback) =>
    all === true ? callback(null, [{ address: "127.0.0.1", family: 4 }]) : callback(null, "127.0.0.1", 4);
  beforeAll(async () => {
    authority = await testAuthority();
    const { certificate, privateKey } = await authority.issue("blog", ["blog.example.com"], []);
    ends = new X509Certificate(certificate).validToDate.toISOString();
    server = https.createServer({ cert: certificate, key: privateKey }, (_, response) =>
      response.end("text"),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `https://blog.example.com:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
  });

  it("says when that ends", async () => {
    const [answer] = await readBlog([address], { lookup, ca: authority.caCertificate });
    expect(answer).toEqual({ address, httpStatus: 200, certificateEndsAt: ends });
  });

  it.each([
    ["whose authority is not known", "blog.example.com", /:\d+ unable to verify the first certificate/],
    ["for another name", "other.example.com", /:\d+ Hostname\/IP does not match certificate's altnames/],
  ])("%s does not answer, with the reason", async (_, name, reason) => {
    const ca = name.startsWith("blog") ? undefined : authority.caCertificate;
    const url = address.replace("blog.example.com", name);
    const [answer] = await readBlog([url], { lookup, ...(ca !== undefined && { ca }) });
    expect(answers(answer!)).toBe(false);
    expect(describeAnswer(answer!)).toMatch(reason);
  });

  it("is warned of from 30 days before its end", () => {
    const warned = (certificateEndsAt?: string) =>
      certificateWarning(
        {
          ...{ address: "https://blog.example.com", httpStatus: 200 },
          ...(certificateEndsAt !== undefined && { certificateEndsAt }),
        },
        Date.parse("2026-12-01T00:00:00.000Z"),
      );
    expect(warned("2026-12-31T00:00:00.000Z")).toBeUndefined();
    expect(warned("2026-12-30T23:59:59.000Z")).toBe(
      "the certificate of https://blog.example.com ends on 2026-12-30T23:59:59.000Z, in 29 days",
    );
    expect(warned()).toBeUndefined();
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
