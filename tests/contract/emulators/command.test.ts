import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pack } from "../../support/pulumi/packed-packages.ts";
import type { PackedPackage } from "../../support/pulumi/packed-packages.ts";

const root = path.resolve(import.meta.dirname, "../../..");

const emulators = [
  {
    folder: "emulators/digitalocean",
    command: "digitalocean-emulator",
    option: "--token",
    variable: "DIGITALOCEAN_TOKEN",
    route: "/v2/account",
    header: (token: string) => ({ authorization: `Bearer ${token}` }),
    answer: { account: { status: "active" } },
    exported: ["sizes", "startDigitalOceanApi", "storedOnlyHypervisor"],
  },
  {
    folder: "emulators/mackerel",
    command: "mackerel-emulator",
    option: "--key",
    variable: "MACKEREL_APIKEY",
    route: "/api/v0/hosts",
    header: (token: string) => ({ "x-api-key": token }),
    answer: { hosts: [] },
    exported: ["setApiKeys", "startMackerelApi"],
  },
];

let directory: string;
let packages: PackedPackage[];
beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), "emulators-"));
  packages = await Promise.all(emulators.map(({ folder }) => pack(path.join(root, folder), directory)));
  await writeFile(path.join(directory, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const quiet = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
  await execa("npm", ["install", ...quiet, ...packages.map(({ tarball }) => tarball)], { cwd: directory });
}, 300_000);
afterAll(() => rm(directory, { recursive: true }));

describe.each(emulators)("$command", ({ command, option, variable, route, header, answer, exported }) => {
  /** Runs the command, asks it one route, stops it with a signal, and returns how it ended. */
  async function tryOut(
    cwd: string,
    args: readonly string[],
    env: Record<string, string>,
    signal: NodeJS.Signals,
  ) {
    const running = execa(command, ["--port", "0", ...args], {
      ...{ cwd, env, preferLocal: true, localDir: cwd, reject: false },
    });
    const url = await new Promise<string>((resolve, reject) => {
      running.stdout.once("data", (chunk: Buffer) => resolve(/http:\S+/.exec(chunk.toString())?.[0] ?? ""));
      void running.then((result) => reject(new Error(result.stderr)));
    });
    const right = await fetch(`${url}${route}`, { headers: header("secret-of-the-test") });
    const wrong = await fetch(`${url}${route}`, { headers: header("wrong") });
    running.kill(signal);
    const { exitCode, stderr } = await running;
    return { answer: await right.json(), refused: wrong.status, exitCode, stderr };
  }
  const wellBehaved = { answer, refused: 401, exitCode: 0, stderr: "" };

  test("runs from its tarball, with the secret in a variable", async () => {
    const ended = await tryOut(directory, [], { [variable]: "secret-of-the-test" }, "SIGTERM");
    expect(ended).toMatchObject(wellBehaved);
  });

  test("runs in a clone without a build, with the secret as an option", async () => {
    const ended = await tryOut(root, [option, "secret-of-the-test"], {}, "SIGINT");
    expect(ended).toMatchObject(wellBehaved);
  });

  test("says which option is missing", async () => {
    const { exitCode, stderr } = await execa(command, {
      ...{ cwd: directory, preferLocal: true, reject: false, env: { [variable]: undefined } },
    });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(option)]);
  });

  test("has an example in its help", async () => {
    const { stdout } = await execa(command, ["--help"], { cwd: directory, preferLocal: true });
    expect(stdout).toContain(`npx ${command} --port`);
    expect(stdout).toContain(route);
  });

  test("is a package that publint finds nothing wrong with, of compiled code only", async () => {
    const packed = packages.find(({ name }) => name === command)!;
    const tarball = new Uint8Array(await readFile(packed.tarball)).buffer;
    expect((await publint({ pack: { tarball } })).messages).toEqual([]);
    expect(packed.files.filter((file) => !/^dist\/.*\.(js|d\.ts)$/.test(file)).sort()).toEqual([
      "LICENSE",
      "README.md",
      "bin.mjs",
      "package.json",
    ]);
  });

  test("exports what its README says", async () => {
    const script = `console.log(Object.keys(await import("${command}")).sort().join())`;
    const { stdout } = await execa(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: directory,
    });
    expect(stdout.split(",")).toEqual(exported);
  });
});
