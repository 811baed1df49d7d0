import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import {
  daemonState,
  removeDaemonRecord,
  writeDaemonRecord,
} from "../../../../sandbox/daemon/daemon-record.ts";
import { identifyProcess } from "../../../../sandbox/daemon/process-identity.ts";
import type { SandboxSettings } from "../../../../sandbox/settings.ts";

let settings: SandboxSettings;
beforeEach(async () => {
  const stateDir = await mkdtemp(path.join(os.tmpdir(), "sandbox-"));
  settings = { root: "/clone", stateDir, cacheDir: "/cache", id: "01234567", dropletImage: "prepared" };
});
afterEach(() => rm(settings.stateDir, { recursive: true }));

const linux = it.runIf(process.platform === "linux");
const build = "image sources";
const addresses = {
  gateway: "198.18.0.1",
  digitalocean: "http://198.18.0.1:8080",
  mackerel: "http://198.18.0.1:8081",
  downloads: "http://198.18.0.1:8082",
  registry: "http://198.18.0.1:5000",
  apt: "http://198.18.0.1:3142",
};

linux("tells a daemon that starts, runs, crashed and was stopped", async () => {
  expect(await daemonState(settings)).toEqual({ state: "stopped" });
  const child = spawn("sleep", ["60"]);
  const identity = await identifyProcess(child.pid!);
  await writeDaemonRecord(settings, { ...identity!, build });
  expect(await daemonState(settings)).toEqual({ state: "starting", build, process: identity });
  await writeDaemonRecord(settings, { ...identity!, build, addresses });
  expect(await daemonState(settings)).toEqual({ state: "running", build, process: identity, addresses });
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(await daemonState(settings)).toEqual({ state: "crashed" });
  await removeDaemonRecord(settings);
  expect(await daemonState(settings)).toEqual({ state: "stopped" });
});

linux("does not take another process with the same pid for the daemon", async () => {
  const identity = await identifyProcess(process.pid);
  await writeDaemonRecord(settings, { ...identity!, began: `${identity!.began}1`, build, addresses });
  expect(await daemonState(settings)).toEqual({ state: "crashed" });
});
