import * as digitalocean from "@pulumi/digitalocean";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { reservedMemory } from "../../../components/nodes/nomad-configuration.ts";
import { memoryOfSize } from "../../../policies/droplet-sizes.ts";
import type { Job } from "../../../policies/job.ts";
import { unplacedInstances } from "../../../policies/placement.ts";
import { oneNodeLost, oneNodeLostProblems } from "../../../policies/rules/one-node-lost.ts";

const config = { reservedMemory: 512, memory: {} };
// 3584 MiB for jobs.
const node = (name: string, volumes: string[] = [], size = "s-2vcpu-4gb") => ({ name, size, volumes });
const three = [node("n-1"), node("n-2"), node("n-3")];

interface GroupOptions {
  count?: number;
  onePerNode?: boolean;
  volume?: string;
  type?: string;
}
function job(id: string, memory: number | undefined, options: GroupOptions = {}): Job {
  const { count = 1, onePerNode = false, volume, type = "service" } = options;
  const task = { name: "t", driver: "docker", config: {}, environment: {}, environmentTemplates: [], memory };
  const hostVolumes = volume === undefined ? [] : [volume];
  return {
    id,
    type,
    groups: [{ name: id, count, hostVolumes, oneInstancePerNode: onePerNode, tasks: [task] }],
  };
}

describe("one-node-lost", () => {
  const problems = (nodes: ReturnType<typeof node>[], jobs: Job[]) =>
    oneNodeLostProblems(nodes, jobs, config);

  test.each<[string, ReturnType<typeof node>[], Job[]]>([
    ["two nodes' worth on three nodes", three, [job("web", 1792, { count: 4 })]],
    [
      "system jobs beside them",
      three,
      [job("agent", 584, { type: "system" }), job("web", 3000, { count: 2 })],
    ],
    [
      "one instance a node on the nodes that are left",
      three,
      [job("web", 100, { count: 2, onePerNode: true })],
    ],
    ["a small job after a large one", three, [job("small", 584), job("large", 3000, { count: 2 })]],
    [
      "a job that is bound to the node that is lost",
      [node("n-1", ["content"]), node("n-2")],
      [job("db", 3584, { volume: "content" })],
    ],
    ["a volume that every node offers", three, [job("agent", 3584, { volume: "agent-state", count: 2 })]],
    ["no instance at all", [node("n-1")], [job("web", 4000, { count: 0 })]],
  ])("takes %s", (_, nodes, jobs) => {
    expect(problems(nodes, jobs)).toEqual([]);
  });

  test.each<[string, ReturnType<typeof node>[], Job[], string[]]>([
    [
      "one instance too many",
      three,
      [job("web", 1792, { count: 5 })],
      ["when n-1 or n-2 or n-3 is lost, no node has room for 1 of web/web (1792 MiB each)"],
    ],
    [
      "what would fit as a sum but on no node",
      three,
      [job("web", 2000, { count: 3 })],
      ["when n-1 or n-2 or n-3 is lost, no node has room for 1 of web/web (2000 MiB each)"],
    ],
    [
      "one instance a node on every node",
      three,
      [job("web", 10, { count: 3, onePerNode: true })],
      ["when n-1 or n-2 or n-3 is lost, no node has room for 1 of web/web (10 MiB each)"],
    ],
    [
      "the loss of the larger node only",
      [node("large", [], "s-4vcpu-8gb"), node("n-2"), node("n-3")],
      [job("web", 4000)],
      ["when large is lost, no node has room for 1 of web/web (4000 MiB each)"],
    ],
    [
      "a bound job for which its own node has no room left",
      [node("n-1", ["content"]), node("n-2")],
      [job("agent", 100, { type: "system" }), job("db", 3500, { volume: "content" })],
      ["when n-2 is lost, no node has room for 1 of db/db (3500 MiB each)"],
    ],
    [
      "a cluster of one node",
      [node("n-1")],
      [job("web", 64)],
      ["when n-1 is lost, no node has room for 1 of web/web (64 MiB each)"],
    ],
    [
      "system jobs that fill a node by themselves",
      [node("n-1", [], "s-1vcpu-1gb"), node("n-2")],
      [job("agent", 600, { type: "system" })],
      ['the system jobs need 600 MiB on every node, and n-1 ("s-1vcpu-1gb") has 512 MiB for jobs'],
    ],
    [
      "a task without memory, which Nomad gives 300 MiB",
      [node("n-1"), node("n-2")],
      [job("web", undefined, { count: 12 })],
      ["when n-1 or n-2 is lost, no node has room for 1 of web/web (300 MiB each)"],
    ],
  ])("refuses %s", (_, nodes, jobs, expected) => {
    expect(problems(nodes, jobs)).toEqual(expected);
  });

  test("says which sizes it does not know, and counts them when the configuration does", () => {
    const nodes = [node("n-1", [], "c-2"), node("n-2", [], "c-2"), node("n-3", [], "c-4")];
    expect(problems(nodes, [])).toEqual([
      expect.stringMatching(/^the memory of droplet size "c-2" is not known.*memory\["c-2"\]/),
      expect.stringMatching(/^the memory of droplet size "c-4" is not known/),
    ]);
    const known = { reservedMemory: 0, memory: { "c-2": 4096, "c-4": 8192 } };
    expect(oneNodeLostProblems(nodes, [job("web", 4097)], known)).toEqual([
      "when n-3 is lost, no node has room for 1 of web/web (4097 MiB each)",
    ]);
  });

  test("reserves by default what the components' nodes reserve", () => {
    expect(oneNodeLost.configSchema?.properties["reservedMemory"]?.default).toBe(reservedMemory);
  });

  test("never takes what is more than the nodes that are left have", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 2, max: 5 }),
        (memories, count) => {
          const nodes = Array.from({ length: count }, (_, index) => node(`n-${index}`));
          const jobs = memories.map((memory, index) => job(`j-${index}`, memory));
          const needed = memories.reduce((total, memory) => total + memory, 0);
          if (needed > 3584 * (count - 1)) expect(problems(nodes, jobs)).not.toEqual([]);
        },
      ),
    );
  });
});

describe("placement", () => {
  const instance = fc.record({
    group: fc.constantFrom("a", "b", "c"),
    memory: fc.integer({ min: 1, max: 100 }),
    onePerNode: fc.boolean(),
  });

  test("leaves out nothing if there is a node with enough room for each", () => {
    fc.assert(
      fc.property(fc.array(instance, { maxLength: 8 }), (instances) => {
        const rooms = instances.map((_, index) => ({ name: `n-${index}`, memory: 100 }));
        expect(unplacedInstances(instances, rooms)).toEqual([]);
      }),
    );
  });

  test("places what only one node can run before what all can", () => {
    const bound = { group: "db", memory: 60, onePerNode: false, only: ["n-1"] };
    const free = { group: "web", memory: 100, onePerNode: false };
    const rooms = ["n-1", "n-2"].map((name) => ({ name, memory: 100 }));
    expect(unplacedInstances([free, bound], rooms)).toEqual([]);
  });
});

describe("the memory of a size", () => {
  test.each([
    ["s-1vcpu-512mb-10gb", 512],
    ["s-2vcpu-4gb", 4096],
    ["s-2vcpu-4gb-120gb-intel", 4096],
    ["so1_5-2vcpu-16gb", 16_384],
    ["c-2", undefined],
    ["gpu-h100x1-80gb", undefined],
    ["4gb", undefined],
  ])("%s is %j", (slug, memory) => {
    expect(memoryOfSize(slug)).toBe(memory);
  });

  test("is known for every size of the SDK whose slug has vCPUs and memory, and for no other", () => {
    for (const slug of Object.values(digitalocean.DropletSlug))
      expect([slug, memoryOfSize(slug) !== undefined]).toEqual([slug, /vcpu-\d+(gb|mb)/.test(slug)]);
  });
});
