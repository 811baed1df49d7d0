import { existsSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readServers } from "../../components/rollout/observe/read-cluster.ts";
import { sandboxSettings } from "../../sandbox/settings.ts";
import { Bench } from "../drills/faults/bench.ts";
import { benchTools } from "../drills/faults/drill.ts";
import { accountResources, stackView } from "../drills/faults/stack-view.ts";
import type { StackView } from "../drills/faults/stack-view.ts";

const root = new URL("../..", import.meta.url).pathname;
const longest = { timeout: 300_000 };
let bench: Bench;
let view: StackView;

beforeAll(async () => {
  bench = await Bench.start(44, await benchTools(sandboxSettings(root)));
  view = await stackView(bench);
}, 300_000);
afterAll(() => bench.close());

/** What a rollout would change of the cluster. */
async function cluster() {
  const { droplets } = await bench.call<{ droplets: { id: number; size_slug: string; tags: string[] }[] }>(
    "GET",
    "/v2/droplets?per_page=200",
  );
  return {
    droplets: droplets.map(({ id, size_slug, tags }) => ({ id, size_slug, tags })),
    nodes: (await view.withFailover((server) => server.nodes()))
      .map(({ Name, Status, SchedulingEligibility, LastDrain }) => ({
        ...{ Name, Status, SchedulingEligibility, LastDrain },
      }))
      .sort((one, other) => one.Name.localeCompare(other.Name)),
    servers: (await readServers(view.withFailover)).sort((one, other) => one.name.localeCompare(other.name)),
    gossipKeys: (await view.withFailover((server) => server.gossipKeys())).Keys,
    snapshot: existsSync(path.join(bench.directory, "snapshots")),
  };
}

async function takeTagOff(): Promise<void> {
  const { droplets } = await bench.call<{ droplets: { id: number; name: string; tags: string[] }[] }>(
    "GET",
    "/v2/droplets?per_page=200",
  );
  const { id, tags } = droplets.find(({ name }) => name === "faults-server-2")!;
  for (const tag of tags)
    await bench.call("DELETE", `/v2/tags/${tag}/resources`, {
      resources: [{ resource_id: String(id), resource_type: "droplet" }],
    });
}

/** Runs a command that runs the program too, and returns what it asked the account to change. */
async function changesOf(command: string): Promise<string[]> {
  const before = (await bench.requests()).length;
  const { exitCode, output } = await bench.pulumi(command, "--run-program", "--yes", "--skip-preview").ended;
  expect(exitCode, output).toBe(0);
  return (await bench.requests())
    .slice(before)
    .filter(({ method }) => method !== "GET")
    .map(({ method, path: target }) => `${method} ${target}`);
}

test("a refresh that runs the program leaves the cluster alone", longest, async () => {
  await takeTagOff();
  await bench.configure("2m", { "faults:size": "s-4vcpu-8gb" });
  const before = await cluster();
  expect(await changesOf("refresh")).toEqual([]);
  expect(await cluster()).toEqual(before);
});

test("an update that leaves the rollout out is refused before it touches a droplet", longest, async () => {
  const before = await cluster();
  const target = ["--target", "**Droplet::nomad-server-1-droplet"];
  const { exitCode, output } = await bench.pulumi("up", "--yes", "--skip-preview", ...target).ended;
  expect(exitCode, output).not.toBe(0);
  expect(output).toContain("server-1: its droplet is not touched");
  expect(output).toContain("add `--target '**Stash::nomad-rollout'`");
  expect(await cluster()).toEqual(before);
});

test("a destroy that runs the program deletes, and does nothing to the cluster before", longest, async () => {
  const changes = await changesOf("destroy");
  // The plugin shuts a droplet down by an action before it deletes it.
  const isPart = (change: string) => /^DELETE |^POST \/v2\/droplets\/\d+\/actions$/.test(change);
  expect(changes.filter((change) => !isPart(change))).toEqual([]);
  expect(existsSync(path.join(bench.directory, "snapshots"))).toBe(false);
  expect(await accountResources(bench)).toEqual([]);
});
