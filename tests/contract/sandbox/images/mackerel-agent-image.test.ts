import { chmodSync, rmSync } from "node:fs";
import path from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { mackerelAgentImage } from "../../../../sandbox/offline/images/mackerel-agent-image.ts";
import { readHosts } from "../../../../sandbox/status/mackerel-hosts.ts";
import { startMackerelApi } from "../../../../emulators/mackerel/index.ts";
import { sandboxSettings } from "../../../../sandbox/settings.ts";
import { ensureDockerDaemon } from "../../../../sandbox/tools/docker-daemon.ts";
import { mackerelAgent } from "../../../../sandbox/tools/tool-table.ts";
import { agentHome, writeConfiguration } from "../mackerel/agent-process.ts";

const { cacheDir, id } = sandboxSettings(path.resolve(import.meta.dirname, "../../../.."));
const container = `mackerel-agent-image-test-${id}`;
const apiKey = "key-of-the-image-test";
const home = agentHome();

const docker = async (...args: string[]): Promise<string> => (await execa("docker", args, { all: true })).all;
let reference: string;

beforeAll(async () => {
  await ensureDockerDaemon(cacheDir, () => undefined);
  const image = await mackerelAgentImage(cacheDir);
  expect(image.archive.startsWith(cacheDir)).toBe(true);
  reference = image.localName;
  await docker("load", "--input", image.archive);
}, 600_000);

afterAll(async () => {
  await execa("docker", ["rm", "--force", container], { reject: false });
  rmSync(home.folder, { recursive: true });
});

it("holds a df whose output the agent reads, certificates and the agent", async () => {
  const inside = (command: string) => docker("run", "--rm", reference, "sh", "-c", command);
  expect(await inside("df -Pkl /")).toMatch(/^Filesystem +1024-blocks .*\n\S+ +\d+ +\d+ +\d+ +\d+% \/$/);
  expect(await inside("head -n 1 /etc/ssl/certs/ca-certificates.crt")).toContain("BEGIN CERTIFICATE");
  expect(await inside("mackerel-agent version")).toContain(`version ${mackerelAgent.goModule?.version}`);
});

it("runs the agent as its first process, which ends in good order when the container is stopped", async () => {
  const api = await startMackerelApi({
    databaseFile: path.join(home.folder, "mackerel.db"),
    apiKeys: [{ key: apiKey, writes: true }],
    address: "127.0.0.1",
    port: 0,
  });
  try {
    const configuration = writeConfiguration(home, { url: api.url, apiKey, roles: ["blog:cluster"] });
    chmodSync(configuration, 0o400);
    await docker(
      ...["run", "--detach", "--name", container, "--network", "host"],
      ...["--volume", `${configuration}:/secrets/mackerel-agent.conf:ro`, reference],
      ...["/usr/bin/mackerel-agent", "-conf", "/secrets/mackerel-agent.conf"],
    );
    const hosts = () => readHosts(api.url, apiKey);
    await vi.waitFor(async () => expect(await hosts()).toMatchObject([{ status: "working" }]), 60_000);
    // Nothing tells from outside when the agent has begun to listen for signals, but its log does.
    await vi.waitFor(async () => expect(await docker("logs", container)).toContain("Start: apibase"), 60_000);
    await docker("stop", "--time", "30", container);
    expect(await docker("inspect", "--format", "{{.State.ExitCode}}", container)).toBe("0");
    expect(await docker("logs", container)).not.toContain(apiKey);
    expect(await hosts()).toMatchObject([{ status: "poweroff", roles: ["blog:cluster"] }]);
  } finally {
    await api.close();
  }
});
