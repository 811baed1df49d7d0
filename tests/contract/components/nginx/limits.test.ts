import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { startFakeGhost } from "../../../support/nginx/fake-ghost.ts";
import type { FakeGhost } from "../../../support/nginx/fake-ghost.ts";
import { installedNginx, startNginx } from "../../../support/nginx/started-nginx.ts";
import type { NginxSiteArgs, StartedNginx } from "../../../support/nginx/started-nginx.ts";
import { ask } from "../../../support/nomad/nginx.ts";

const [admin, reader, other, proxy] = ["127.0.0.7", "127.0.0.9", "127.0.0.10", "127.0.0.8"] as const;

let ghost: FakeGhost;
let nginx: StartedNginx;

async function startWith(args: NginxSiteArgs): Promise<void> {
  nginx = await startNginx(ghost, {
    adminCidrs: [`${admin}/32`],
    trustedProxies: [`${proxy}/32`],
    ...args,
  });
}

/** Statuses of so many requests at once, and how often each. */
async function statuses(
  count: number,
  from: string,
  path = "/",
  headers = {},
): Promise<Record<number, number>> {
  const answers = await Promise.all(
    Array.from({ length: count }, () => ask(`${nginx.address}${path}`, { localAddress: from, headers })),
  );
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

beforeAll(async () => {
  await installedNginx();
  ghost = await startFakeGhost("public, max-age=0");
});
afterEach(() => nginx.stop());
afterAll(() => ghost.stop());

describe("one client", () => {
  test("may make so many requests at once, and others and administrators go on", async () => {
    await startWith({ clientRequestRate: 1 });
    const counts = await statuses(40, reader);
    expect(counts[429]).toBeGreaterThanOrEqual(30);
    expect(counts[200]).toBeGreaterThanOrEqual(4);
    expect(await statuses(4, other)).toEqual({ 200: 4 });
    for (const uncounted of [admin, "127.0.0.1"]) expect(await statuses(40, uncounted)).toEqual({ 200: 40 });
    expect(await statuses(1, reader, "/nginx-health")).toEqual({ 200: 1 });
  });

  test("is who a trusted proxy says it is", async () => {
    await startWith({ clientRequestRate: 1 });
    expect(
      (await statuses(40, proxy, "/", { "X-Forwarded-For": "198.51.100.1" }))[429],
    ).toBeGreaterThanOrEqual(30);
    expect(await statuses(4, proxy, "/", { "X-Forwarded-For": "198.51.100.2" })).toEqual({ 200: 4 });
  });

  test("may have so many requests under way", async () => {
    await startWith({ clientConnections: 3 });
    let release: () => void = () => undefined;
    ghost.waitFor(new Promise((resolve) => (release = resolve)));
    const askedBefore = ghost.asked.length;
    const underWay = Array.from({ length: 3 }, (_, index) =>
      ask(`${nginx.address}/slow/?${index}`, { localAddress: reader }),
    );
    while (ghost.asked.length < askedBefore + 3) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await statuses(2, reader, "/slow/?more")).toEqual({ 429: 2 });
    release();
    expect((await Promise.all(underWay)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await statuses(2, reader)).toEqual({ 200: 2 });
  });
});

describe("an answer for a browser", () => {
  test("says how it may be used, unless Ghost says so itself, and on the holding page too", async () => {
    await startWith({ frameAncestors: ["https://www.example.com"] });
    const plain = {
      "x-content-type-options": "nosniff",
      "referrer-policy": "strict-origin-when-cross-origin",
      "content-security-policy": "frame-ancestors 'self' https://www.example.com",
    };
    const { headers } = await ask(nginx.address);
    expect(headers).toMatchObject(plain);
    expect(headers).not.toHaveProperty("strict-transport-security");
    expect((await ask(`${nginx.address}/framed/`)).headers).toMatchObject({
      ...plain,
      "content-security-policy": "frame-ancestors *",
    });
    ghost.fail(503);
    const held = await ask(`${nginx.address}/unseen/`);
    ghost.fail(200);
    expect(held.status).toBe(503);
    expect(held.headers).toMatchObject(plain);
  });

  test("asks for https from now on if that is wanted, and came by https", async () => {
    await startWith({ strictTransportSecurity: "max-age=31536000" });
    const by = async (scheme: string) =>
      (await ask(nginx.address, { localAddress: proxy, headers: { "X-Forwarded-Proto": scheme } })).headers[
        "strict-transport-security"
      ];
    expect([await by("https"), await by("http")]).toEqual(["max-age=31536000", undefined]);
  });
});

describe("further text of the servers", () => {
  const serverText = "location = /hello { return 200 hello; }\nlocation /ghost/own/ { return 200 own; }";

  test("is taken up by a reload, and does not get round who may administer", async () => {
    await startWith({ serverText });
    expect((await ask(`${nginx.address}/hello`)).body).toBe("hello");
    expect(await statuses(1, reader, "/ghost/own/")).toEqual({ 403: 1 });
    expect(await statuses(1, admin, "/ghost/own/")).toEqual({ 200: 1 });
    await nginx.reload({ socialWeb: true });
    await vi.waitFor(
      async () => expect((await ask(`${nginx.address}/hello`)).body).toContain("GET /hello for everybody"),
      5000,
    );
  });

  test("that nginx refuses leaves what it had", async () => {
    await startWith({ serverText });
    await expect(nginx.reload({ serverText: "no_such_directive on;" })).rejects.toThrow("no_such_directive");
    expect((await ask(`${nginx.address}/hello`)).body).toBe("hello");
  });
});

describe("nginx's counters", () => {
  test("are for a program of the same node, whatever it says of others", async () => {
    await startWith({});
    expect((await ask(`${nginx.address}/nginx-status`)).body).toMatch(/^Active connections: \d+/);
    const headers = { "X-Forwarded-For": "198.51.100.7" };
    expect((await ask(`${nginx.address}/nginx-status`, { localAddress: proxy, headers })).status).toBe(403);
    const address = await outerAddress();
    expect(
      (await ask(`http://${address}:${new URL(nginx.address).port}/nginx-status`, { localAddress: address }))
        .status,
    ).toBe(403);
  });
});

/** An address of this machine that is not of loopback. */
async function outerAddress(): Promise<string> {
  const { networkInterfaces } = await import("node:os");
  const found = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === "IPv4" && !one.internal);
  if (found === undefined) throw new Error("this machine has no IPv4 address but those of loopback");
  return found.address;
}
