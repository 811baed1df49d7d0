import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pulumiEnvironment, writePlugins } from "../../../../sandbox/stack/pulumi-environment.ts";
import type { SandboxSettings } from "../../../../sandbox/settings.ts";

let stateDir: string;
let settings: SandboxSettings;
beforeEach(async () => {
  stateDir = await mkdtemp(path.join(os.tmpdir(), "sandbox-"));
  settings = { root: "/clone", stateDir, cacheDir: "/cache", id: "01234567", dropletImage: "prepared" };
});
afterEach(() => rm(stateDir, { recursive: true }));

describe("pulumiEnvironment", () => {
  it("hides the user's accounts, backend and passphrase from Pulumi", () => {
    const user = {
      HOME: "/home/user",
      PATH: "/usr/bin",
      PULUMI_ACCESS_TOKEN: "pul-1",
      PULUMI_CONFIG_PASSPHRASE: "theirs",
      DIGITALOCEAN_TOKEN: "dop_v1_1",
      NOMAD_TOKEN: "2",
    };
    const environment = pulumiEnvironment(settings, "http://198.18.0.1:8080", user);
    expect(environment).toMatchObject({
      HOME: "/home/user",
      PULUMI_BACKEND_URL: `file://${stateDir}/pulumi`,
      PULUMI_STACK: "sandbox",
      DIGITALOCEAN_API_URL: "http://198.18.0.1:8080",
    });
    expect(Object.values(environment)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(pul-1|theirs|dop_v1_1|2)$/)]),
    );
  });

  it("keeps the program off the user's proxy when it asks the sandbox", () => {
    const user = { HTTPS_PROXY: "http://proxy.example.com:3128", no_proxy: "intranet.example.com" };
    const { NO_PROXY = "", no_proxy } = pulumiEnvironment(settings, undefined, user);
    expect(NO_PROXY.split(",")).toEqual([
      "intranet.example.com",
      "198.18.0.0/15",
      "198.18.0.0-198.19.255.255",
    ]);
    expect(no_proxy).toBe(NO_PROXY);
  });

  it("names no DigitalOcean API while none runs", () => {
    expect(pulumiEnvironment(settings, undefined, {})).not.toHaveProperty("DIGITALOCEAN_API_URL");
  });
});

describe("writePlugins", () => {
  const plugin = (name: string, origin: "official" | "stand-in", program = `/clone/${name}`) => ({
    name,
    version: "1.0.0",
    path: program,
    origin,
  });
  const plugins = () => readdir(path.join(stateDir, "pulumi-home", "plugins"));
  const fileOf = (folder: string, name: string) =>
    path.join(stateDir, "pulumi-home", "plugins", folder, name);

  it("holds the plugins in use and no others, by kind, name and version as Pulumi looks for them", async () => {
    await writePlugins(settings, [plugin("pulumi-resource-tls", "stand-in")]);
    await writePlugins(settings, [
      plugin("pulumi-language-nodejs", "stand-in"),
      plugin("pulumi-resource-nomad", "stand-in"),
    ]);
    expect(await plugins()).toEqual(["language-nodejs-v1.0.0", "resource-nomad-v1.0.0"]);
  });

  it("leads to an official plugin in the cache, in place of its stand-in", async () => {
    const installed = path.join(stateDir, "cache", "resource-tls-v1.0.0");
    await mkdir(installed, { recursive: true });
    await execa("cp", ["/bin/echo", path.join(installed, "pulumi-resource-tls")]);
    await writePlugins(settings, [plugin("pulumi-resource-tls", "stand-in")]);
    await writePlugins(settings, [plugin("pulumi-resource-tls", "official", installed)]);
    const file = fileOf("resource-tls-v1.0.0", "pulumi-resource-tls");
    expect((await execa(file, ["official"])).stdout).toBe("official");
  });

  it("leaves an official language host beside its CLI, where Pulumi finds it", async () => {
    await writePlugins(settings, [plugin("pulumi-language-nodejs", "official")]);
    expect(await plugins()).toEqual([]);
  });

  it("starts the stand-in with its arguments, whatever its path", async () => {
    const program = path.join(stateDir, "it's a $HOME");
    await execa("cp", ["/bin/echo", program]);
    await writePlugins(settings, [plugin("pulumi-resource-tls", "stand-in", program)]);
    const file = fileOf("resource-tls-v1.0.0", "pulumi-resource-tls");
    expect((await execa(file, ["127.0.0.1:1", "a b"])).stdout).toBe("127.0.0.1:1 a b");
    expect(await readFile(file, "utf8")).toMatch(/^#!\/bin\/sh\n/);
  });
});
