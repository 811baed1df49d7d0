import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findPulumi, pulumiWorkspace } from "../../../support/pulumi/workspace.ts";
import type { PulumiWorkspace } from "../../../support/pulumi/workspace.ts";

const pulumi = findPulumi();

describe.skipIf(pulumi === undefined)("the language host stand-in (needs pulumi on PATH)", () => {
  let workspace: PulumiWorkspace;

  beforeAll(async () => {
    workspace = await pulumiWorkspace(pulumi ?? "");
  });
  afterAll(() => workspace.remove());

  test("runs a TypeScript program by type stripping and hands over its configuration", async () => {
    await workspace.program(`
      import * as pulumi from "@pulumi/pulumi";
      const config = new pulumi.Config();
      export const region: string = config.require("region");
      export const key: pulumi.Output<string> = config.requireSecret("key");
    `);
    await workspace.pulumi("config", "set", "region", "sgp1");
    await workspace.pulumi("config", "set", "--secret", "key", "canary");
    const up = await workspace.pulumi("up", "--yes");
    expect(up.output).toContain(`region: "sgp1"`);
    expect(up.output).toContain("key   : [secret]");
    expect(up.output).not.toContain("canary");
    expect(up.exitCode).toBe(0);
  });

  test("fails the update when the program fails, once and with its reason", async () => {
    await workspace.program(`throw new Error("no such region");`);
    const up = await workspace.pulumi("up", "--yes");
    expect(up.exitCode).not.toBe(0);
    expect(up.output).toContain("no such region");
    expect(up.output).not.toContain("Program exited with non-zero exit code: 32");
  });

  test("lets pulumi about name the runtime", async () => {
    const about = await workspace.pulumi("about");
    expect(about.output).toMatch(/executable='.*node'/);
  });
});
