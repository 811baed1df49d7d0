import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isPlugged, minorOf, parseLoopDevices } from "../../../../sandbox/droplets/volumes/loop-devices.ts";
import { freeDiskName, VolumeStore } from "../../../../sandbox/droplets/volumes/volume-store.ts";
import { Volumes } from "../../../../sandbox/droplets/volumes/volumes.ts";
import { sandboxSettings } from "../../../../sandbox/settings.ts";

describe("parseLoopDevices", () => {
  test("finds none in nothing", () => {
    expect(parseLoopDevices("")).toEqual([]);
  });

  test("tells a device that shows the volume from one that was cut off", () => {
    const text = `{"loopdevices": [
      {"name": "/dev/loop12", "offset": 0, "sizelimit": 1073741824, "autoclear": false},
      {"name": "/dev/loop3", "offset": 1073741824, "sizelimit": 512, "autoclear": true}
    ]}`;
    const loops = parseLoopDevices(text);
    expect(loops.map(isPlugged)).toEqual([true, false]);
    expect(loops.map(minorOf)).toEqual([12, 3]);
  });
});

describe("freeDiskName", () => {
  const names = [..."abcdefghijklmno"].map((letter) => `sd${letter}`);

  test("is the first one that is free", () => {
    fc.assert(
      fc.property(fc.subarray(names, { maxLength: names.length - 1 }), (taken) => {
        const name = freeDiskName(taken);
        expect(taken).not.toContain(name);
        expect(names.slice(0, names.indexOf(name)).every((earlier) => taken.includes(earlier))).toBe(true);
      }),
    );
  });

  test("fails after the fifteenth", () => {
    expect(() => freeDiskName(names)).toThrow("all disk names from sda to sdo are taken");
  });
});

describe("volumes", () => {
  let clone: string;
  beforeEach(() => {
    clone = mkdtempSync(path.join(os.tmpdir(), "volumes-"));
  });
  afterEach(() => rmSync(clone, { recursive: true }));
  const raw = { id: "one", name: "data", sizeGigabytes: 1, filesystemType: "", filesystemLabel: "" };

  test("are remembered by the next process, with their droplets, in the order of their disks", async () => {
    const settings = sandboxSettings(clone, {});
    const attach = (dropletId: number, id: string) => new Volumes(settings).attach(dropletId, { ...raw, id });
    for (const id of ["one", "two", "three"]) await attach(1, id);
    await attach(2, "four");
    await attach(1, "one");
    const attached = await new VolumeStore(settings).attachedTo(1);
    expect(attached.map(({ volume, attachment }) => `${attachment.device} ${volume.id}`)).toEqual([
      "sda one",
      "sdb two",
      "sdc three",
    ]);
    await expect(attach(2, "one")).rejects.toThrow("volume data is attached to droplet 1");
  });

  test.each([
    [
      "a file system that cannot be made",
      { ...raw, filesystemType: "xfs" },
      "the file system xfs is not ext4",
    ],
    ["an id that leads elsewhere", { ...raw, id: "../one" }, 'volume id "../one" is not made of letters'],
  ])("refuse %s and note nothing", async (_what, volume, message) => {
    const settings = sandboxSettings(clone, {});
    await expect(new Volumes(settings).attach(1, volume)).rejects.toThrow(message);
    expect(await new VolumeStore(settings).list()).toEqual([]);
  });
});
