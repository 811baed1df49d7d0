import fc from "fast-check";
import { expect, test } from "vitest";
import { resourceTypes } from "../../../../cli/report/change-groups.ts";
import { monthlyCost } from "../../../../cli/report/costs.ts";
import { resourceChanges } from "../../../../cli/report/resource-changes.ts";
import type { ResourceChange } from "../../../../cli/report/resource-changes.ts";
import { recordedEvents } from "./events.ts";

const prices = new Map([
  ["s-2vcpu-4gb", 24],
  ["s-4vcpu-8gb", 48],
]);
const cost = (name: string) => monthlyCost(resourceChanges(recordedEvents(name)), prices);

test.each([
  ["ghost-memory", 73, 73],
  ["servers-and-client", 72, 144],
  ["sizes", 73, 146],
])("the recorded preview %s costs $%i before and $%i after", (name, before, after) => {
  expect(cost(name)).toMatchObject({ before, after });
});

test("a size that grows is told with both sizes", () => {
  expect(cost("sizes").items).toContainEqual({
    resource: "blog-cluster-blog-content",
    what: "volume 10 GiB → volume 20 GiB",
    before: 1,
    after: 2,
  });
});

const droplet = (fields: Partial<ResourceChange>): ResourceChange => ({
  ...{ urn: "urn", name: "node", type: resourceTypes.droplet, action: "same", properties: [], provider: "" },
  custom: true,
  ...fields,
});

test("without prices, or with a size that has none, the sum is not known rather than too low", () => {
  const known = { size: "s-2vcpu-4gb" };
  const without = monthlyCost([droplet({ old: known, new: known })], { unavailable: "no answer" });
  expect(without).toMatchObject({ before: null, after: null });
  expect(without.notes[0]).toContain("no answer");
  const grown = monthlyCost([droplet({ action: "update", old: known, new: { size: "gpu" } })], prices);
  expect(grown).toMatchObject({ before: 24, after: null });
});

test("a load balancer costs what its nodes do", () => {
  const type = resourceTypes.loadBalancer;
  const change = { type, action: "update", old: { sizeUnit: 1 }, new: { sizeUnit: 3 } } as const;
  expect(monthlyCost([droplet(change)], prices)).toMatchObject({ before: 12, after: 36 });
});

test("what has no price here is named", () => {
  const type = "digitalocean:index/databaseCluster:DatabaseCluster";
  expect(monthlyCost([droplet({ type, action: "create", new: {} })], prices).notes).toContain(
    `${type} is not in the sum.`,
  );
});

const size = fc.constantFrom(...prices.keys());
const change = fc.oneof(
  fc.record({ old: size, new: size }),
  fc.record({ new: size }),
  fc.record({ old: size }),
) as fc.Arbitrary<{ old?: string; new?: string }>;

test("the sums are those of the sizes before and after, whatever changes", () => {
  fc.assert(
    fc.property(fc.array(change), (sizes) => {
      const sum = (side: "old" | "new") =>
        sizes.reduce((total, one) => total + (one[side] === undefined ? 0 : prices.get(one[side])!), 0);
      const changes = sizes.map((one) =>
        droplet({ ...(one.old && { old: { size: one.old } }), ...(one.new && { new: { size: one.new } }) }),
      );
      expect(monthlyCost(changes, prices)).toMatchObject({ before: sum("old"), after: sum("new") });
    }),
  );
});
