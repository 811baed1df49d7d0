import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { withLock } from "../../../../sandbox/tools/file-lock.ts";
import { fillDirectory } from "../../../../sandbox/tools/tool-cache.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), "tool-cache-"));
});
afterEach(() => rm(directory, { recursive: true }));

it("leaves nothing of a folder that could not be filled", async () => {
  const target = path.join(directory, "pulumi", "1.0.0");
  const failing = fillDirectory(target, async (temporary) => {
    await writeFile(path.join(temporary, "pulumi"), "half");
    throw new Error("connection reset");
  });
  await expect(failing).rejects.toThrow("connection reset");
  expect(await readdir(path.dirname(target))).toEqual([]);
});

it("removes what a process left that was killed while it filled a folder", async () => {
  const target = path.join(directory, "pulumi", "1.0.0");
  await mkdir(path.join(directory, "pulumi", ".partial-killed"), { recursive: true });
  await fillDirectory(target, (temporary) => writeFile(path.join(temporary, "pulumi"), ""));
  expect(await readdir(path.dirname(target))).toEqual(["1.0.0"]);
});

it("fills a folder once", async () => {
  const target = path.join(directory, "pulumi", "1.0.0");
  await fillDirectory(target, (temporary) => writeFile(path.join(temporary, "first"), ""));
  await fillDirectory(target, (temporary) => writeFile(path.join(temporary, "second"), ""));
  expect(await readdir(target)).toEqual(["first"]);
});

it("lets one holder of a lock work at a time, and the next one after a failure", async () => {
  const events: string[] = [];
  const begun = Promise.withResolvers<void>();
  const waits = Promise.withResolvers<void>();
  const first = withLock(directory, "nomad", async () => {
    events.push("first begins");
    begun.resolve();
    await waits.promise;
    events.push("first ends");
    throw new Error("first");
  });
  await begun.promise;
  const second = withLock(
    directory,
    "nomad",
    () => Promise.resolve(events.push("second works")),
    () => {
      events.push("second waits");
      waits.resolve();
    },
  );
  await expect(first).rejects.toThrow("first");
  await second;
  expect(events).toEqual(["first begins", "second waits", "first ends", "second works"]);
});
