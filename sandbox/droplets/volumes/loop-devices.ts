import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ask, run } from "../commands.ts";

/** A loop device as `losetup --json --list` describes it. */
export interface LoopDevice {
  /** Such as "/dev/loop0". */
  readonly name: string;
  readonly offset: number;
  readonly sizelimit: number;
  /** It goes as soon as nobody uses it any more. */
  readonly autoclear: boolean;
}

/** Bytes after the volume's own, which an unplugged device shows: what is written there harms nobody. */
export const spareBytes = 4096;

const loopMajor = 7;
const autoclearFlag = 4;

/** What `losetup --json --list` printed, which is nothing when there is none. */
export function parseLoopDevices(text: string): LoopDevice[] {
  return text === "" ? [] : (JSON.parse(text) as { loopdevices: LoopDevice[] }).loopdevices;
}

/** Whether the device shows the volume, and not the spare bytes behind it. */
export const isPlugged = (loop: LoopDevice) => loop.offset === 0;

export const minorOf = (loop: Pick<LoopDevice, "name">) => Number(/\d+$/.exec(loop.name)?.[0]);

/** The loop devices of a file, also those that only wait for their last user. */
async function loopDevicesOf(file: string): Promise<LoopDevice[]> {
  if (!existsSync(file)) return [];
  const columns = "NAME,OFFSET,SIZELIMIT,AUTOCLEAR";
  return parseLoopDevices(
    await run("losetup", ["--json", "--list", "--output", columns, "--associated", file]),
  );
}

/** The loop device that shows the first `bytes` of the file; made when there is none. */
export async function plugLoopDevice(file: string, bytes: number): Promise<LoopDevice> {
  for (const loop of (await loopDevicesOf(file)).filter(isPlugged)) {
    if (!loop.autoclear) return loop;
    // It was to go when the process that unplugged it ended.
    await cutOff(loop, bytes);
  }
  let cause: unknown;
  for (const minor of await freeMinors()) {
    const name = `/dev/loop${minor}`;
    try {
      await setUp(name, minor, ["--sizelimit", String(bytes), name, file]);
      return { name, offset: 0, sizelimit: bytes, autoclear: false };
    } catch (error) {
      // Another process may have taken it meanwhile; the next one may be free.
      cause = error;
    }
  }
  throw new Error(`no loop device of this host can show ${file}: see losetup --list`, { cause });
}

/** On a host without devtmpfs the kernel makes the device, but not its node. */
async function setUp(name: string, minor: number, args: readonly string[]): Promise<void> {
  const node = (file: string, type: string, major: number, number: number) =>
    run("mknod", ["-m", "0600", file, type, String(major), String(number)]);
  if (!existsSync("/dev/loop-control")) await node("/dev/loop-control", "c", 10, 237);
  try {
    await run("losetup", args);
  } catch (error) {
    if (existsSync(name)) throw error;
    await node(name, "b", loopMajor, minor);
    await run("losetup", args);
  }
}

/**
 * Takes the file's loop devices away. While `patience` milliseconds last, a user that is about to close one may do so;
 * then the device is cut off: whoever still uses it gets I/O errors, and it goes with its last user.
 */
export async function unplugLoopDevices(file: string, bytes: number, patience: number): Promise<void> {
  for (const loop of (await loopDevicesOf(file)).filter(isPlugged))
    await ask("losetup", ["--detach", loop.name]);
  const end = Date.now() + patience;
  for (;;) {
    const plugged = (await loopDevicesOf(file)).filter(isPlugged);
    if (plugged.length === 0) return;
    if (Date.now() >= end) {
      for (const loop of plugged) await cutOff(loop, bytes);
      return;
    }
    await delay(100);
  }
}

/** Lets the devices of a file that has grown show its new size: the volume's, or the spare bytes behind it. */
export async function growLoopDevices(file: string, bytes: number): Promise<void> {
  const loops = await loopDevicesOf(file);
  for (const loop of loops.filter((candidate) => !isPlugged(candidate))) await cutOff(loop, bytes);
  for (const loop of loops.filter(isPlugged)) await setWindow(loop, 0, bytes, 0);
}

/** Linux lets a mounted read-only device be written to, so the device is made to show the spare bytes instead. */
const cutOff = (loop: LoopDevice, bytes: number) => setWindow(loop, bytes, 512, autoclearFlag);

async function setWindow(loop: LoopDevice, offset: number, length: number, flags: number): Promise<void> {
  const script = path.join(import.meta.dirname, "set-loop-window.pl");
  await run(script, [loop.name, ...[offset, length, flags].map(String)]);
}

/** Minors of loop devices without a file: those there are, then some that the kernel makes when they are opened. */
async function freeMinors(): Promise<number[]> {
  if (!existsSync("/sys/module/loop")) await run("modprobe", ["loop"]);
  const names = (await readdir("/sys/block")).filter((name) => /^loop\d+$/.test(name));
  const isBusy = (minor: number) => existsSync(`/sys/block/loop${minor}/loop`);
  const highest = Math.max(-1, ...names.map((name) => minorOf({ name })));
  return Array.from({ length: highest + 9 }, (_, minor) => minor).filter((minor) => !isBusy(minor));
}
