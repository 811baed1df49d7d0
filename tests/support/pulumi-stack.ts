import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { sandboxSettings } from "../../sandbox/settings.ts";
import { installTool } from "../../sandbox/tools/install-tool.ts";
import { pulumi } from "../../sandbox/tools/tool-table.ts";
import { standInEnvironment } from "./stand-in-environment.ts";

const root = new URL("../..", import.meta.url).pathname;

/** What a run of the Pulumi CLI printed, both streams, and its exit code. */
export interface PulumiResult {
  readonly exitCode: number;
  readonly output: string;
}

/** A stack of this repository's program with a backend and a configuration of its own, in a temporary directory. */
export interface PulumiStack {
  readonly directory: string;
  /** Runs the CLI with `config` as the stack's whole configuration; keys without a namespace are the program's. */
  run(config: Record<string, unknown>, ...args: string[]): Promise<PulumiResult>;
  remove(): Promise<void>;
}

/** Makes the stack. Provider plugins are the stand-ins. */
export async function pulumiStack(environment: Record<string, string>): Promise<PulumiStack> {
  const { cacheDir } = sandboxSettings(root);
  const { path: program } = await installTool(pulumi, cacheDir);
  const directory = await mkdtemp(path.join(os.tmpdir(), "pulumi-test-"));
  const configFile = path.join(directory, "Pulumi.test.yaml");
  await mkdir(path.join(directory, "backend"));
  // `stack init` writes a configuration file beside Pulumi.yaml, so it runs on a project of the same name elsewhere.
  await writeFile(path.join(directory, "Pulumi.yaml"), "{ name: nomad-digitalocean, runtime: nodejs }");
  const cli = async (...args: string[]): Promise<PulumiResult> => {
    const result = await execa(program, args, {
      all: true,
      reject: false,
      stdin: "ignore",
      env: { ...standInEnvironment(program, directory), ...environment },
    });
    return { exitCode: result.exitCode ?? -1, output: result.all };
  };
  const created = await cli("-C", directory, "stack", "init", "test");
  if (created.exitCode !== 0) throw new Error(created.output);
  const salt = await readFile(configFile, "utf8");
  return {
    directory,
    async run(config, ...args) {
      const namespaced = Object.entries(config).map(([key, value]) => [
        key.includes(":") ? key : `nomad-digitalocean:${key}`,
        value,
      ]);
      // JSON is YAML.
      await writeFile(configFile, `${salt}config: ${JSON.stringify(Object.fromEntries(namespaced))}\n`);
      return cli("-C", root, ...args, "--stack", "test", "--config-file", configFile);
    },
    remove: () => rm(directory, { recursive: true }),
  };
}
