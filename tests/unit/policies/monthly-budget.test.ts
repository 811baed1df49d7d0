import { describe, expect, test } from "vitest";
import { sizes } from "../../../emulators/digitalocean/index.ts";
import { monthlyPrices } from "../../../policies/droplet-sizes.ts";
import { monthlyBudgetProblems } from "../../../policies/rules/monthly-budget.ts";
import type { PricedResource } from "../../../policies/rules/monthly-budget.ts";

const resource = (type: string, props = {}): PricedResource => ({
  type: `digitalocean:index/${type}`,
  props,
});
const droplet = (size: string) => resource("droplet:Droplet", { size });
const blog = [
  ...Array.from({ length: 3 }, () => droplet("s-2vcpu-4gb")),
  resource("volume:Volume", { size: 10 }),
  ...["vpc:Vpc", "firewall:Firewall", "tag:Tag", "reservedIp:ReservedIp"].map((type) => resource(type)),
];
const problems = (resources: PricedResource[], monthlyBudget: number, prices = {}, volumePrice = 0.1) =>
  monthlyBudgetProblems(resources, { monthlyBudget, prices, volumePrice });

describe("monthly-budget", () => {
  test("takes what costs exactly the budget, as the README says it", () => {
    expect(problems(blog, 73)).toEqual([]);
  });

  test("refuses what costs a cent more, and says what it is made of", () => {
    expect(problems(blog, 72.99)).toEqual([
      "$73.00 a month are more than the budget of $72.99: 3 × s-2vcpu-4gb $72.00, 10 GiB of volumes $1.00",
    ]);
  });

  test("takes prices of the configuration before its own", () => {
    expect(problems(blog, 40, { "s-2vcpu-4gb": 10 }, 1)).toEqual([]);
    expect(problems(blog, 39.99, { "s-2vcpu-4gb": 10 }, 1)).toEqual([
      expect.stringContaining("$40.00 a month"),
    ]);
  });

  test("adds up in cents", () => {
    const volumes = Array.from({ length: 3 }, () => resource("volume:Volume", { size: 1 }));
    expect(problems(volumes, 0.3)).toEqual([]);
  });

  test.each([
    ["a size", [droplet("c-2"), droplet("c-2")], '2 × "c-2"', "c-2", 42],
    [
      "a resource that is no droplet",
      [resource("databaseCluster:DatabaseCluster")],
      '1 × "digitalocean:index/databaseCluster:DatabaseCluster"',
      "digitalocean:index/databaseCluster:DatabaseCluster",
      12,
    ],
  ])(
    "says that the price of %s is not known, and counts it when the configuration does",
    (_, extra, text, key, price) => {
      expect(problems([...blog, ...extra], 1000)).toEqual([
        expect.stringMatching(`^the price of ${text} is not known.*`),
      ]);
      const total = 73 + extra.length * price;
      expect(problems([...blog, ...extra], total, { [key]: price })).toEqual([]);
      expect(problems([...blog, ...extra], total - 1, { [key]: price })).toHaveLength(1);
    },
  );

  test("says both when the known part alone is over the budget", () => {
    expect(problems([...blog, droplet("c-2")], 50)).toHaveLength(2);
  });

  test("has the prices of the sandbox's DigitalOcean", () => {
    for (const { slug, price_monthly } of sizes)
      expect([slug, monthlyPrices[slug]]).toEqual([slug, price_monthly]);
  });
});
