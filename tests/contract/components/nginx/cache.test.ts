import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { MachineFacts } from "../../../../components/jobs/nginx/configuration/main.ts";
import { startFakeGhost } from "../../../support/nginx/fake-ghost.ts";
import type { FakeGhost } from "../../../support/nginx/fake-ghost.ts";
import { installedNginx, startNginx } from "../../../support/nginx/started-nginx.ts";
import type { StartedNginx } from "../../../support/nginx/started-nginx.ts";
import { ask } from "../../../support/nomad/nginx.ts";
import type { Answer } from "../../../support/nomad/nginx.ts";

const reader = "127.0.0.9";
const admin = "127.0.0.7";
const args = { adminCidrs: [`${admin}/32`], holdingPage: "<p>Back soon</p>" };
const everybodyElse = { peerAddresses: "127.0.0.1 1;" };

let ghost: FakeGhost;
let nginx: StartedNginx;
const others: StartedNginx[] = [];

const read = (path: string, headers: Record<string, string> = {}, from = reader): Promise<Answer> =>
  ask(`${nginx.address}${path}`, { localAddress: from, headers });
const body = async (path: string, headers?: Record<string, string>) => (await read(path, headers)).body;
const member = (name: string) => ({
  Cookie: `theme=dark; ghost-members-ssr=${name}; ghost-members-ssr.sig=x`,
});

/** Ghost, whose pages are fresh for so many seconds and old for so many more, and nginx before it. */
async function startWith(cacheControl: string): Promise<void> {
  ghost = await startFakeGhost(cacheControl);
  nginx = await startNginx(ghost, args, everybodyElse);
}

async function startAnother(facts: Partial<MachineFacts> = {}): Promise<StartedNginx> {
  const other = await startNginx(ghost, args, { ...everybodyElse, ...facts });
  others.push(other);
  return other;
}

beforeAll(installedNginx);
afterEach(async () => {
  await Promise.all([nginx, ...others.splice(0)].map((one) => one.stop()));
  await ghost.stop();
});

describe("a page that Ghost says is fresh for a minute", () => {
  beforeEach(() => startWith("public, max-age=60, stale-while-revalidate=60"));

  test("is asked for once, for every reader without a session, and each browser asks nginx again", async () => {
    const first = await read("/post/");
    ghost.publish("second");
    const again = await read("/post/", { Cookie: "theme=dark", "Accept-Encoding": "br" });
    expect(again.body).toBe(first.body);
    expect(again.headers["cache-control"]).toBe("public, max-age=0");
    expect((await read("/post/", { "If-None-Match": String(first.headers.etag) })).status).toBe(304);
    expect(ghost.asked).toEqual(["/post/"]);
  });

  test("is never a member's, and a member's never another reader's", async () => {
    expect(await body("/post/", member("ann"))).toContain("for ann");
    expect(await body("/post/", member("bob"))).toContain("for bob");
    expect(await body("/post/")).toContain("for everybody");
    expect(await body("/post/", member("ann"))).toContain("for ann");
    expect(await body("/post/")).toContain("for everybody");
    expect(ghost.asked).toHaveLength(4);
  });

  test.each<[string, string, Record<string, string>]>([
    ["staff's", "/post/", { Cookie: "ghost-admin-api-session=1" }],
    ["staff's who see the toolbar", "/post/", { Cookie: "a=1;ghost-admin-toolbar=1" }],
    ["one with a key", "/post/", { Authorization: "Basic eDp5" }],
    ["a preview", "/post/", { "X-Ghost-Preview": "1" }],
    ["private", "/private/", {}],
    ["one that sets a cookie", "/first-visit/", {}],
    ["a redirect", "/moved/", {}],
    ["of the Content API", "/ghost/api/content/posts/", {}],
    ["of the Members API", "/members/api/member/", {}],
  ])("is asked for each time if it is %s", async (_, path, headers) => {
    await read(path, headers);
    await read(path, headers);
    expect(ghost.asked).toEqual([path, path]);
  });

  test("is another one for another name, scheme or query", async () => {
    await read("/post/");
    await read("/post/", { Host: "other.example" });
    await read("/post/?page=2");
    expect(ghost.asked).toEqual(["/post/", "/post/", "/post/?page=2"]);
  });

  test("is asked for anew by an administrator who reloads by force, and by nobody else", async () => {
    await read("/post/");
    ghost.publish("second");
    expect(await body("/post/", { "Cache-Control": "no-cache" })).toContain("first");
    expect((await read("/post/", { "Cache-Control": "no-cache" }, admin)).body).toContain("second");
    await vi.waitFor(async () => expect(await body("/post/")).toContain("second"), 5000);
  });

  test("is asked for by one of many who come at once", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => read("/post/")));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(ghost.asked).toEqual(["/post/"]);
  });

  test("is had from another nginx while Ghost is away, and the holding page of no nginx", async () => {
    const elsewhere = await startAnother();
    const address = `127.0.0.1:${nginx.peersPort}`;
    await elsewhere.reload(args, { ...everybodyElse, peerServers: `server ${address} max_fails=0;` });
    await nginx.reload(args, {
      ...everybodyElse,
      peerServers: `server 127.0.0.1:${elsewhere.peersPort} max_fails=0;`,
    });
    await read("/post/");
    await ghost.stop();
    const askElsewhere = (path: string, headers = {}, method = "GET") =>
      ask(`${elsewhere.address}${path}`, { localAddress: reader, headers, method });
    await vi.waitFor(async () => {
      const answer = await askElsewhere("/post/", { Host: new URL(nginx.address).host });
      expect(answer).toMatchObject({ status: 200, body: "GET /post/ for everybody: first" });
    }, 5000);
    const host = { Host: new URL(nginx.address).host };
    await elsewhere.reload(args, everybodyElse);
    for (const deadline = Date.now() + 2000; Date.now() < deadline; await sleep(100))
      expect((await askElsewhere("/post/", host)).status).toBe(200);
    expect(await askElsewhere("/never-seen/", host)).toMatchObject({ status: 503, body: "<p>Back soon</p>" });
    expect((await askElsewhere("/post/", { ...host, ...member("ann") })).status).toBe(503);
    const reloaded = { localAddress: admin, headers: { ...host, "Cache-Control": "no-cache" } };
    expect((await ask(`${elsewhere.address}/post/`, reloaded)).status).toBe(503);
    expect((await askElsewhere("/post/", host, "POST")).status).toBe(503);
  });

  test("is had from another nginx while Ghost takes long, and a page of no nginx is waited for", async () => {
    const peerServers = `server 127.0.0.1:${nginx.peersPort} max_fails=0;`;
    const elsewhere = await startAnother({ peerServers });
    await read("/post/");
    ghost.publish("second");
    const released = Promise.withResolvers<void>();
    ghost.waitFor(released.promise);
    const askElsewhere = async (path: string, headers = {}) => {
      const host = { Host: new URL(nginx.address).host };
      return (await ask(`${elsewhere.address}${path}`, { headers: { ...host, ...headers } })).body;
    };
    const waiting = [askElsewhere("/never-seen/"), askElsewhere("/post/", member("ann"))];
    expect(await askElsewhere("/post/")).toBe("GET /post/ for everybody: first");
    released.resolve();
    expect(await Promise.all(waiting)).toEqual([
      "GET /never-seen/ for everybody: second",
      "GET /post/ for ann: second",
    ]);
  });

  test("is the holding page, and no refusal, at an instance that the others have not heard of", async () => {
    const [stranger, host] = ["127.0.0.1 0;", { Host: new URL(nginx.address).host }];
    const unaware = await startAnother({ peerAddresses: stranger });
    const serverOf = ({ peersPort }: StartedNginx) => `server 127.0.0.1:${peersPort} max_fails=0;`;
    const lonely = await startAnother({ peerServers: serverOf(unaware) });
    await read("/post/");
    await ghost.stop();
    expect(await ask(`${lonely.address}/post/`, { headers: host })).toMatchObject({
      ...{ status: 503, body: "<p>Back soon</p>" },
    });
    const known = await startAnother({ peerServers: serverOf(unaware) + serverOf(nginx) });
    for (let time = 0; time < 4; time++)
      expect(await ask(`${known.address}/post/`, { headers: host })).toMatchObject({ status: 200 });
  });

  test("is told to other instances only", async () => {
    await read("/post/");
    const url = `http://127.0.0.1:${nginx.peersPort}/post/`;
    expect((await ask(url, { localAddress: reader })).status).toBe(403);
    const headers = { "X-Forwarded-Proto": "http", Host: new URL(nginx.address).host };
    expect(await ask(url, { headers })).toMatchObject({ status: 200, headers: { etag: 'W/"first"' } });
    expect((await ask(`http://127.0.0.1:${nginx.peersPort}/ghost/`, { headers })).status).toBe(403);
    expect(ghost.asked).toEqual(["/post/"]);
  });
});

describe("a page that Ghost says is fresh for a second, and may be old for a minute more", () => {
  beforeEach(() => startWith("public, max-age=1, stale-while-revalidate=60"));

  test("is new for the reader for whom nginx asks, and old for those who come meanwhile", () =>
    expectOneToAsk());
});

/** For a page that is no longer fresh after two seconds. */
async function expectOneToAsk(age = 2200): Promise<void> {
  await read("/post/");
  ghost.publish("second");
  await sleep(age);
  const released = Promise.withResolvers<void>();
  ghost.waitFor(released.promise);
  const asking = body("/post/");
  await vi.waitFor(() => expect(ghost.asked).toHaveLength(2), 3000);
  expect(await Promise.all([body("/post/"), body("/post/")])).toEqual([
    expect.stringContaining("first"),
    expect.stringContaining("first"),
  ]);
  // Later a slow machine may find the page old again.
  expect(ghost.asked).toHaveLength(2);
  released.resolve();
  expect(await asking).toContain("second");
  expect(await body("/post/")).toContain("second");
}

describe("a page that Ghost says is fresh for a second, and may be old for one more", () => {
  beforeEach(() => startWith("public, max-age=1, stale-while-revalidate=1"));

  test("is new for the first reader after both, and old for those who come while Ghost answers", () =>
    expectOneToAsk(3200));

  test("is shown when Ghost has not answered for 3 seconds, and a page never seen is waited for", async () => {
    await read("/post/");
    await sleep(3200);
    ghost.publish("second");
    ghost.waitFor(sleep(6000));
    const [old, anns, unseen] = await Promise.all([
      body("/post/"),
      body("/post/", member("ann")),
      body("/never-seen/"),
    ]);
    expect([old, anns, unseen]).toEqual([
      "GET /post/ for everybody: first",
      "GET /post/ for ann: second",
      "GET /never-seen/ for everybody: second",
    ]);
    expect(ghost.asked.filter((path) => path === "/never-seen/")).toHaveLength(2);
  });

  test("is shown while Ghost fails or is away, and no page never seen, and no member's", async () => {
    await read("/post/");
    await sleep(3200);
    for (const failure of [500, 502, 503, 504]) {
      ghost.fail(failure);
      expect(await read("/post/")).toMatchObject({ status: 200, body: "GET /post/ for everybody: first" });
      expect((await read("/never-seen/")).status).toBe(failure === 500 ? 500 : 503);
    }
    await ghost.stop();
    for (let time = 0; time < 3; time++) expect((await read("/post/")).status).toBe(200);
    expect(await read("/post/", member("ann"))).toMatchObject({ status: 503, body: "<p>Back soon</p>" });
    ghost.fail(200);
    ghost.publish("second");
    await ghost.start();
    await vi.waitFor(async () => expect(await body("/post/")).toContain("second"), 20_000);
  });
});
