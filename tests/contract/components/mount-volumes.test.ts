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

interface Boot {
  /** What this boot and those before it wrote on the volume. */
  readonly lines: string[];
  readonly mountPoints: string;
  /** Units of systemd that would mount a volume at the next boot. */
  readonly units: string;
  /** Size of the file system. */
  readonly bytes: number;
}

/** One boot of the node with a volume of `size` bytes, which is mounted on `mounted` already if that is not empty. */
async function booted(size: number, line: string, name = "blog-content", mounted = ""): Promise<Boot> {
  const loop = await plugLoopDevice(volume, size);
  try {
    const { stdout } = await execa("unshare", [
      "--mount",
      "bash",
      boot,
      loop.name,
      script,
      line,
      name,
      mounted,
    ]);
    const [output = "", offer] = stdout.split("client {");
    expect(offer).toContain('host_volume "content"');
    const lines = output.trimEnd().split("\n");
    const [mountPoints = "", units = "", bytes] = lines.splice(-3);
    return { lines, mountPoints, units, bytes: Number(bytes) };
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

  test.each([
    ["on DigitalOcean's own path", "blog-content", "/mnt/blog_content"],
    ["on DigitalOcean's own path, which is the node's too", "content", "/mnt/content"],
    ["on another path", "blog-content", "/mnt/elsewhere"],
  ])(
    "that is mounted %s already ends mounted once, on the node's path, for good",
    async (_, name, mounted) => {
      const before = await booted(64 * mebibytes, "before");
      const after = await booted(64 * mebibytes, "after", name, mounted);
      expect(after).toEqual({
        lines: [...before.lines, "after"],
        mountPoints: "/mnt/content",
        units: "",
        bytes: before.bytes,
      });
    },
  );

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
