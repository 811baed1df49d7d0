import { beforeAll, expect, test } from "vitest";
import { rootsFile } from "../../../sandbox/settings.ts";
import { expectFrontPage, page } from "../../support/blog/blog.ts";
import { outsideHost } from "../../support/outside-host.ts";
import { blogUrl, names, nomad, settings, status } from "../../support/sandbox.ts";
import type { Status } from "../../support/status.ts";

let current: Status;

beforeAll(async () => {
  current = await status();
});

test("the blog is at its name by https, with a certificate for it, and http is redirected there", async () => {
  expect(current.blog).toMatchObject([{ address: blogUrl, httpStatus: 200 }]);
  await expectFrontPage([blogUrl]);
  const redirect = await page(blogUrl.replace("https:", "http:"), "/about/?of=us");
  expect([redirect.status, redirect.headers.get("location")]).toEqual([307, `${blogUrl}/about/?of=us`]);
});

test("readers from anywhere get the blog there but not its administration, and nothing past the load balancer", async () => {
  const [service] = JSON.parse(await nomad("service", "info", "-json", "ghost")) as { Port: number }[];
  const gateway = new URL(current.addresses.digitalocean).hostname;
  const outside = await outsideHost(`${gateway.replace(/\.\d+$/, ".251")}/23`);
  try {
    for (const { publicIp, reservedIp } of current.nodes)
      for (const address of [publicIp, reservedIp!])
        for (const port of [80, service!.Port]) expect(await outside.connect(address, port)).not.toBe(0);
    const host = new URL(blogUrl).hostname;
    const [balancer] = await (await names())!.addressesOf(host);
    const reader = ["--cacert", rootsFile(settings), "--resolve", `${host}:443:${balancer}`];
    const answer = (path: string, ...options: string[]) =>
      outside.curl(...reader, ...options, "--write-out", "\n%{http_code}", `${blogUrl}${path}`);
    expect(await answer("/")).toMatch(/<meta name="generator" content="Ghost \d[^]*\n200$/);
    for (const path of ["/ghost/", "/ghost/api/admin/site/"]) {
      expect(await answer(path)).toMatch(/\n403$/);
      // What a client says of its address, here that it is the operators', is not believed.
      expect(await answer(path, "--header", `X-Forwarded-For: ${gateway}`)).toMatch(/\n403$/);
      expect((await page(blogUrl, path)).status).toBe(200);
    }
  } finally {
    await outside.remove();
  }
});

test("nginx says nothing of versions in its headers, and has a health page of its own", async () => {
  const { headers } = await page(blogUrl);
  expect(headers.get("server")).toBe("nginx");
  expect(headers.get("x-powered-by")).toBeNull();
  expect((await page(blogUrl, "/nginx-health")).status).toBe(200);
});
