import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installedNginx, startNginx } from "../../../support/nginx/started-nginx.ts";
import type { StartedNginx } from "../../../support/nginx/started-nginx.ts";
import { ask, startUpstream } from "../../../support/nomad/nginx.ts";
import type { Upstream } from "../../../support/nomad/nginx.ts";

const proxy = "127.0.0.8";
const innerProxy = "127.0.0.7";
const stranger = "127.0.0.9";
const client = "198.51.100.7";

let ghost: Upstream;
let nginx: StartedNginx;

/** What Ghost is told of the client. */
async function told(from: string, headers: Record<string, string>): Promise<Record<string, string>> {
  const { body } = await ask(nginx.address, { localAddress: from, headers });
  return (JSON.parse(body) as { headers: Record<string, string> }).headers;
}

beforeAll(async () => {
  await installedNginx();
  ghost = await startUpstream();
  nginx = await startNginx(ghost, {
    trustedProxies: [`${proxy}/32`, `${innerProxy}/32`],
    adminCidrs: [`${client}/32`],
  });
});

afterAll(async () => {
  await nginx.stop();
  await ghost.close();
});

describe("what is said of a client before nginx", () => {
  test.each<[string, string, string, string, string, string]>([
    ["a trusted proxy", proxy, client, "https", client, "https"],
    ["a trusted proxy, of http", proxy, client, "http", client, "http"],
    ["a trusted proxy that writes in capitals", proxy, client, "HTTPS", client, "https"],
    ["two trusted proxies", proxy, `${client}, ${innerProxy}`, "https", client, "https"],
    ["a client, to a trusted proxy", proxy, `203.0.113.1, ${client}`, "https", client, "https"],
    ["a trusted proxy that knows no scheme", proxy, client, "gopher", client, "http"],
    ["anybody else", stranger, client, "https", stranger, "http"],
  ])("is believed, or not, from %s", async (_, from, forwardedFor, forwardedProto, address, scheme) => {
    const headers = { "X-Forwarded-For": forwardedFor, "X-Forwarded-Proto": forwardedProto };
    expect(await told(from, headers)).toMatchObject({
      "x-forwarded-for": address,
      "x-real-ip": address,
      "x-forwarded-proto": scheme,
    });
  });

  test("decides who may reach Ghost's administration", async () => {
    const status = async (from: string) =>
      (await ask(`${nginx.address}/ghost/`, { localAddress: from, headers: { "X-Forwarded-For": client } }))
        .status;
    expect([await status(proxy), await status(stranger)]).toEqual([200, 403]);
  });
});
