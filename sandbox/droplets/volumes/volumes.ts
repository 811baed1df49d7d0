import { existsSync } from "node:fs";
import { mkdir, open, readFile, rename, truncate } from "node:fs/promises";
import path from "node:path";
import type { HypervisorVolume } from "../../../emulators/digitalocean/index.ts";
import type { SandboxSettings } from "../../settings.ts";
import { run } from "../commands.ts";
import { growLoopDevices, minorOf, plugLoopDevice, spareBytes, unplugLoopDevices } from "./loop-devices.ts";
import { endFirstMount, firstFileSystemBytes, isFirstMount, markFirstMount } from "./first-mount.ts";
import { freeDiskName, VolumeStore } from "./volume-store.ts";
import type { AttachedVolume } from "./volume-store.ts";

/** How long a droplet that ended may take to let go of its disks, in milliseconds. */
const patienceAfterEnd = 10_000;

const bytesOf = (volume: HypervisorVolume) => volume.sizeGigabytes * 1024 ** 3;

/** Block volumes as sparse files behind loop devices. Needs root and mkfs.ext4 on the host. */
export class Volumes {
  readonly #store: VolumeStore;

  constructor(settings: SandboxSettings) {
    this.#store = new VolumeStore(settings);
  }

  /**
   * Notes that the volume is the droplet's, and makes and formats it when it is new. Throws when it is another's.
   * Returns whether it was not the droplet's before.
   */
  async attach(dropletId: number, volume: HypervisorVolume): Promise<boolean> {
    const record = await this.#store.get(volume.id);
    const holder = record?.attachment?.dropletId;
    if (holder === dropletId) return false;
    if (holder !== undefined) throw new Error(`volume ${volume.name} is attached to droplet ${holder}`);
    const others = await this.#store.attachedTo(dropletId);
    const device = freeDiskName(others.map(({ attachment }) => attachment.device));
    await this.#ensureData(volume);
    await this.#store.put({ volume, attachment: { dropletId, device } });
    return true;
  }

  /** Shows the droplet, whose first process is `pid`, the volumes that are its own. */
  async plug(dropletId: number, pid: number): Promise<void> {
    for (const attached of await this.#store.attachedTo(dropletId)) await this.#plug(attached, pid);
  }

  /** Takes the volume away from the droplet; `pid` is undefined when the droplet does not run. */
  async detach(dropletId: number, volume: HypervisorVolume, pid: number | undefined): Promise<void> {
    const record = await this.#store.get(volume.id);
    if (record?.attachment?.dropletId !== dropletId) return;
    if (pid !== undefined) await inDroplet(pid, "unplug-volume.sh", [volume.name, record.attachment.device]);
    await this.#unplug(record.volume, pid === undefined ? patienceAfterEnd : 0);
    await this.#store.put({ volume: record.volume });
  }

  /** Takes the loop devices of a droplet that does not run, which finds its volumes again when it is booted. */
  async release(dropletId: number): Promise<void> {
    const attached = await this.#store.attachedTo(dropletId);
    await Promise.all(attached.map(({ volume }) => this.#unplug(volume, patienceAfterEnd)));
  }

  /** Takes all volumes away from a droplet that is gone. */
  async forgetDroplet(dropletId: number): Promise<void> {
    for (const { volume } of await this.#store.attachedTo(dropletId))
      await this.detach(dropletId, volume, undefined);
  }

  /** Takes all loop devices of the sandbox away, whose droplets have ended. Returns how many volumes there are. */
  async releaseAll(): Promise<number> {
    const records = await this.#store.list();
    await Promise.all(records.map(({ volume }) => this.#unplug(volume, patienceAfterEnd)));
    return records.length;
  }

  async resize(volume: HypervisorVolume): Promise<void> {
    const record = await this.#store.get(volume.id);
    // One that was never attached is made when it is.
    if (record === undefined) return;
    const data = this.#store.dataFile(volume.id);
    await this.#store.put({ ...record, volume });
    await truncate(data, bytesOf(volume) + spareBytes);
    await growLoopDevices(data, bytesOf(volume));
  }

  async destroy(volume: HypervisorVolume): Promise<void> {
    const record = await this.#store.get(volume.id);
    const holder = record?.attachment?.dropletId;
    if (holder !== undefined) throw new Error(`volume ${volume.name} is attached to droplet ${holder}`);
    if (record !== undefined) await this.#unplug(record.volume, 0);
    await this.#store.delete(volume.id);
  }

  /** Made under another name first: a file of this name is a whole volume. */
  async #ensureData(volume: HypervisorVolume): Promise<void> {
    const data = this.#store.dataFile(volume.id);
    if (existsSync(data)) return;
    await mkdir(path.dirname(data), { recursive: true, mode: 0o700 });
    const unfinished = await open(`${data}.new`, "w", 0o600);
    await unfinished.truncate(bytesOf(volume) + spareBytes);
    await unfinished.close();
    if (volume.filesystemType === "ext4") {
      const label = volume.filesystemLabel === "" ? [] : ["-L", volume.filesystemLabel];
      const size = Math.min(bytesOf(volume), firstFileSystemBytes);
      await run("mkfs.ext4", ["-q", "-F", "-T", "default", ...label, `${data}.new`, `${size / 1024}k`]);
      await markFirstMount(`${data}.new`, bytesOf(volume));
    } else if (volume.filesystemType !== "") {
      throw new Error(`volume ${volume.name}: the file system ${volume.filesystemType} is not ext4`);
    }
    await rename(`${data}.new`, data);
  }

  async #plug({ volume, attachment }: AttachedVolume, pid: number): Promise<void> {
    await this.#ensureData(volume);
    const data = this.#store.dataFile(volume.id);
    const loop = await plugLoopDevice(data, bytesOf(volume));
    await inDroplet(pid, "plug-volume.sh", [volume.name, attachment.device, String(minorOf(loop))]);
    if (!(await isFirstMount(data, bytesOf(volume)))) return;
    await inDroplet(pid, "automount-volume.sh", [volume.name]);
    await endFirstMount(data, bytesOf(volume));
  }

  async #unplug(volume: HypervisorVolume, patience: number): Promise<void> {
    await unplugLoopDevices(this.#store.dataFile(volume.id), bytesOf(volume), patience);
  }
}

/** Runs one of the scripts beside this file on the file system of the droplet whose first process is `pid`. */
async function inDroplet(pid: number, script: string, args: readonly string[]): Promise<void> {
  const text = await readFile(path.join(import.meta.dirname, script), "utf8");
  await run(
    "nsenter",
    ["--target", String(pid), "--mount", "--pid", "--root", "--", "sh", "-s", "--", ...args],
    text,
  );
}
