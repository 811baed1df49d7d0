import path from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { nodeExporterImage } from "../../../../sandbox/offline/images/node-exporter-image.ts";
import { sandboxSettings } from "../../../../sandbox/settings.ts";
import { ensureDockerDaemon } from "../../../../sandbox/tools/docker-daemon.ts";
import { docker, removeContainer, startContainer } from "./container.ts";
import type { Container } from "./container.ts";

const { cacheDir, id } = sandboxSettings(path.resolve(import.meta.dirname, "../../../.."));
const name = `node-exporter-image-test-${id}`;
let reference: string;
let exporter: Container;

beforeAll(async () => {
  await ensureDockerDaemon(cacheDir, () => undefined);
  const standIn = await nodeExporterImage(cacheDir);
  reference = standIn.localName;
  await docker("load", "--input", standIn.archive);
  exporter = await startContainer(name, reference, 9100, []);
}, 600_000);

afterAll(() => removeContainer(name));

it("serves metrics on the official image's port, as its user", async () => {
  await vi.waitFor(async () => {
    const metrics = await (await fetch(`${exporter.url}/metrics`)).text();
    expect(metrics).toMatch(/^node_cpu_seconds_total\{cpu="0",mode="idle"\} /m);
  }, 60_000);
  expect(await docker("top", name, "-eo", "pid,uid,args")).toMatch(/^\d+\s+65534\s+\/bin\/node_exporter$/m);
});

it("ends by the stop signal, as a Go program without a handler does", async () => {
  expect(await exporter.stop()).toBe(2);
});

it("takes arguments after the entrypoint, and knows the flags of the official version that jobs use", async () => {
  const help = await docker("run", "--rm", reference, "--help");
  for (const flag of [
    "--path.rootfs=",
    "--path.procfs=",
    "--path.sysfs=",
    "--web.listen-address=",
    "--collector.filesystem.mount-points-exclude=",
  ])
    expect(help).toContain(flag);
});
