import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readInstallation } from "../../../sandbox/tools/installation.ts";
import { pulumiEnvironment } from "../../../sandbox/stack/pulumi-environment.ts";
import { hostsOf, retireHosts } from "../../support/mackerel-hosts.ts";
import { plannedChanges } from "../../support/pulumi/planned-changes.ts";
import { pulumiWorkspace } from "../../support/pulumi/workspace.ts";
import type { PulumiWorkspace } from "../../support/pulumi/workspace.ts";
import { eventually, nomad, pulumi, runningAllocations, settings, status } from "../../support/sandbox.ts";

// The author's own migration: an agent that ran as a counted service job becomes a system job, and back. A stack of its
// own declares the agent on the cluster of the sandbox's stack, beside that stack's agent.

const job = "migrated";
const role = "blog:migrated";

let workspace: PulumiWorkspace;
/** By standard input of no command, so it is kept from process lists. */
let apiKey: string;

const must = async (...args: string[]): Promise<string> => {
  const { exitCode, output, stdout } = await workspace.pulumi(...args);
  if (exitCode !== 0) throw new Error(output);
  return stdout;
};

async function declare(program: "agent-as-service" | "agent-as-system"): Promise<void> {
  const file = path.join(import.meta.dirname, "../programs", `${program}.ts`);
  await workspace.program(`import ${JSON.stringify(file)};\n`);
}

interface Job {
  readonly Type: string;
  readonly Version: number;
  readonly CreateIndex: number;
}
const inspected = async (): Promise<Job> =>
  (JSON.parse(await nomad("job", "inspect", job)) as { Job: Job }).Job;

const othersAllocations = async () =>
  (await Promise.all(["ghost", "mackerel", "nginx"].map(runningAllocations))).map((allocations) =>
    allocations.map(({ ID }) => ID).sort(),
  );

async function oneOnEachNode(): Promise<void> {
  await eventually(60, async () => {
    const nodes = (await status()).nodes.map(({ name }) => name).sort();
    const running = await runningAllocations(job);
    expect(running.map(({ NodeName }) => NodeName).sort()).toEqual(nodes);
    expect(await hostsOf(role)).toHaveLength(nodes.length);
  });
}

beforeAll(async () => {
  const installation = await readInstallation(settings);
  workspace = await pulumiWorkspace(installation.pulumi.path, {
    ...pulumiEnvironment(settings, undefined, process.env),
    PULUMI_STACK: "test",
    // The sandbox's passphrase is in a file, which one given by itself would hide.
    PULUMI_CONFIG_PASSPHRASE: undefined,
  });
  apiKey = (await pulumi("config", "get", "mackerelApiKey")).trim();
  await workspace.setSecret("mackerelApiKey", apiKey);
  const values = {
    platform: "organization/nomad-digitalocean/sandbox",
    mackerelApiUrl: (await status()).addresses.mackerel,
    role,
  };
  for (const [key, value] of Object.entries(values)) await must("config", "set", key, value);
  await declare("agent-as-service");
  await must("up", "--yes", "--skip-preview");
});

afterAll(async () => {
  await must("destroy", "--yes", "--skip-preview");
  await retireHosts(role, apiKey);
  await workspace.remove();
});

describe("an agent that a stack declares on another stack's cluster", () => {
  test("runs as a service job on three distinct nodes", async () => {
    expect((await inspected()).Type).toBe("service");
    await oneOnEachNode();
  });

  test.each([
    { program: "agent-as-system", type: "system" },
    { program: "agent-as-service", type: "service" },
  ] as const)("becomes a $type job by a change of the program, and nothing else moves", async (to) => {
    const before = {
      job: await inspected(),
      hosts: (await hostsOf(role)).sort(),
      others: await othersAllocations(),
    };
    await declare(to.program);

    const changes = plannedChanges(await must("preview", "--json"));
    expect(changes.filter(({ type }) => type === "nomad:index/job:Job")).toEqual([
      { operation: "replace", type: "nomad:index/job:Job", name: "agent-job" },
    ]);

    await must("up", "--yes", "--skip-preview");
    const after = await inspected();
    expect([after.Type, after.Version]).toEqual([to.type, 0]);
    // Purged, and registered anew.
    expect(after.CreateIndex).toBeGreaterThan(before.job.CreateIndex);
    await oneOnEachNode();
    expect((await hostsOf(role)).sort()).toEqual(before.hosts);
    expect(await othersAllocations()).toEqual(before.others);
    await must("preview", "--expect-no-changes");
  });
});
