import { link, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeInstallation } from "../../../../sandbox/tools/installation.ts";
import { nomad } from "../../../../sandbox/commands/nomad.ts";
import { stackConfigFile } from "../../../../sandbox/stack/pulumi-environment.ts";
import type { SandboxSettings } from "../../../../sandbox/settings.ts";

let stateDir: string;
let settings: SandboxSettings;
beforeEach(async () => {
  stateDir = await mkdtemp(path.join(os.tmpdir(), "sandbox-"));
  settings = { root: stateDir, stateDir, cacheDir: stateDir, id: "01234567", dropletImage: "prepared" };
  const tool = async (name: string, script: string) => {
    const file = path.join(stateDir, name);
    await writeFile(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return { name, version: "1.0.0", path: file, origin: "stand-in" as const };
  };
  await writeInstallation(settings, {
    pulumi: await tool("pulumi", 'cat "$(dirname "$0")/outputs.json"'),
    nomad: await tool("nomad", 'grep -q "$1" "$NOMAD_CACERT"'),
    plugins: [],
  });
  await writeFile(stackConfigFile(settings), "");
});
afterEach(() => rm(stateDir, { recursive: true }));

describe("npm run nomad", () => {
  it("replaces the CA certificate's file, so that a command that is reading it reads it whole", async () => {
    const outputs = (caCertificate: string) =>
      writeFile(
        path.join(stateDir, "outputs.json"),
        JSON.stringify({ nomadAddress: "https://192.0.2.1:4646", caCertificate, managementToken: "token" }),
      );
    await outputs("the first");
    expect(await nomad(settings, ["first"])).toBe(0);
    const beingRead = path.join(stateDir, "being-read.pem");
    await link(path.join(stateDir, "nomad-ca.pem"), beingRead);

    await outputs("the second");
    expect(await nomad(settings, ["second"])).toBe(0);
    expect(await readFile(beingRead, "utf8")).toBe("the first");
  });
});
