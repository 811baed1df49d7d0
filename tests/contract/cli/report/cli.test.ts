import { readFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PreviewReport } from "../../../../cli/report/preview-report.ts";
import { findPulumi } from "../../../support/pulumi/workspace.ts";
import { programStack } from "../../../support/pulumi/program-stack.ts";
import type { ProgramStack } from "../../../support/pulumi/program-stack.ts";
import { standInEnvironment } from "../../../support/pulumi/stand-in-environment.ts";

const root = path.resolve(import.meta.dirname, "../../../..");
const pulumi = findPulumi();
const canaries = { token: "canary-of-the-account-7e1f", key: "canary-of-the-agent-93ab" };

describe.skipIf(pulumi === undefined)("npm run preview:report (needs pulumi on PATH)", () => {
  const config = { "digitalocean:token": canaries.token, mackerelApiKey: canaries.key };
  let stack: ProgramStack;

  beforeAll(async () => {
    const publicNetwork = { cidr: "127.92.0.0/23", gateway: "127.92.0.1" };
    stack = await programStack({ tokens: [canaries.token], publicNetwork });
  });
  afterAll(() => stack.remove());

  const environment = () => standInEnvironment(pulumi ?? "", stack.directory);

  /** Runs the program as `npm run preview:report` does, on a stack with this configuration. */
  async function run(settings: Record<string, unknown>, ...args: string[]) {
    await stack.run(settings, "config");
    const out = path.join(stack.directory, "out");
    const own = ["--stack", "test", "--out", out, "--config-file"];
    const { exitCode, all } = await execa(
      process.execPath,
      [
        path.join(root, "cli/main.ts"),
        "report",
        ...own,
        path.join(stack.directory, "Pulumi.test.yaml"),
        ...args,
      ],
      { cwd: root, env: environment(), stdin: "ignore", all: true, reject: false },
    );
    const read = (ending: string) => readFile(path.join(out, `test.${ending}`), "utf8").catch(() => "");
    return { exitCode, all, json: await read("json"), page: await read("md") };
  }

  test("of a stack that is not made yet: what is created, what it will cost, and why Nomad has no plan", async () => {
    const { exitCode, all, json, page } = await run(config);
    expect(exitCode, all).toBe(0);
    const report = JSON.parse(json) as PreviewReport;
    expect(report.nodes.changes.map(({ action }) => action)).toEqual(["create", "create", "create"]);
    expect(report.jobs.map(({ job, effect, groups }) => [job, effect, groups]).sort()).toEqual(
      ["blog-ghost-job", "blog-mackerel-job", "blog-nginx-job"].map((name) => [
        expect.stringMatching(name.split("-")[1]!) as string,
        "created",
        null,
      ]),
    );
    for (const { notes } of report.jobs) expect(notes.join()).toContain("known only after the update");
    expect([report.cost.before, report.cost.after]).toEqual([0, 85]);
    expect(report.secrets.length).toBeGreaterThan(5);
    expect(page).toContain("$0.00 → $85.00 a month");
    for (const canary of Object.values(canaries)) expect(`${all}${json}${page}`).not.toContain(canary);
  });

  test("of a configuration that is refused: exit code 1, and a report with the reason", async () => {
    const { exitCode, json, page } = await run({ ...config, size: "s-64vcpu-nothing" });
    expect(exitCode).toBe(1);
    const report = JSON.parse(json) as PreviewReport;
    expect(report.outcome).toBe("failed");
    expect(report.errors.join()).toContain("s-64vcpu-nothing");
    expect(page).toContain("The preview failed");
  });

  test("of a stack that does not exist: what Pulumi says", async () => {
    const { exitCode, all } = await run(config, "--stack", "nothing");
    expect(exitCode).toBe(1);
    expect(all).toContain("no stack named 'nothing' found");
    expect(all).not.toContain("    at ");
  });

  test("leaves the operator's selected stack as it is", async () => {
    const selected = async () => {
      const { stdout } = await execa(pulumi ?? "", ["stack", "ls", "--json"], {
        cwd: root,
        env: environment(),
      });
      return (JSON.parse(stdout) as { name: string; current: boolean }[]).filter(({ current }) => current);
    };
    expect(await selected()).toEqual([]);
    await run(config);
    expect(await selected()).toEqual([]);
  });
});
