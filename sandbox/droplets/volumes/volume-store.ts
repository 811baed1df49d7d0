import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import type { HypervisorVolume } from "../../../emulators/digitalocean/index.ts";
import type { SandboxSettings } from "../../settings.ts";
import { readJson, writeJson } from "../json-file.ts";

/** A volume and where it is plugged in. */
export interface VolumeRecord {
  readonly volume: HypervisorVolume;
  readonly attachment?: VolumeAttachment | undefined;
}

export interface VolumeAttachment {
  readonly dropletId: number;
  /** Name of the disk in the droplet, such as "sda". */
  readonly device: string;
}

/** Records and data of the sandbox's volumes, one directory each under `.sandbox/volumes`. Readable by root only. */
export class VolumeStore {
  readonly directory: string;

  constructor(settings: SandboxSettings) {
    this.directory = path.join(settings.stateDir, "volumes");
  }

  /** The file that holds what is on the volume. */
  dataFile(id: string): string {
    return path.join(this.#directoryOf(id), "data");
  }

  get(id: string): Promise<VolumeRecord | undefined> {
    return readJson<VolumeRecord>(path.join(this.#directoryOf(id), "volume.json"));
  }

  put(record: VolumeRecord): Promise<void> {
    return writeJson(path.join(this.#directoryOf(record.volume.id), "volume.json"), record);
  }

  /** Deletes the record and the data. */
  delete(id: string): Promise<void> {
    return rm(this.#directoryOf(id), { recursive: true, force: true });
  }

  async list(): Promise<VolumeRecord[]> {
    if (!existsSync(this.directory)) return [];
    const records = await Promise.all((await readdir(this.directory)).map((id) => this.get(id)));
    return records.filter((record) => record !== undefined);
  }

  /** The volumes of a droplet, in the order of their disks. */
  async attachedTo(dropletId: number): Promise<AttachedVolume[]> {
    const attached = (await this.list()).flatMap(({ volume, attachment }) =>
      attachment?.dropletId === dropletId ? [{ volume, attachment }] : [],
    );
    return attached.sort((left, right) => left.attachment.device.localeCompare(right.attachment.device));
  }

  #directoryOf(id: string): string {
    if (!/^[0-9a-z-]+$/.test(id)) throw new Error(`volume id "${id}" is not made of letters, digits and -`);
    return path.join(this.directory, id);
  }
}

export interface AttachedVolume {
  readonly volume: HypervisorVolume;
  readonly attachment: VolumeAttachment;
}

/** The name of the next disk, as the kernel gives it: the first that is free. DigitalOcean attaches 15 at most. */
export function freeDiskName(taken: readonly string[]): string {
  const name = [..."abcdefghijklmno"].map((letter) => `sd${letter}`).find((disk) => !taken.includes(disk));
  if (name === undefined) throw new Error(`all disk names from sda to sdo are taken`);
  return name;
}
