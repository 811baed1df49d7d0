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

  it.each([
    ["the first server while that answers", "192.0.2.1 192.0.2.2", "192.0.2.1"],
    ["the next one while the first is away", "192.0.2.3 192.0.2.2", "192.0.2.2"],
    ["the first one if none answers", "", "192.0.2.1"],
  ])("asks %s", async (_, answering, expected) => {
    const [first, ...others] = [1, 2, 3].map((host) => `https://192.0.2.${host}:4646`);
    const outputs = {
      ...{ nomadAddress: first, caCertificate: "PEM", managementToken: "token" },
      connection: { addresses: [first, ...others] },
    };
    await writeFile(path.join(stateDir, "outputs.json"), JSON.stringify(outputs));
    // Of the CLI's commands it knows the one that asks for the leader, and writes the address of any other to a file.
    const script = `#!/bin/sh
host=\${NOMAD_ADDR#https://}
if [ "$*" = "operator api /v1/status/leader" ]; then
  case " ${answering} " in *" \${host%:4646} "*) ;; *) exit 1 ;; esac
else
  echo "$host" >"$(dirname "$0")/called"
fi
`;
    await writeFile(path.join(stateDir, "nomad"), script, { mode: 0o755 });
    expect(await nomad(settings, ["node", "status"])).toBe(0);
    expect(await readFile(path.join(stateDir, "called"), "utf8")).toBe(`${expected}:4646\n`);
  });
});
