import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { imageDates, nodeDroplets, oldImageRemarks } from "../../../../cli/report/node-images.ts";
import type { NodeDroplet } from "../../../../cli/report/node-images.ts";

const urnOf = (name: string, parent = "nomad-digitalocean:index:ClusterNode") =>
  `urn:pulumi:sgp1::nomad::nomad-digitalocean:index:BlogPlatform$${parent}$digitalocean:index/droplet:Droplet::${name}`;
const node = (name: string, createdAt: string, image = "debian-12-x64"): NodeDroplet => ({
  ...{ urn: urnOf(name), name, image, createdAt },
});
const dates = new Map([["debian-12-x64", { createdAt: "2026-11-20T15:02:11Z" }]]);

test("nodes that were made before the image are named, but for those that are replaced or removed anyway", () => {
  const droplets = [
    ...[node("b", "2026-11-20T15:02:10Z"), node("a", "2026-06-01T00:00:00Z")],
    ...[node("new", "2026-11-20T15:02:11Z"), node("own", "2026-06-01T00:00:00Z", "158")],
    ...[node("replaced", "2026-06-01T00:00:00Z"), node("removed", "2026-06-01T00:00:00Z")],
  ];
  const changes = [
    { urn: urnOf("replaced"), action: "replace" },
    { urn: urnOf("removed"), action: "delete" },
    { urn: urnOf("a"), action: "update" },
  ] as const;
  expect(oldImageRemarks(droplets, changes, dates)).toEqual([
    "DigitalOcean has a newer image debian-12-x64, of 2026-11-20, than the nodes were made from: a, b. Another text of rebuild replaces them.",
  ]);
  expect(oldImageRemarks(droplets.slice(2, 3), [], dates)).toEqual([]);
  expect(oldImageRemarks(droplets, changes, new Map())).toEqual([]);
});

test("the droplets of nodes are taken from the state, and no others", () => {
  const outputs = { name: "blog-server-1", image: "debian-12-x64", createdAt: "2026-06-01T00:00:00Z" };
  const resources = [
    { urn: urnOf("server-1"), outputs },
    { urn: urnOf("bastion", "pulumi:pulumi:Stack"), outputs },
    { urn: urnOf("server-2") },
  ];
  expect(nodeDroplets({ resources })).toEqual([{ urn: urnOf("server-1"), ...outputs }]);
  expect(nodeDroplets(undefined)).toEqual([]);
});

test("DigitalOcean is asked once a slug, and what it does not say is a remark", async () => {
  const asked: string[] = [];
  const server = createServer(({ url = "", headers }, response) => {
    asked.push(`${url} ${headers.authorization}`);
    const isThere = url === "/v2/images/debian-12-x64";
    response.writeHead(isThere ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify({ image: { created_at: "2026-11-20T15:02:11Z" } }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const old = "2026-06-01T00:00:00Z";
    const droplets = [node("a", old), node("b", old), node("c", old, "158"), node("d", old, "debian-11-x64")];
    const found = await imageDates(droplets, { endpoint, token: "dop" });
    expect(asked.sort()).toEqual([
      "/v2/images/debian-11-x64 Bearer dop",
      "/v2/images/debian-12-x64 Bearer dop",
    ]);
    expect(found.get("debian-12-x64")).toEqual({ createdAt: "2026-11-20T15:02:11Z" });
    expect(oldImageRemarks(droplets, [], found)).toEqual([
      expect.stringContaining("newer image debian-12-x64"),
      "Whether image debian-11-x64 is newer than the nodes is not known: GET /v2/images/debian-11-x64 answered 404.",
    ]);
    expect(await imageDates(droplets, { endpoint })).toEqual(new Map());
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
