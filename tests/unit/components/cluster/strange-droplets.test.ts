import { expect, test } from "vitest";
import { describeStrangeDroplets } from "../../../../components/cluster/account/strange-droplets.ts";
import type { PlannedChange, PlannedRollout } from "../../../../components/rollout/plan/planned-rollout.ts";
import { clusterDroplet } from "../../../support/nomad/cluster-droplet.ts";

const droplets = [1, 2, 3].map((number) =>
  clusterDroplet({ id: `9${number}`, name: `blog-server-${number}` }),
);
const plan = (...actions: PlannedChange["action"][]): PlannedRollout => ({
  version: 1,
  summary: "",
  changes: actions.map((action, index) => ({
    ...{ droplet: `blog-server-${index + 1}`, slot: `server-${index + 1}` },
    ...{ action, leader: false },
  })),
});

test("a droplet in a slot whose droplet is made is named, unless the rollout replaces it", () => {
  const made = ["blog-server-1", "blog-server-2", "blog-server-4"];
  expect(describeStrangeDroplets(made, droplets, undefined)).toContain("blog-server-1-91, blog-server-2-92.");
  expect(describeStrangeDroplets(made, droplets, plan("join", "replace"))).toMatch(/has blog-server-1-91\./);
  expect(describeStrangeDroplets(made, droplets, plan("replace", "replace"))).toBeUndefined();
  expect(describeStrangeDroplets([], droplets, undefined)).toBeUndefined();
});
