import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { ComponentResource } from "@pulumi/pulumi";
import { execa } from "execa";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { packageConsumer } from "../../support/pulumi/packed-packages.ts";
import type { PackageConsumer } from "../../support/pulumi/packed-packages.ts";
import { initializeStack, pulumiCommand } from "../../support/pulumi/command.ts";
import type { PulumiCommand } from "../../support/pulumi/command.ts";
import { json, programFiles } from "./program.ts";
import type { PackageSchema } from "./schema.ts";
import { plannedChanges } from "../../support/pulumi/planned-changes.ts";
import { findPulumi } from "../../support/pulumi/workspace.ts";
import { startEmulator, token } from "../../support/digitalocean-emulator.ts";
import type { TestEmulator } from "../../support/digitalocean-emulator.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const componentsDirectory = path.join(root, "components");
async function version(): Promise<string> {
  const text = await readFile(path.join(componentsDirectory, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
// One file, since packing and Pulumi's own installation both compile the components.

/** Each installs npm packages, which takes minutes on a busy machine. */
const timeout = 300_000;

let consumer: PackageConsumer;
beforeAll(async () => {
  consumer = await packageConsumer({ program: programFiles });
}, timeout);
afterAll(() => consumer.remove());

describe("the npm package", { timeout }, () => {
  test("is one that publint finds nothing wrong with", async () => {
    const tarball = new Uint8Array(await readFile(consumer.components.tarball)).buffer;
    const { messages } = await publint({ pack: { tarball } });
    expect(messages).toEqual([]);
  });

  test("holds every file that the components read, compiled code, declarations, and no sources", async () => {
    const tracked = await execa("git", ["ls-files", "*/files/*"], { cwd: componentsDirectory });
    const read = tracked.stdout.split("\n").map((file) => `dist/${file}`);
    expect(read.length).toBeGreaterThan(0);
    const others = consumer.components.files.filter((file) => !read.includes(file));
    expect(consumer.components.files).toEqual(expect.arrayContaining(read));
    expect(others.filter((file) => !/^dist\/.*\.(js|d\.ts)$/.test(file))).toEqual([
      "LICENSE",
      "README.md",
      "package.json",
    ]);
  });

  test("brings no second copy of @pulumi/pulumi", async () => {
    const copies = await consumer.npm(["ls", "@pulumi/pulumi", "--all", "--parseable"]);
    expect(copies.split("\n")).toEqual([path.join(consumer.directory, "node_modules/@pulumi/pulumi")]);
  });

  test("tells TypeScript what is right and what is not", async () => {
    const { stdout } = await execa("tsc", ["--project", "program"], {
      cwd: consumer.directory,
      preferLocal: true,
      localDir: root,
      reject: false,
    });
    expect(stdout.match(/^\S+\(\d+,\d+\): error TS\d+/gm)).toEqual([
      "program/wrong.ts(3,31): error TS2322",
      "program/wrong.ts(4,29): error TS2345",
    ]);
  });

  test("is loaded by a CommonJS program too", async () => {
    const script = `console.log(Object.keys(require("nomad-digitalocean")).sort().join())`;
    const { stdout } = await execa(process.execPath, ["--eval", script], { cwd: consumer.directory });
    expect(stdout.split(",")).toEqual(Object.keys(await import("../../../components/index.ts")).sort());
  });
});

const pulumi = findPulumi();
const previewed = (output: string) =>
  plannedChanges(output).map(({ type }) => type.slice(type.lastIndexOf(":") + 1));

describe.skipIf(pulumi === undefined)("with Pulumi (needs pulumi on PATH)", { timeout }, () => {
  let emulator: TestEmulator;
  let directory: string;
  beforeAll(async () => {
    emulator = await startEmulator();
    directory = await mkdtemp(path.join(os.tmpdir(), "pulumi-package-"));
  });
  afterAll(async () => {
    await emulator.close();
    await rm(directory, { recursive: true });
    // Pulumi YAML keeps the schema that it read beside the package's folder.
    await rm(path.join(root, "schema-nomad-digitalocean.json"), { force: true });
  });

  const pulumiIn = (cwd: string): PulumiCommand =>
    pulumiCommand(pulumi ?? "", {
      directory,
      cwd,
      environment: {
        PULUMI_BACKEND_URL: `file://${directory}`,
        DIGITALOCEAN_TOKEN: token,
        DIGITALOCEAN_API_URL: emulator.url,
      },
    });

  test("a program that installed the package is previewed, and no key is in sight", async () => {
    const run = pulumiIn(path.join(consumer.directory, "program"));
    await initializeStack(run);
    const { exitCode, output, stdout } = await run(["preview", "--json", "--non-interactive"]);
    expect(exitCode, output).toBe(0);
    const types = previewed(stdout);
    expect(types).toEqual(
      expect.arrayContaining(["NomadCluster", "Droplet", "SystemMonitoringAgent", "Variable", "Job"]),
    );
    expect(types.filter((type) => type === "Droplet")).toHaveLength(1);
    expect(output).not.toContain("canary");
  });

  describe("the schema", () => {
    let schema: PackageSchema;
    beforeAll(async () => {
      const { exitCode, output, stdout } = await pulumiIn(directory)([
        "package",
        "get-schema",
        componentsDirectory,
      ]);
      expect(exitCode, output).toBe(0);
      schema = JSON.parse(stdout) as PackageSchema;
    }, timeout);
    const component = (name: string) => schema.resources[`nomad-digitalocean:index:${name}`]!;

    test("is of this package and has every component that the package exports", async () => {
      expect([schema.name, schema.version]).toEqual(["nomad-digitalocean", await version()]);
      const exported = Object.entries(await import("../../../components/index.ts"))
        .filter(([, value]) => ComponentResource.isPrototypeOf(value))
        .map(([name]) => `nomad-digitalocean:index:${name}`);
      expect(Object.keys(schema.resources).sort()).toEqual(exported.sort());
      expect(Object.values(schema.resources).every(({ isComponent }) => isComponent)).toBe(true);
    });

    test.each([
      ["NomadCluster", ["operatorCidrs"], ["address", "connection", "managementToken", "nodes"]],
      ["SystemMonitoringAgent", ["connection"], ["jobId"]],
      ["Ghost", ["connection", "contentVolume", "url"], ["jobId"]],
      ["Nginx", ["connection"], ["jobId"]],
      ["NomadJob", ["connection", "job"], ["jobId"]],
      ["BlogPlatform", ["cluster", "monitoring"], ["addresses", "connection", "managementToken", "url"]],
    ])("has what %s must be given and what it tells", (name, inputs, outputs) => {
      expect(component(name).requiredInputs).toEqual(inputs);
      expect(component(name).required).toEqual(expect.arrayContaining(outputs));
    });

    test("takes secrets and whatever else another resource tells, not only literals", () => {
      const types = Object.values(schema.types);
      const all = [...Object.values(schema.resources).map((one) => one.inputProperties)];
      const properties = [...all, ...types.map((one) => one.properties)].flatMap((one) =>
        Object.entries(one ?? {}),
      );
      const fromOutputs = ["apiKey", "connection", "token", "password", "privateKey"];
      for (const name of fromOutputs) {
        const named = properties.filter(([property]) => property === name);
        expect(named, name).not.toHaveLength(0);
        expect(named.map(([, { plain }]) => plain ?? false)).not.toContain(true);
      }
    });

    test("says of every input and output of a component what it is", () => {
      const silent = Object.entries(schema.resources).flatMap(([name, { inputProperties, properties }]) =>
        Object.entries({ ...inputProperties, ...properties })
          .filter(([, { description }]) => !description)
          .map(([property]) => `${name}.${property}`),
      );
      expect(silent).toEqual([]);
    });
  });

  describe("a Pulumi YAML program", () => {
    const program = (packages: object) =>
      json({
        name: "yaml",
        runtime: "yaml",
        packages,
        resources: {
          cluster: {
            type: "nomad-digitalocean:NomadCluster",
            properties: { operatorCidrs: ["192.0.2.7/32"], serverCount: 1 },
          },
          agent: {
            type: "nomad-digitalocean:SystemMonitoringAgent",
            properties: {
              connection: "${cluster.connection}",
              preset: { mackerel: { roles: ["blog:nodes"] } },
              apiKey: { "fn::secret": "canary-api-key" },
            },
          },
        },
        outputs: { connection: "${cluster.connection}", token: "${cluster.managementToken}" },
      });

    test("gets its SDK and its line of Pulumi.yaml by `pulumi package add`", async () => {
      const file = path.join(directory, "Pulumi.yaml");
      await writeFile(file, program({}));
      const { exitCode, output } = await pulumiIn(directory)(["package", "add", componentsDirectory]);
      expect(exitCode, output).toBe(0);
      const { packages } = parse(await readFile(file, "utf8")) as { packages: object };
      expect(packages).toEqual({ "nomad-digitalocean": componentsDirectory });
      const sdk = `sdks/nomad-digitalocean/nomad-digitalocean-${await version()}.yaml`;
      expect(await readFile(path.join(directory, sdk), "utf8")).toContain("name: nomad-digitalocean");
    });

    test("declares components and hands outputs and secrets from one to the other", async () => {
      const run = pulumiIn(directory);
      await initializeStack(run);
      const { exitCode, output, stdout } = await run(["preview", "--json", "--non-interactive"]);
      expect(exitCode, output).toBe(0);
      expect(previewed(stdout)).toEqual(
        expect.arrayContaining(["NomadCluster", "Droplet", "SystemMonitoringAgent", "Variable", "Job"]),
      );
      expect(output).not.toContain("canary");
    });

    test("is told what is wrong with an argument, by its name", async () => {
      const wrong = program({ "nomad-digitalocean": componentsDirectory }).replace(
        '"serverCount": 1',
        '"serverCount": 2',
      );
      await writeFile(path.join(directory, "Pulumi.yaml"), wrong);
      const { exitCode, output } = await pulumiIn(directory)(["preview", "--non-interactive"]);
      expect(exitCode).not.toBe(0);
      expect(output).toContain("serverCount");
      expect(output).toContain("2 servers");
    });
  });
});
