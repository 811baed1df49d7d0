import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  clusterSlots,
  dropletIdOf,
  dropletNameOf,
  isNodeOf,
  nodeNameOf,
  nodeNameOfServer,
  parseDropletName,
  parseNodeName,
  parseSlot,
  slotOf,
} from "../../../../components/nodes/names.ts";
import type { Slot } from "../../../../components/nodes/names.ts";

const numbers = fc.integer({ min: 1, max: 1_000_000_000 });
const roles = fc.constantFrom("server" as const, "client" as const);
const slots = fc.tuple(roles, numbers).map(([role, number]) => slotOf(role, number));
/** Some of them look like the name of a droplet or of a node. */
const clusterNames = fc.oneof(
  fc.stringMatching(/^[a-z]([a-z0-9-]{0,12}[a-z0-9])?$/),
  fc.tuple(fc.constantFrom("nomad", "blog-1"), slots).map(([name, slot]) => `${name}-${slot}`),
  fc.tuple(slots, numbers).map(([slot, id]) => `nomad-${slot}-${id}`),
);

describe("names come back as they were built:", () => {
  test("a slot's", () => {
    fc.assert(
      fc.property(roles, numbers, (role, number) => {
        expect(parseSlot(slotOf(role, number))).toEqual({ role, number });
      }),
    );
  });

  test("a droplet's, whatever its cluster is called", () => {
    fc.assert(
      fc.property(clusterNames, slots, (clusterName, slot) => {
        const role = parseSlot(slot)!.role;
        expect(parseDropletName(dropletNameOf(clusterName, slot))).toEqual({ clusterName, slot, role });
      }),
    );
  });

  test("a node's, whatever its cluster is called", () => {
    fc.assert(
      fc.property(clusterNames, slots, numbers.map(String), (clusterName, slot, dropletId) => {
        const droplet = { name: dropletNameOf(clusterName, slot), id: dropletId };
        const name = nodeNameOf(droplet);
        expect(parseNodeName(name)).toMatchObject({ clusterName, slot, dropletId });
        expect(dropletIdOf(name, clusterName)).toBe(dropletId);
        expect(isNodeOf(droplet.name, name)).toBe(true);
        expect(nodeNameOfServer(`${name}.global`)).toBe(name);
      }),
    );
  });
});

test("a text that parses is the name that its parts build", () => {
  const pieces = fc.constantFrom("server", "client", "nomad", "-", "0", "1", "12", "a", "\n", "Server");
  const texts = fc.array(pieces, { maxLength: 9 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.oneof(texts, fc.string()), (text) => {
      const slot = parseSlot(text);
      if (slot) expect(slotOf(slot.role, slot.number)).toBe(text);
      const droplet = parseDropletName(text);
      if (droplet) expect(dropletNameOf(droplet.clusterName, droplet.slot)).toBe(text);
      const node = parseNodeName(text);
      if (node)
        expect(nodeNameOf({ name: dropletNameOf(node.clusterName, node.slot), id: node.dropletId })).toBe(
          text,
        );
    }),
  );
});

test.each(["server", "server-", "server-0", "server-01", "worker-1", "Server-1", "server-1\n", "server-1-2"])(
  "%j is no slot",
  (text) => {
    expect(parseSlot(text)).toBeUndefined();
  },
);

test.each(["server-1-7", "nomad-server-1", "nomad-worker-1-7", "nomad-server-1-07", "nomad-server-1-7\n"])(
  "%j is no node's name",
  (text) => {
    expect(parseNodeName(text)).toBeUndefined();
  },
);

test("a node is one of its droplet's name only", () => {
  expect(isNodeOf("blog-server-1", "blog-server-1-1001")).toBe(true);
  expect(isNodeOf("blog-server-1", "blog-server-10-1001")).toBe(false);
  expect(isNodeOf("blog-server-1", "blog-server-1")).toBe(false);
  expect(dropletIdOf("blog-server-1-1001", "blo")).toBeUndefined();
});

test("a node's name never comes back with another droplet", () => {
  const name = "blog-server-1";
  expect(nodeNameOf({ name, id: "1001" })).not.toBe(nodeNameOf({ name, id: "1002" }));
});

test.each<[number, number, Slot[]]>([
  [3, 2, ["server-1", "server-2", "server-3", "client-1", "client-2"]],
  [1, 0, ["server-1"]],
  // Counts that the validation refuses must not break it.
  [1.5, -1, ["server-1"]],
])("a cluster of %s servers and %s clients has its slots in order", (serverCount, clientCount, expected) => {
  expect(clusterSlots({ serverCount, clientCount })).toEqual(expected);
});
