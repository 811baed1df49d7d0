import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import type { Hypervisor, Machine } from "../../../emulators/digitalocean/index.ts";
import { agentFiles } from "./agent-files.ts";
import { ReservedAddress } from "./reserved-address.ts";

const noLoadBalancer = (): Promise<void> =>
  Promise.reject(new Error("there are no load balancers before agents on loopback addresses"));

/** A volume is a directory of the droplet's own, where its agent offers it, and holds no data of its own. */
const noData = (): Promise<void> => Promise.resolve();

interface Droplet {
  readonly machine: Machine;
  readonly directory: string;
  readonly configuration: string;
  /** Undefined while it is off. */
  agent?: { kill(): Promise<void> };
}

/**
 * Runs each droplet as one real Nomad agent on a loopback address, configured by the droplet's real user-data. There is
 * no system around it, no Docker, no firewall, and its volumes do not move with what is in them. Needs root.
 */
export class LoopbackHypervisor implements Hypervisor {
  readonly #program: string;
  readonly #directory: string;
  readonly #droplets = new Map<number, Droplet>();
  readonly #addresses = new Map<string, ReservedAddress>();
  /** Awaited before a new droplet boots, which is `new` until then. If it rejects the droplet stays so for good. */
  beforeBoot = (): Promise<void> => Promise.resolve();

  /** `program` is Nomad's binary. */
  constructor(program: string, directory: string) {
    this.#program = program;
    this.#directory = directory;
  }

  async create(machine: Machine): Promise<void> {
    if (this.#droplets.has(machine.id)) return;
    await this.beforeBoot();
    const directory = path.join(this.#directory, String(machine.id));
    const { files, directories, configuration } = agentFiles(machine, directory);
    await Promise.all(directories.map((name) => mkdir(name, { recursive: true })));
    for (const file of files) {
      await mkdir(path.dirname(file.path), { recursive: true });
      await writeFile(file.path, file.content, { mode: 0o600 });
    }
    const droplet: Droplet = { machine, directory, configuration };
    this.#droplets.set(machine.id, droplet);
    this.#start(droplet);
  }

  async destroy(dropletId: number): Promise<void> {
    await this.powerOff(dropletId);
    const droplet = this.#droplets.get(dropletId);
    this.#droplets.delete(dropletId);
    if (droplet) await rm(droplet.directory, { recursive: true, force: true });
  }

  powerOn(dropletId: number): Promise<void> {
    const droplet = this.#droplets.get(dropletId);
    if (droplet && !droplet.agent) this.#start(droplet);
    return Promise.resolve();
  }

  async powerOff(dropletId: number): Promise<void> {
    const droplet = this.#droplets.get(dropletId);
    await droplet?.agent?.kill();
    delete droplet?.agent;
  }

  async reboot(dropletId: number): Promise<void> {
    await this.powerOff(dropletId);
    await this.powerOn(dropletId);
  }

  /** Nothing limits an agent's memory on loopback, whatever the size. */
  resize(): Promise<void> {
    return Promise.resolve();
  }

  setFirewall(): Promise<void> {
    return Promise.resolve();
  }

  async setReservedIp(address: string, dropletId: number | undefined): Promise<void> {
    const reserved = this.#addresses.get(address) ?? new ReservedAddress(address);
    this.#addresses.set(address, reserved);
    await reserved.direct(
      dropletId === undefined ? undefined : this.#droplets.get(dropletId)?.machine.publicAddress,
    );
  }

  attachVolume = noData;
  detachVolume = noData;
  resizeVolume = noData;
  destroyVolume = noData;
  setLoadBalancer = noLoadBalancer;
  removeLoadBalancer = noLoadBalancer;

  /** Ends all droplets. */
  async close(): Promise<void> {
    await Promise.all([...this.#addresses.values()].map((address) => address.direct(undefined)));
    await Promise.all([...this.#droplets.keys()].map((id) => this.destroy(id)));
  }

  #start(droplet: Droplet): void {
    // A process namespace of its own: whatever runs in the droplet ends with it, and it ends with this process.
    const agent = execa(
      "setpriv",
      [
        ...["--pdeathsig", "KILL", "unshare"],
        ...["--pid", "--fork", "--kill-child=SIGKILL", "--mount-proc"],
        ...[this.#program, "agent", "-config", path.dirname(droplet.configuration)],
      ],
      {
        // unshare itself takes no notice of SIGTERM.
        killSignal: "SIGKILL",
        reject: false,
        buffer: false,
        stdin: "ignore",
        stdout: { file: path.join(this.#directory, `${droplet.machine.id}.log`) },
        stderr: "ignore",
      },
    );
    droplet.agent = {
      kill: async () => {
        agent.kill();
        await agent;
      },
    };
  }
}
