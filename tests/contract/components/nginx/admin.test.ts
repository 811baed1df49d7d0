import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { installedNginx, startNginx } from "../../../support/nginx/started-nginx.ts";
import type { StartedNginx } from "../../../support/nginx/started-nginx.ts";
import { ask, startUpstream } from "../../../support/nomad/nginx.ts";
import type { Upstream } from "../../../support/nomad/nginx.ts";

const admin = "127.0.0.1";
const stranger = "127.0.0.9";

let ghost: Upstream;
let nginx: StartedNginx;

/** Asks for a path that no client would make, and returns the answer's status. */
async function status(from: string, target: string, method = "GET"): Promise<number> {
  const { hostname, port } = new URL(nginx.address);
  const socket = connect({ host: hostname, port: Number(port), localAddress: from });
  socket.write(
    Buffer.from(`${method} ${target} HTTP/1.1\r\nHost: blog\r\nConnection: close\r\n\r\n`, "latin1"),
  );
  return Number(/^HTTP\/1\.1 (\d+)/.exec(await text(socket))?.[1]);
}

beforeAll(async () => {
  await installedNginx();
  ghost = await startUpstream();
  nginx = await startNginx(ghost, { adminCidrs: [`${admin}/32`] });
});

afterAll(async () => {
  await nginx.stop();
  await ghost.close();
});

describe("Ghost's administration behind nginx", () => {
  test.each([
    "/ghost",
    "/ghost/",
    "/GHOST/",
    "/ghost/api/admin/site/",
    "/ghost/api/v3/admin/site/",
    "/ghost?/ghost/api/content/",
    "//ghost/",
    "/./ghost/",
    "/a/../ghost/",
    "/a/..%2fghost/",
    "/ghost%2Fapi/admin/",
    "/%67host/",
    "/%2Fghost/",
    "/ghost/api/content/../admin/site/",
    "/ghost/api/content/%2e%2e/admin/site/",
    "/ghost%5capi%5cadmin/",
    "/ghost\u00a0",
    "http://blog/ghost/",
  ])("is not reached by a stranger at %s", async (target) => {
    expect(await status(stranger, target)).toBe(403);
    expect(ghost.asked).toEqual([]);
  });

  test.each(["/ghost\\api\\admin\\site\\?x#", "/ghost\\api\\admin\\site#", "/a#/../ghost/", "/ghost%00"])(
    "is not reached by anybody at %s, which nginx and Node.js take for different paths",
    async (target) => {
      for (const from of [stranger, admin]) expect(await status(from, target)).toBe(400);
      expect(ghost.asked).toEqual([]);
    },
  );

  test("answers its administrators, and strangers where readers and Ghost's scheduler need it", async () => {
    expect(await status(admin, "/ghost/api/admin/site/")).toBe(200);
    for (const target of [
      "/",
      "/ghost/api/content/posts/?key=1",
      "/members/api/member/",
      "/a\\b?c\\d",
      "/ghost-story/",
    ])
      expect([target, await status(stranger, target)]).toEqual([target, target.includes("a\\b") ? 400 : 200]);
    expect(await status(stranger, "/ghost/api/admin/schedules/posts/1/?token=t", "PUT")).toBe(200);
    expect(await status(stranger, "/ghost/api/admin/schedules/posts/1/?token=t", "POST")).toBe(403);
  });

  test("believes no header of who asks", async () => {
    const headers = { "X-Forwarded-For": admin, "X-Real-IP": admin, Forwarded: `for=${admin}` };
    expect((await ask(`${nginx.address}/ghost/`, { headers, localAddress: stranger })).status).toBe(403);
  });

  test("answers those whom a changed configuration names, after a reload", async () => {
    await nginx.reload({ adminCidrs: [`${stranger}/32`] });
    await vi.waitFor(async () => expect(await status(stranger, "/ghost/")).toBe(200), { timeout: 5000 });
    expect(await status(admin, "/ghost/")).toBe(403);
    expect(nginx.complaints()).toBe("");
  });
});
