import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { NoAnswerError, apiRequest } from "../../../../components/clients/request.ts";
import { canServeWithout, volumesAway, waitForCluster } from "../../../../components/rollout/readiness.ts";
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

const node = (name: string, isNew: boolean, ...volumes: string[]) => ({ name, isNew, volumes });
const offer = (Name: string, ...volumes: string[]) => ({
  Name,
  HostVolumes: Object.fromEntries(volumes.map((volume) => [volume, { ReadOnly: false }])),
});

test.each([
  ["it has no volumes", [node("a", true)], [{ Name: "a", HostVolumes: null }], []],
  ["it offers its own", [node("a", true, "blog")], [offer("a", "blog", "logs")], []],
  ["it offers none", [node("a", true, "blog")], [{ Name: "a", HostVolumes: null }], ["blog of a"]],
  ["Nomad does not list it", [node("a", true, "blog")], [offer("b", "blog")], ["blog of a"]],
  ["it was there before the update", [node("a", false, "blog")], [offer("a")], []],
  [
    "it offers one of two",
    [node("a", true, "blog", "logs"), node("b", true, "db")],
    [offer("a", "logs"), offer("b")],
    ["blog of a", "db of b"],
  ],
])("the volumes of a node that jobs cannot use yet, where %s", (_, expected, listed, away) => {
  expect(volumesAway(expected, listed)).toEqual(away);
});

test("a cluster is not ready while a volume of a new node is not offered, though its agent answers", async () => {
  let looks = 0;
  const answers: Readonly<Record<string, () => unknown>> = {
    "/v1/status/leader": () => "127.0.0.1:4647",
    "/v1/status/peers": () => ["127.0.0.1:4647"],
    "/v1/acl/token/self": () => ({}),
    "/v1/nodes": () => {
      looks += 1;
      return [{ ...offer("blog-server-1-1", ...(looks > 1 ? ["blog"] : [])), Status: "ready" }];
    },
  };
  const server = createHttpServer((request, response) => {
    const answer = answers[request.url ?? ""];
    response.writeHead(answer ? 200 : 404).end(JSON.stringify(answer?.()));
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const told: string[] = [];
  await waitForCluster(
    {
      nodes: [{ ...node("blog-server-1-1", true, "blog"), address: `http://127.0.0.1:${port}` }],
      caCertificate: "",
      managementToken: "01234567-89ab-4def-8123-456789abcdef",
      deadline: 10_000,
    },
    { status: (message) => told.push(message), warn: (message) => told.push(message) },
  );
  await new Promise((resolve) => server.close(resolve));
  expect(told).toEqual([
    'waiting for the nodes, 0 s: volumes not offered to jobs: blog of blog-server-1-1 (on the node, "journalctl -u nomad-volumes" says more)',
  ]);
});
