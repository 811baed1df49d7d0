import { existsSync } from "node:fs";
import path from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureDaemon, stopDaemon } from "../../../../sandbox/daemon/daemon-control.ts";
import { daemonState } from "../../../../sandbox/daemon/daemon-record.ts";
import { publicBridge } from "../../../../sandbox/droplets/names.ts";
import { sandboxSecrets } from "../../../../sandbox/secrets.ts";
import { sandboxSettings } from "../../../../sandbox/settings.ts";

const root = path.resolve(import.meta.dirname, "../../../..");
process.env["NOMAD_SANDBOX"] = "contract";
const settings = sandboxSettings(root);

const cli = (...args: string[]) =>
  execa(process.execPath, [path.join(root, "sandbox/cli.ts"), ...args], { all: true });
const patience = { timeout: 30_000 };
const start = () => ensureDaemon(settings, "no-image", () => undefined);
const answers = (url: string) =>
  fetch(url).then(
    (response) => response.status,
    () => "none",
  );

/** The daemon makes bridges. */
const isRoot = process.getuid?.() === 0 && process.platform === "linux";

describe.runIf(isRoot)("the sandbox's background process", () => {
  beforeAll(async () => {
    await cli("reset");
    await sandboxSecrets(settings);
  });
  afterAll(async () => {
    await cli("reset");
  });

  it("hosts every service on the gateway of the sandbox's own network", async () => {
    const addresses = await start();
    expect(
      new Set(
        Object.values<string>({ ...addresses }).map((address) => address.replace(/^http:\/\/|:\d+$/g, "")),
      ).size,
    ).toBe(1);
    expect(await answers(`${addresses.digitalocean}/v2/account`)).toBe(401);
    expect(await answers(`${addresses.mackerel}/api/v0/hosts`)).toBe(401);
    expect(await answers(`${addresses.registry}/v2/`)).toBe(200);
    expect(await answers(`${addresses.downloads}/nomad/0.0.0/none.zip`)).toBe(404);
    const secrets = await sandboxSecrets(settings);
    const account = await fetch(`${addresses.digitalocean}/v2/account`, {
      headers: { authorization: `Bearer ${secrets.digitaloceanToken}` },
    });
    expect(account.status).toBe(200);
  });

  it("is not started a second time", async () => {
    const before = await daemonState(settings);
    await start();
    expect(await daemonState(settings)).toEqual(before);
  });

  it("leaves no service behind when it is killed, which shows as a crash, and starts again", async () => {
    const before = await daemonState(settings);
    if (before.state !== "running") throw new Error(before.state);
    process.kill(before.process.pid, "SIGKILL");
    await expect.poll(() => daemonState(settings), patience).toEqual({ state: "crashed" });
    await expect.poll(() => answers(`${before.addresses.registry}/v2/`), patience).toBe("none");
    expect((await start()).registry).toBe(before.addresses.registry);
  });

  it("says why it could not start", async () => {
    await stopDaemon(settings);
    expect(await daemonState(settings)).toEqual({ state: "stopped" });
    await execa("mkdir", ["-p", path.join(settings.stateDir, "saved")]);
    const database = path.join(settings.stateDir, "digitalocean.sqlite");
    await execa("sh", ["-c", `mv ${database}* ${settings.stateDir}/saved/ && mkdir ${database}`]);
    await expect(start()).rejects.toThrow(/ended while it started[\s\S]*unable to open database file/);
  });

  it("is removed with all that it made", async () => {
    await cli("reset");
    expect(existsSync(settings.stateDir)).toBe(false);
    const { exitCode } = await execa("ip", ["link", "show", publicBridge(settings.id)], { reject: false });
    expect(exitCode).not.toBe(0);
    expect((await execa("nft", ["list", "tables"])).stdout).not.toContain(settings.id);
  });
});

describe("a command before the first start", () => {
  it.each([["status"], ["pulumi", "preview"], ["nomad", "status"]])("%s says what to do", async (...args) => {
    const result = await execa(process.execPath, [path.join(root, "sandbox/cli.ts"), ...args], {
      env: { NOMAD_SANDBOX: "neverstarted" },
      reject: false,
      all: true,
    });
    expect(result.exitCode).toBe(1);
    expect(result.all).toBe("there is no sandbox here yet: start one with `npm start`");
  });
});
