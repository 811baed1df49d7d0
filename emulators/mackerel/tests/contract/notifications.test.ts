import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startMackerelApi } from "../../index.ts";
import type { MackerelApi } from "../../index.ts";

const headers = { "x-api-key": "key", "content-type": "application/json" };
const received: unknown[] = [];
let isDown = false;
let api: MackerelApi;

// A blog and somebody's webhook in one.
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    if (request.method === "POST") received.push(JSON.parse(Buffer.concat(chunks).toString()));
    response.writeHead(request.method === "GET" && isDown ? 502 : 200).end("Ghost");
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  api = await startMackerelApi({ apiKeys: [{ key: "key", writes: true }], evaluationInterval: 0 });
});
afterAll(async () => {
  await api.close();
  server.close();
});

const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function post(path: string, body: object): Promise<void> {
  const answer = await fetch(api.url + path, { method: "POST", headers, body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
}

describe("an external monitor", () => {
  it("asks the URL and tells a webhook that it is down, and that it is up again", async () => {
    await post("/api/v0/channels", {
      ...{ type: "webhook", name: "pager", url: `${url()}/hook`, events: ["alert"] },
      addToDefaultNotificationGroup: true,
    });
    await post("/api/v0/monitors", {
      ...{ type: "external", name: "blog", url: url(), method: "GET", containsString: "Ghost" },
      maxCheckAttempts: 2,
    });
    for (const down of [false, true, true, false]) {
      isDown = down;
      await post("/_emulator/evaluate", {});
    }
    expect(received).toMatchObject([
      {
        ...{ event: "alert", type: "external", message: "status code 502" },
        alert: { status: "critical", isOpen: true, monitorName: "blog", closedAt: null },
      },
      { event: "alert", alert: { status: "ok", isOpen: false, monitorName: "blog" } },
    ]);
  });
});
