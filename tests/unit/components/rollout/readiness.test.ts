import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { NoAnswerError, apiRequest } from "../../../../components/clients/request.ts";
import { canServeWithout } from "../../../../components/rollout/readiness.ts";
import { SilenceWatch } from "../../../../components/rollout/silence.ts";

const seconds = 1_000;

test("silence is suspicious after a minute and hopeless after five, and a refusal begins it anew", () => {
  const watch = new SilenceWatch();
  const at = (second: number, silent = true) => watch.observe(silent, second * seconds);
  expect([at(0), at(59), at(60), at(299), at(300)]).toEqual([
    "short",
    "short",
    "suspicious",
    "suspicious",
    "hopeless",
  ]);
  expect([at(301, false), at(302), at(361), at(362)]).toEqual(["short", "short", "short", "suspicious"]);
});

test("a server that says nothing is told from one that refuses", async () => {
  const server = createServer((socket) => socket.resume()).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const ask = () => apiRequest({ method: "GET", url: new URL(`http://127.0.0.1:${port}/`), timeout: 50 });
  await expect(ask()).rejects.toBeInstanceOf(NoAnswerError);
  await new Promise((resolve) => server.close(resolve));
  await expect(ask()).rejects.not.toBeInstanceOf(NoAnswerError);
});

test("one old server of three may be away, but no majority and none that the update made", () => {
  const [old, made] = [{ isNew: false }, { isNew: true }];
  expect(canServeWithout([old], 3)).toBe(true);
  expect(canServeWithout([old, old], 5)).toBe(true);
  expect(canServeWithout([old, old], 3)).toBe(false);
  expect(canServeWithout([old], 2)).toBe(false);
  expect(canServeWithout([old], 1)).toBe(false);
  expect(canServeWithout([made], 3)).toBe(false);
});
