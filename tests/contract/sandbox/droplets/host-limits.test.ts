import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { raiseHostLimits } from "../../../../sandbox/droplets/host-limits.ts";

test.skipIf(process.getuid?.() !== 0)("a hundred droplets can hold their inotify instances", async () => {
  await raiseHostLimits();
  const allowed = await readFile("/proc/sys/fs/inotify/max_user_instances", "utf8");
  expect(Number(allowed)).toBeGreaterThanOrEqual(100 * 9);
});
