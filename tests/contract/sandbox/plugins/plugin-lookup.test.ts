import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SandboxSettings } from "../../../../sandbox/settings.ts";
import { pulumiEnvironment, writePlugins } from "../../../../sandbox/stack/pulumi-environment.ts";
import { findPulumi } from "../../../support/pulumi/workspace.ts";

const root = path.resolve(import.meta.dirname, "../../../..");
const pulumi = findPulumi();

let directory: string;
beforeAll(async () => (directory = await mkdtemp(path.join(os.tmpdir(), "plugin-lookup-"))));
afterAll(() => rm(directory, { recursive: true }));

test.skipIf(pulumi === undefined)(
  "Pulumi finds the sandbox's stand-ins without a word, whatever is on PATH",
  async () => {
    const state = path.join(directory, ".sandbox");
    const settings: SandboxSettings = {
      ...{ root, stateDir: state, cacheDir: path.join(directory, "cache"), id: "01234567" },
      dropletImage: "prepared",
    };
    const standIn = (name: string) => path.join(root, "sandbox/offline/plugins/bin", name);
    await writePlugins(settings, [
      ...[
        { name: "pulumi-language-nodejs", version: "3.259.0" },
        { name: "pulumi-resource-random", version: "4.21.2" },
      ].map((plugin) => ({ ...plugin, path: standIn(plugin.name), origin: "stand-in" as const })),
    ]);
    // Of the user, and broken.
    const other = path.join(directory, "bin");
    await mkdir(other);
    await writeFile(path.join(other, "pulumi-resource-random"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });

    const project = path.join(directory, "project");
    await mkdir(project);
    await mkdir(path.join(state, "pulumi"));
    await writeFile(path.join(project, "Pulumi.yaml"), "name: lookup\nmain: index.js\nruntime: nodejs\n");
    await writeFile(path.join(project, "package.json"), '{ "name": "lookup" }\n');
    await execa("ln", ["-s", path.join(root, "node_modules"), project]);
    const random =
      'const random = require("@pulumi/random");\nnew random.RandomPassword("one", { length: 8 });\n';
    await writeFile(path.join(project, "index.js"), random);
    await writeFile(path.join(directory, "passphrase"), "test");
    const PATH = [other, path.dirname(pulumi ?? ""), process.env["PATH"]].join(path.delimiter);
    const env = {
      ...pulumiEnvironment(settings, undefined, { ...process.env, PATH }),
      PULUMI_CONFIG_PASSPHRASE_FILE: path.join(directory, "passphrase"),
    };
    const run = (...args: string[]) =>
      execa(pulumi ?? "", [...args, "--non-interactive", "--color=never"], {
        ...{ cwd: project, env, extendEnv: false, all: true },
      });
    await run("stack", "init", "sandbox");
    const { all } = await run("up", "--yes", "--skip-preview");
    expect(all).toMatch(/random:index:RandomPassword one create/);
    expect(all).not.toMatch(/warning|\$PATH/);
  },
);
