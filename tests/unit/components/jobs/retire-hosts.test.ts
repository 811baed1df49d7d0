import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hostsOfGoneDroplets } from "../../../../components/jobs/monitoring/retire-hosts.ts";
import { nodeNameOf } from "../../../../components/nodes/names.ts";

// Names of which one begins with the other, and with what follows a cluster's name.
const clusterNames = ["nomad", "nomad-a", "nomad-a-server-1", "nomad-server-1", "nomad-client", "a"];
const slots = ["server-1", "server-2", "server-10", "client-1"];

const node = fc.record({
  cluster: fc.constantFrom(...clusterNames),
  slot: fc.constantFrom(...slots),
  dropletId: fc.integer({ min: 1, max: 60 }).map(String),
});
const nameOf = ({ cluster, slot, dropletId }: { cluster: string; slot: string; dropletId: string }) =>
  nodeNameOf({ name: `${cluster}-${slot}`, id: dropletId });

describe("hosts of gone droplets", () => {
  test("are all those, and only those, of this cluster's nodes whose droplet is neither listed nor just made", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...clusterNames),
        fc.uniqueArray(node, { selector: nameOf }),
        fc.array(fc.integer({ min: 1, max: 60 }).map(String)),
        fc.array(fc.nat(20)),
        (clusterName, nodes, dropletIds, made) => {
          const nodeNames = made.flatMap((index) => (nodes[index] ? [nameOf(nodes[index])] : []));
          const hosts = nodes.map((one) => ({ id: `host of ${nameOf(one)}`, name: nameOf(one) }));
          const expected = nodes
            .filter(({ cluster, dropletId }) => cluster === clusterName && !dropletIds.includes(dropletId))
            .map(nameOf)
            .filter((name) => !nodeNames.includes(name));
          const gone = hostsOfGoneDroplets(hosts, { clusterName, dropletIds, nodeNames });
          expect(gone.map(({ name }) => name)).toEqual(expected);
        },
      ),
    );
  });

  test.each([
    ["no display name", undefined],
    ["a display name of its owner's choice", "my server"],
    ["a droplet's name without its id", "nomad-server-1"],
    ["a slot that no cluster has", "nomad-worker-1-9"],
    ["more after the id", "nomad-server-1-9-old"],
    ["other capitals", "Nomad-server-1-9"],
    ["a line of its own", "nomad-server-1-9\n"],
  ])("are none with %s", (_, name) => {
    const host = { id: "3yAYEDLXKL5", ...(name !== undefined && { name }) };
    expect(hostsOfGoneDroplets([host], { clusterName: "nomad", dropletIds: [], nodeNames: [] })).toEqual([]);
  });
});
