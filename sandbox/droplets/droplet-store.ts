import { mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import type { FirewallRules, Machine } from "../../emulators/digitalocean/index.ts";
import type { SandboxSettings } from "../settings.ts";
import { readJson, writeJson } from "./json-file.ts";

/** What must be known to boot a droplet again after the sandbox, or the host, was stopped. */
export interface DropletRecord {
  readonly machine: Machine;
  readonly power: "on" | "off";
  readonly firewall?: FirewallRules | undefined;
}

/** Reserved address to droplet id. */
export type ReservedAddresses = Readonly<Record<string, number>>;

/** Records of the sandbox's droplets, one directory each under `.sandbox/droplets`. Readable by root only: user-data holds keys. */
export class DropletStore {
  readonly directory: string;

  constructor(settings: SandboxSettings) {
    this.directory = path.join(settings.stateDir, "droplets");
  }

  /** Directory of one droplet's files. */
  directoryOf(dropletId: number): string {
    return path.join(this.directory, String(dropletId));
  }

  async get(dropletId: number): Promise<DropletRecord | undefined> {
    return readJson<DropletRecord>(path.join(this.directoryOf(dropletId), "droplet.json"));
  }

  async put(record: DropletRecord): Promise<void> {
    await writeJson(path.join(this.directoryOf(record.machine.id), "droplet.json"), record);
  }

  async delete(dropletId: number): Promise<void> {
    await rm(this.directoryOf(dropletId), { recursive: true, force: true });
  }

  async list(): Promise<DropletRecord[]> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const names = (await readdir(this.directory)).filter((name) => /^\d+$/.test(name));
    const records = await Promise.all(names.map((name) => this.get(Number(name))));
    return records.filter((record) => record !== undefined);
  }

  async reservedAddresses(): Promise<ReservedAddresses> {
    return (await readJson<ReservedAddresses>(path.join(this.directory, "reserved-addresses.json"))) ?? {};
  }

  async putReservedAddresses(addresses: ReservedAddresses): Promise<void> {
    await writeJson(path.join(this.directory, "reserved-addresses.json"), addresses);
  }
}
