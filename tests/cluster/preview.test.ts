import { rm } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rolloutPlans } from "../../cli/report/rollout-plans.ts";
import type { PlannedRollout } from "../../components/rollout/plan/planned-rollout.ts";
import { readEventLog } from "../support/pulumi/event-log.ts";
import { Bench } from "../drills/faults/bench.ts";
import { benchTools } from "../drills/faults/drill.ts";
import { sandboxSettings } from "../../sandbox/settings.ts";

const root = new URL("../..", import.meta.url).pathname;
let bench: Bench;
let leader: string;
let others: string[];

beforeAll(async () => {
  bench = await Bench.start(40, await benchTools(sandboxSettings(root)));
  const [plan] = await plans(["--replace", "**RandomPassword::nomad-gossip-key"]);
  others = plan!.changes.filter((change) => !change.leader).map(({ slot }) => slot);
  leader = plan!.changes.find((change) => change.leader)!.slot;
}, 300_000);
afterAll(() => bench.close());

/** What a preview plans for the bench's cluster of three servers; the plan is on the screen too. */
async function plans(
  options: readonly string[] = [],
  serverCount = 3,
  clientCount = 0,
): Promise<PlannedRollout[]> {
  const counts = Object.entries({ serverCount, clientCount }).flatMap(([key, count]) => [
    "--config",
    `faults:${key}=${count}`,
  ]);
  const eventLog = path.join(bench.directory, "events.ndjson");
  await rm(eventLog, { force: true });
  const { exitCode, output } = await bench.pulumi("preview", ...counts, ...options, "--event-log", eventLog)
    .ended;
  expect(exitCode, output).toBe(0);
  const planned = rolloutPlans(await readEventLog(eventLog));
  // The CLI shows it while it works, and again at the end.
  const shown = output.split("\n").flatMap((line) => /rollout: (.*)/.exec(line)?.[1]?.trim() ?? []);
  expect([...new Set(shown)]).toEqual(planned.map(({ summary }) => summary));
  return planned;
}

/** The tag of the cluster on a droplet of the account. */
async function tagged(name: string) {
  const { droplets } = await bench.call<{ droplets: { id: number; name: string; tags: string[] }[] }>(
    "GET",
    "/v2/droplets?per_page=200",
  );
  return droplets.find((droplet) => droplet.name === name)!;
}

const change = (slot: string, action: string) => ({
  ...{ droplet: `faults-${slot}`, slot, action },
  leader: slot === leader,
});

test("a preview plans nothing for a cluster that does not change", async () => {
  expect(await plans(["--expect-no-changes"])).toEqual([]);
});

// The certificate and the reserved address of a new slot are known only after the update.
test("a preview plans that a client is created and that nothing else changes", async () => {
  expect(await plans([], 3, 2)).toEqual([
    {
      version: 1,
      summary: "created first: client-1, client-2",
      changes: [change("client-1", "create"), change("client-2", "create")],
    },
  ]);
});

test("a preview plans that added servers come first, and that the others, which have to know them, are replaced", async () => {
  expect(await plans([], 5)).toEqual([
    {
      version: 1,
      summary: `created first: server-4, server-5; replaced one after another: ${others.join(", ")}, ${leader} (leader)`,
      changes: [
        ...["server-4", "server-5"].map((slot) => change(slot, "create")),
        ...[...others, leader].map((slot) => change(slot, "replace")),
      ],
    },
  ]);
});

test("a preview plans for the slot whose droplet a new certificate replaces", async () => {
  const slot = others[0]!;
  expect(await plans(["--replace", `**LocallySignedCert::nomad-certificates-${slot}`])).toEqual([
    {
      version: 1,
      summary: `replaced one after another: ${slot}`,
      changes: [change(slot, "replace")],
    },
  ]);
});

test("a preview refuses another name for a cluster that runs, and says to which it is set back", async () => {
  const { exitCode, output } = await bench.pulumi("preview", "--config", "faults:clusterName=other").ended;
  // The CLI keeps it in the stack's configuration.
  await bench.configure();
  expect(exitCode, output).not.toBe(0);
  expect(output).toMatch(
    /clusterName: this stack's cluster is named "faults", not "other".*Set it to "faults"/s,
  );
});

test("a tag that somebody took off a droplet is put back by the next update, which touches no server", async () => {
  const before = await tagged("faults-server-2");
  const [tag] = before.tags;
  await bench.call("DELETE", `/v2/tags/${tag}/resources`, {
    resources: [{ resource_id: String(before.id), resource_type: "droplet" }],
  });
  expect((await tagged(before.name)).tags).toEqual([]);
  expect((await plans()).map(({ summary }) => summary)).toEqual([
    `the cluster's tag, which somebody removed, put back on: faults-server-2-${before.id}`,
  ]);
  const { exitCode, output } = await bench.pulumi("up", "--yes", "--skip-preview").ended;
  expect(exitCode, output).toBe(0);
  expect(await tagged(before.name)).toEqual(before);
  expect(output).not.toContain("dead servers dropped");
  expect(await plans()).toEqual([]);
});

test("a droplet that --replace replaces is drained before it goes, and its server handed over", async () => {
  const asked = `**Droplet::nomad-${leader}-droplet`;
  const { exitCode, output } = await bench.pulumi("up", "--yes", "--skip-preview", "--replace", asked).ended;
  expect(exitCode, output).toBe(0);
  expect(output).toContain(`${leader}: its droplet is replaced, which this program did not ask for`);
  expect(output).toContain("Nomad's state is kept in");
  expect(await plans(["--expect-no-changes"])).toEqual([]);
});

test("another size keeps every droplet and its disk, and a size with a smaller disk is refused", async () => {
  const inAccount = async () => {
    const { droplets } = await bench.call<{ droplets: { id: number; size_slug: string; disk: number }[] }>(
      "GET",
      "/v2/droplets?per_page=200",
    );
    return droplets.map(({ id, size_slug, disk }) => ({ id, size_slug, disk }));
  };
  const withSize = (command: string, size: string) =>
    bench.pulumi(
      ...[
        command,
        "--config",
        `faults:size=${size}`,
        ...(command === "up" ? ["--yes", "--skip-preview"] : []),
      ],
    ).ended;
  const smaller = await withSize("preview", "s-1vcpu-2gb");
  expect(smaller.exitCode).not.toBe(0);
  expect(smaller.output).toMatch(/size: "s-1vcpu-2gb" has 50 GB of disk.*never shrinks/);
  const before = await inAccount();
  const { exitCode, output } = await withSize("up", "s-4vcpu-8gb");
  expect(exitCode, output).toBe(0);
  expect(await inAccount()).toEqual(before.map((droplet) => ({ ...droplet, size_slug: "s-4vcpu-8gb" })));
  expect(output).toMatch(
    /replaced one after another: (server-\d \(resized\), ){2}server-\d \(resized, leader\)/,
  );
});
