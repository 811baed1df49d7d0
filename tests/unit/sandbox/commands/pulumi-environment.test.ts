import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pulumiEnvironment, writePluginDirectory } from "../../../../sandbox/stack/pulumi-environment.ts";
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

describe("writePluginDirectory", () => {
  const plugin = (name: string, origin: "official" | "stand-in", program = `/clone/${name}`) => ({
    name,
    version: "1.0.0",
    path: program,
    origin,
  });

  it("holds the stand-ins in use and no others", async () => {
    await writePluginDirectory(settings, [plugin("pulumi-resource-tls", "stand-in")]);
    await writePluginDirectory(settings, [
      plugin("pulumi-resource-tls", "official"),
      plugin("pulumi-resource-nomad", "stand-in"),
    ]);
    expect(await readdir(path.join(stateDir, "plugins"))).toEqual(["pulumi-resource-nomad"]);
  });

  it("starts the stand-in with its arguments, whatever its path", async () => {
    const program = path.join(stateDir, "it's a $HOME");
    await execa("cp", ["/bin/echo", program]);
    await writePluginDirectory(settings, [plugin("pulumi-resource-tls", "stand-in", program)]);
    const file = path.join(stateDir, "plugins", "pulumi-resource-tls");
    expect((await execa(file, ["127.0.0.1:1", "a b"])).stdout).toBe("127.0.0.1:1 a b");
    expect(await readFile(file, "utf8")).toMatch(/^#!\/bin\/sh\n/);
  });
});
