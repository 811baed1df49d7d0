import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { programStack } from "../../support/pulumi/program-stack.ts";
import type { ProgramStack } from "../../support/pulumi/program-stack.ts";
import { rolloutPlans } from "../../../cli/report/rollout-plans.ts";
import { readEventLog } from "../../support/pulumi/event-log.ts";
import type { PulumiResult } from "../../support/pulumi/command.ts";

const config = { readyTimeout: "2s" };
let stack: ProgramStack;

interface Request {
  method: string;
  path: string;
}
async function requests(): Promise<Request[]> {
  const lines = (await readFile(path.join(stack.directory, "digitalocean.log"), "utf8")).trim().split("\n");
  return lines.map((line) => JSON.parse(line) as Request);
}
const changing = (made: readonly Request[]) =>
  made.filter(({ method, path: target }) => method !== "GET" && target.startsWith("/v2/droplets"));

// The droplets are stored only, so that no agent ever answers: a cluster that cannot be reached.
describe("a cluster whose droplets exist and do not answer, in a real `pulumi up`", () => {
  let made: Request[];
  let previewOfNew: PulumiResult;
  let output: string;
  beforeAll(async () => {
    stack = await programStack({
      // Loopback, where a connection is refused at once.
      publicNetwork: { cidr: "127.92.0.0/23", gateway: "127.92.0.1" },
      delays: { droplet: 2_000, action: 20, firewall: 20 },
    });
    previewOfNew = await stack.run(config, "preview", "--non-interactive");
    ({ output } = await stack.run(config, "up", "--yes", "--skip-preview", "--non-interactive"));
    made = await requests();
  });
  afterAll(() => stack.remove());

  test("is previewed without a word of a rollout while it is new", () => {
    expect(previewOfNew.exitCode, previewOfNew.output).toBe(0);
    expect(previewOfNew.output).not.toContain("rollout:");
  });

  test("is created side by side: every droplet is asked for before the first is active", () => {
    expect(output).toContain("waiting for the Nomad servers timed out after");
    const indexes = (method: string, target: RegExp) =>
      made.flatMap((request, index) =>
        request.method === method && target.test(request.path) ? [index] : [],
      );
    const creations = indexes("POST", /^\/v2\/droplets$/);
    expect(creations).toHaveLength(3);
    // Only a droplet that is active gets a reserved address.
    const [firstAssigned] = indexes("POST", /^\/v2\/(reserved|floating)_ips\/.*\/actions$/);
    expect(firstAssigned).toBeGreaterThan(creations.at(-1)!);
  });

  test("is not touched by a change that would replace its droplets, and the reason is told once", async () => {
    const changed = { ...config, image: "debian-13-x64" };
    const result = await stack.run(changed, "up", "--yes", "--skip-preview", "--non-interactive");
    expect(result.exitCode).not.toBe(0);
    const [, diagnostics = ""] = result.output.split("Diagnostics:");
    expect(diagnostics.match(/no droplet is touched/g)).toHaveLength(1);
    expect(diagnostics).toMatch(/server-3 does not answer \(.*ECONNREFUSED/);
    expect(diagnostics).toMatch(/replaceUnreachableCluster/);
    expect(result.output).not.toMatch(/unhandled|node_modules|error serializing/i);
    expect(changing((await requests()).slice(made.length))).toEqual([]);
  });

  test.each([
    ["another image", { image: "debian-13-x64" }],
    ["a client more", { clientCount: 1 }],
  ])("is previewed with %s all the same, with a word that it cannot be asked", async (_, change) => {
    const eventLog = path.join(stack.directory, "events.ndjson");
    const { exitCode, output: preview } = await stack.run(
      { ...config, ...change },
      "preview",
      "--non-interactive",
      ...["--event-log", eventLog],
    );
    expect(exitCode, preview).toBe(0);
    expect(preview).toMatch(
      /rollout: the cluster cannot be asked which slots would be replaced, and an update would wait for it: .*server-3 does not answer/,
    );
    const summary = expect.stringMatching(
      /^the cluster cannot be asked .*server-3 does not answer/,
    ) as string;
    expect(rolloutPlans(await readEventLog(eventLog))).toEqual([{ version: 1, summary, changes: [] }]);
    expect(preview).not.toContain("rolloutPlan");
    await rm(eventLog);
  });

  test("is previewed with a new management token, with a word that nobody can be asked with it", async () => {
    const replace = ["--replace", "**RandomPassword::blog-cluster-management-token"];
    const { exitCode, output: preview } = await stack.run(config, "preview", "--non-interactive", ...replace);
    expect(exitCode, preview).toBe(0);
    expect(preview).toMatch(/rollout: the cluster cannot be asked .* management token is known only after/);
  });

  test("does not move to another region", async () => {
    const changed = { ...config, region: "fra1" };
    const { exitCode, output: preview } = await stack.run(changed, "preview", "--non-interactive");
    expect(exitCode).not.toBe(0);
    expect(preview).toMatch(/region: the cluster's droplet \S+ is in sgp1, not in "fra1"/);
  });

  test("has the droplets powered on without which there is no leader, and the preview says so", async () => {
    const { body } = await stack.emulator.call<{ droplets: { id: number; name: string }[] }>(
      "GET",
      "/v2/droplets",
    );
    const off = body.droplets.filter(({ name }) => !name.endsWith("server-1"));
    const act = (id: number, type: string) =>
      stack.emulator.call("POST", `/v2/droplets/${id}/actions`, { type });
    const status = async (id: number) =>
      (await stack.emulator.call<{ droplet: { status: string } }>("GET", `/v2/droplets/${id}`)).body.droplet
        .status;
    for (const { id } of off) {
      // Until the droplet has no event under way.
      await expect.poll(async () => (await act(id, "power_off")).status).toBe(201);
      await expect.poll(() => status(id)).toBe("off");
    }
    const { output: preview } = await stack.run(config, "preview", "--non-interactive");
    expect(preview).toMatch(
      /rollout: powered on: \S+-server-2-\d+, \S+-server-3-\d+; the cluster cannot be asked/,
    );
    const result = await stack.run(config, "up", "--yes", "--skip-preview", "--non-interactive");
    expect(result.output).toMatch(/server-3-\d+ is off and is powered on/);
    expect(result.output).toMatch(/no droplet is touched/);
    for (const { id } of off) expect(await status(id)).toBe("active");
  });
});
