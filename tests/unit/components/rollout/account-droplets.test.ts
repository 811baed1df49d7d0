import { describe, expect, test } from "vitest";
import { clusterDroplets } from "../../../../components/rollout/observe/account-droplets.ts";
import type { ListedDroplet } from "../../../../components/rollout/observe/account-droplets.ts";

let lastId = 0;
const droplet = (name: string, changed: Partial<ListedDroplet> = {}): ListedDroplet => ({
  ...{ id: (lastId += 1), name, size: "s-2vcpu-4gb", status: "active", region: "sgp1", volumeIds: [] },
  ...{ tags: ["nomad-cluster-blog"], vpcUuid: "own", ipv4Address: "192.0.2.9", ipv4AddressPrivate: "" },
  ...changed,
});
const server = droplet("blog-server-1");
const untagged = { tags: [] };

describe("the droplets of a cluster", () => {
  test.each<[string, ListedDroplet[], string[]]>([
    ["those with its tag", [server, droplet("blog-client-1")], ["blog-server-1", "blog-client-1"]],
    [
      "one that lost its tag, beside one that has it",
      [server, droplet("blog-server-2", untagged)],
      ["blog-server-1", "blog-server-2 untagged"],
    ],
    [
      "not one of the name in another network",
      [server, droplet("blog-server-2", { ...untagged, vpcUuid: "other" })],
      ["blog-server-1"],
    ],
    ["none where no tag says so", [droplet("blog-server-1", untagged)], []],
    [
      "not a bastion with its tag in another network",
      [server, droplet("bastion", { vpcUuid: "other" })],
      ["blog-server-1"],
    ],
    [
      "not one of another cluster in its network",
      [server, droplet("blog-2-server-1", { tags: ["nomad-cluster-blog-2"] })],
      ["blog-server-1"],
    ],
  ])("are %s", (_, listed, expected) => {
    const found = clusterDroplets("blog", listed);
    expect(found.map(({ name, tagged }) => (tagged ? name : `${name} untagged`))).toEqual(expected);
  });

  test("are those at its reserved addresses and in their network when all lost their tags", () => {
    const listed = ["blog-server-1", "blog-client-1"].map((name) => droplet(name, untagged));
    const stranger = droplet("blog-client-2", { ...untagged, vpcUuid: "other" });
    expect(clusterDroplets("blog", [...listed, stranger], [listed[0]!.id])).toMatchObject([
      { name: "blog-server-1", tagged: false },
      { name: "blog-client-1", tagged: false },
    ]);
  });
});
