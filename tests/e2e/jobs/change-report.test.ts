import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { parseDropletName, parseNodeName } from "../../../components/nodes/names.ts";
import { nextImage } from "../../drills/roll.ts";
import { runningSandbox } from "../../drills/running-sandbox.ts";
import type { PreviewReport } from "../../../cli/report/preview-report.ts";
import { stackConfigFile } from "../../../sandbox/stack/pulumi-environment.ts";
import { nomad, pulumi, sandboxPrinted, setConfig, settings, status, up } from "../../support/sandbox.ts";

interface Allocation {
  readonly ID: string;
  readonly JobVersion: number;
  readonly DesiredStatus: string;
  readonly ClientStatus: string;
}

const canary = "canary-5bd1e995-of-a-changed-secret";
const configFile = stackConfigFile(settings);
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), "preview-report-"));
  await copyFile(configFile, path.join(directory, "before.yaml"));
});
afterEach(() => copyFile(path.join(directory, "before.yaml"), configFile));
afterAll(() => rm(directory, { recursive: true }));

/** The report of the sandbox's stack as it is configured now, and all that came out on the way. */
async function report(): Promise<{ report: PreviewReport; everything: string }> {
  const { exitCode, all } = await sandboxPrinted("report", "--out", directory);
  expect(exitCode, all).toBe(0);
  const [json, page] = await Promise.all(
    ["sandbox.json", "sandbox.md"].map((name) => readFile(path.join(directory, name), "utf8")),
  );
  return { report: JSON.parse(json!) as PreviewReport, everything: `${all}\n${json}\n${page}` };
}

async function liveAllocations(job: string): Promise<Allocation[]> {
  const all = JSON.parse(await nomad("job", "allocs", "-json", job)) as Allocation[];
  return all.filter(
    ({ DesiredStatus, ClientStatus }) => DesiredStatus === "run" && ClientStatus === "running",
  );
}

/** What became of the allocations, in the words of the report. */
function observed(before: readonly Allocation[], after: readonly Allocation[]) {
  const version = (id: string) => before.find(({ ID }) => ID === id)?.JobVersion;
  return {
    create: after.filter(({ ID }) => version(ID) === undefined).length,
    destroy: before.filter(({ ID }) => !after.some((one) => one.ID === ID)).length,
    updateInPlace: after.filter(({ ID, JobVersion }) => (version(ID) ?? JobVersion) !== JobVersion).length,
  };
}

describe("the report on the sandbox's stack", () => {
  test("without a change has none, and the price of three droplets, a load balancer and a volume", async () => {
    const { report: unchanged } = await report();
    expect(unchanged).toMatchObject({ outcome: "succeeded", errors: [], jobs: [], secrets: [], other: [] });
    expect(unchanged.nodes).toEqual({ changes: [], rollout: null });
    expect([unchanged.cost.before, unchanged.cost.after]).toEqual([85, 85]);
  });

  test("with changed jobs says of their allocations what Nomad then does", async () => {
    await setConfig("ghostMemory", "640");
    await setConfig("mackerelPriority", "60");
    const { report: changed } = await report();
    expect(changed.jobs.map(({ job, effect }) => [job, effect]).sort()).toEqual([
      ["ghost", "restarted"],
      ["mackerel", "in place"],
    ]);
    const jobs = changed.jobs.map(({ job }) => job);
    const before = await Promise.all(jobs.map(liveAllocations));
    await up();
    const after = await Promise.all(jobs.map(liveAllocations));
    const pictures = changed.jobs.map(({ groups }) => {
      const { create, destroy, updateInPlace } = groups![0]!;
      return { create, destroy, updateInPlace };
    });
    expect(pictures).toEqual(jobs.map((_, index) => observed(before[index]!, after[index]!)));

    await copyFile(path.join(directory, "before.yaml"), configFile);
    await up();
  });

  test("with another image of the droplets tells in which order they are replaced, the leader last", async () => {
    await setConfig("image", await nextImage(await runningSandbox(settings, console.error)));
    const { report: changed } = await report();
    const { changes, rollout } = changed.nodes;
    const names = (await status()).nodes.map(({ name }) => parseNodeName(name)!.dropletName).sort();
    expect(changes.map(({ node }) => node).sort()).toEqual(names);
    for (const change of changes)
      expect(change).toMatchObject({ action: "replace", properties: ["image", "userData"] });
    const last = parseDropletName(changes.at(-1)!.node)!.slot;
    expect(rollout).toMatch(new RegExp(`replaced one after another: .*${last} \\(leader\\)$`));
    expect(changed.jobs).toEqual([]);
    expect([changed.cost.before, changed.cost.after]).toEqual([85, 85]);
  });

  test("with a changed secret names the job that reads it, and holds neither the old value nor the new", async () => {
    const old = (await pulumi("config", "get", "mackerelApiKey")).trim();
    await pulumi("config", "set", "--secret", "mackerelApiKey", canary);
    const { report: changed, everything } = await report();
    expect(changed.secrets).toMatchObject([{ action: "update", path: "nomad/jobs/mackerel" }]);
    expect(changed.jobs).toMatchObject([{ job: "mackerel", effect: "restarted", groups: null }]);
    const outputs = JSON.parse(await pulumi("stack", "output", "--json", "--show-secrets")) as {
      managementToken: string;
      connection: { token: string };
    };
    const token = (await pulumi("config", "get", "digitalocean:token")).trim();
    for (const secret of [canary, old, token, outputs.managementToken, outputs.connection.token]) {
      expect(secret.length).toBeGreaterThan(8);
      expect(everything).not.toContain(secret);
    }
  });
});
