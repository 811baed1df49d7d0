import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { plugLoopDevice, unplugLoopDevices } from "../../../sandbox/droplets/volumes/loop-devices.ts";
import { missingForDroplets } from "../sandbox/droplets/requirements.ts";

const script = new URL("../../../components/nodes/files/mount-volumes.sh", import.meta.url).pathname;
const boot = path.join(import.meta.dirname, "boot-with-volume.sh");
const mebibytes = 1024 ** 2;

let directory: string;
let volume: string;

/** One boot of the node, with a volume of `size` bytes: the lines that its boots wrote, and the file system's bytes. */
async function booted(size: number, line: string): Promise<{ lines: string[]; bytes: number }> {
  const loop = await plugLoopDevice(volume, size);
  try {
    const { stdout } = await execa("unshare", ["--mount", "bash", boot, loop.name, script, line]);
    const [output = "", offer] = stdout.split("client {");
    expect(offer).toContain('host_volume "content"');
    const lines = output.trim().split("\n");
    return { lines: lines.slice(0, -1), bytes: Number(lines.at(-1)) };
  } finally {
    await unplugLoopDevices(volume, size, 10_000);
  }
}

describe.skipIf((await missingForDroplets()) !== undefined)("the volume of a node", () => {
  beforeAll(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), "mount-volumes-"));
    volume = path.join(directory, "volume");
    await writeFile(volume, "");
    await truncate(volume, 64 * mebibytes);
    await execa("mkfs.ext4", ["-q", "-F", volume]);
  });
  afterAll(() => rm(directory, { recursive: true }));

  test("is mounted at every boot, with what was written on it", async () => {
    await booted(64 * mebibytes, "first");
    await booted(64 * mebibytes, "second");
    expect((await booted(64 * mebibytes, "third")).lines).toEqual(["first", "second", "third"]);
  });

  test("that was enlarged is mounted in full, at that boot and the next", async () => {
    const before = await booted(64 * mebibytes, "small");
    await truncate(volume, 256 * mebibytes);
    const after = await booted(256 * mebibytes, "large");
    expect(after.bytes).toBeGreaterThan(3 * before.bytes);
    const next = await booted(256 * mebibytes, "large again");
    expect(next.bytes).toBe(after.bytes);
    expect(next.lines).toEqual([...before.lines, "large", "large again"]);
  });
});
