import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { DigitalOceanApiOptions } from "../../../emulators/digitalocean/index.ts";
import { sandboxSettings } from "../../../sandbox/settings.ts";
import { installTool } from "../../../sandbox/tools/install-tool.ts";
import { pulumi } from "../../../sandbox/tools/tool-table.ts";
import { startEmulator, token } from "../digitalocean-emulator.ts";
import type { TestEmulator } from "../digitalocean-emulator.ts";
import { initializeStack, pulumiCommand } from "./command.ts";
import type { PulumiResult } from "./command.ts";

const root = new URL("../../..", import.meta.url).pathname;

/** A stack of this repository's program in a temporary directory, with a backend and a DigitalOcean emulator of its own. */
export interface ProgramStack {
  readonly directory: string;
  readonly emulator: TestEmulator;
  /**
   * Runs the CLI on the least configuration that the program takes, with `changed` in it; undefined takes a key away. Keys
   * without a namespace are the program's.
   */
  run(changed: Readonly<Record<string, unknown>>, ...args: string[]): Promise<PulumiResult>;
  remove(): Promise<void>;
}

/** Makes the stack. Provider plugins are the stand-ins; droplets are stored only. */
export async function programStack(
  options: Partial<Omit<DigitalOceanApiOptions, "hypervisor">> = {},
): Promise<ProgramStack> {
  const { cacheDir } = sandboxSettings(root);
  const { path: program } = await installTool(pulumi, cacheDir);
  const directory = await mkdtemp(path.join(os.tmpdir(), "pulumi-test-"));
  const configFile = path.join(directory, "Pulumi.test.yaml");
  await mkdir(path.join(directory, "backend"));
  // `stack init` writes a configuration file beside Pulumi.yaml, so it runs on a project of the same name elsewhere.
  await writeFile(path.join(directory, "Pulumi.yaml"), "{ name: nomad-digitalocean, runtime: nodejs }");
  await initializeStack(pulumiCommand(program, { directory, cwd: directory }));
  const salt = await readFile(configFile, "utf8");
  const command = pulumiCommand(program, { directory, cwd: root });
  const emulator = await startEmulator({
    databaseFile: path.join(directory, "digitalocean.db"),
    logFile: path.join(directory, "digitalocean.log"),
    ...options,
  });
  const least = {
    "digitalocean:token": token,
    "digitalocean:apiEndpoint": emulator.url,
    operatorCidrs: ["192.0.2.7/32"],
    mackerelApiKey: "key",
  };
  return {
    directory,
    emulator,
    async run(changed, ...args) {
      const namespaced = Object.entries({ ...least, ...changed }).map(([key, value]) => [
        key.includes(":") ? key : `nomad-digitalocean:${key}`,
        value,
      ]);
      // JSON is YAML.
      await writeFile(configFile, `${salt}config: ${JSON.stringify(Object.fromEntries(namespaced))}\n`);
      return command([...args, "--stack", "test", "--config-file", configFile]);
    },
    async remove() {
      await emulator.close();
      await rm(directory, { recursive: true });
    },
  };
}
