import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { FirewallRules, Hypervisor, Machine } from "../../emulators/digitalocean/index.ts";
import type { SandboxSettings } from "../settings.ts";
import { cloudInitSeed } from "./cloud-init-seed.ts";
import type { BootOptions } from "./cloud-init-seed.ts";
import { run } from "./commands.ts";
import {
  canRunPrivileged,
  containerState,
  createArguments,
  docker,
  reachableNameServers,
  sizeArguments,
  waitForInit,
} from "./container.ts";
import {
  applyFirewall,
  directReservedAddress,
  forgetNeighbour,
  plugNetworks,
} from "./network/droplet-network.ts";
import { LoadBalancers } from "./load-balancers/load-balancers.ts";
import { DropletStore } from "./droplet-store.ts";
import type { DropletRecord } from "./droplet-store.ts";
import { containerName, portTable } from "./names.ts";
import type { PublicNetwork } from "./network/public-network.ts";
import { Queue } from "./queue.ts";
import { Volumes } from "./volumes/volumes.ts";

export interface DockerHypervisorOptions {
  readonly settings: SandboxSettings;
  readonly network: PublicNetwork;
  /** What `ensureDropletImage` returned. */
  readonly image: string;
  readonly mirrors: BootOptions["mirrors"];
  /** See {@link BootOptions.aptBusy}; never 0. @default 5 */
  readonly aptBusy?: number;
}

/**
 * Droplets as containers that boot systemd, with volumes, and load balancers. Needs root, Docker, nftables, HAProxy and
 * loop devices on the host.
 */
export interface DockerHypervisor extends Hypervisor {
  /** Boots again what ran when the sandbox was stopped. */
  startAll(): Promise<void>;
}

/** Boots droplets in Docker and keeps their records in the sandbox's state, so a new process goes on where another ended. */
export function dockerHypervisor(options: DockerHypervisorOptions): DockerHypervisor {
  const { settings, network, mirrors, aptBusy = 5 } = options;
  if (aptBusy <= 0) throw new Error(`aptBusy is ${aptBusy}: apt is never free at a droplet's first boot`);
  const store = new DropletStore(settings);
  const volumes = new Volumes(settings);
  const loadBalancers = new LoadBalancers(settings, network);
  const queue = new Queue();
  const nameOf = (dropletId: number) => containerName(settings.id, dropletId);

  async function ensureContainer(machine: Machine): Promise<void> {
    if ((await containerState(nameOf(machine.id))).exists) return;
    const seed = path.join(store.directoryOf(machine.id), "seed");
    await mkdir(seed, { recursive: true, mode: 0o700 });
    for (const [name, text] of Object.entries(cloudInitSeed(machine, { mirrors, aptBusy })))
      await writeFile(path.join(seed, name), text, { mode: 0o600 });
    const [privileged, nameServers] = await Promise.all([canRunPrivileged(), reachableNameServers()]);
    const { image } = options;
    await docker(
      ...createArguments({ sandboxId: settings.id, image, machine, seed, nameServers, privileged }),
    );
  }

  async function boot(record: DropletRecord): Promise<void> {
    const { machine } = record;
    await ensureContainer(machine);
    const name = nameOf(machine.id);
    if ((await containerState(name)).pid === undefined) await docker("start", name);
    const { pid } = await containerState(name);
    if (pid === undefined) throw new Error(`droplet ${machine.id} ended as soon as it was started`);
    const plug = { sandboxId: settings.id, network, machine, pid };
    // Before the cables, so no packet passes unjudged.
    await applyFirewall(pid, record.firewall);
    // systemd starts when the last cable is plugged, and finds its disks.
    await volumes.plug(machine.id, pid);
    await plugNetworks(plug);
    await directReservedAddress(plug, await reservedAddressOf(machine.id));
    await waitForInit(name);
  }

  async function shutDown(dropletId: number): Promise<void> {
    if ((await containerState(nameOf(dropletId))).pid !== undefined)
      await docker("stop", "--time", "30", nameOf(dropletId));
    await volumes.release(dropletId);
  }

  async function reservedAddressOf(dropletId: number): Promise<string | undefined> {
    const addresses = await store.reservedAddresses();
    return Object.keys(addresses).find((address) => addresses[address] === dropletId);
  }

  async function known(dropletId: number): Promise<DropletRecord> {
    const record = await store.get(dropletId);
    if (!record) throw new Error(`there is no droplet ${dropletId}`);
    return record;
  }

  const running = async () => {
    const records = await store.list();
    const pids = await Promise.all(
      records.map(async (record) => (await containerState(nameOf(record.machine.id))).pid),
    );
    return pids.filter((pid) => pid !== undefined);
  };

  async function redirect(dropletId: number): Promise<void> {
    const record = await store.get(dropletId);
    const { pid } = await containerState(nameOf(dropletId));
    if (!record || pid === undefined) return;
    const plug = { sandboxId: settings.id, network, machine: record.machine, pid };
    await directReservedAddress(plug, await reservedAddressOf(dropletId));
  }

  // Never awaited by work in a droplet's queue: it waits for that queue itself.
  const direct = (address: string, dropletId: number | undefined) =>
    queue.run("reserved addresses", async () => {
      const { [address]: previous, ...others } = await store.reservedAddresses();
      if (dropletId !== undefined && Object.values(others).includes(dropletId))
        throw new Error(`droplet ${dropletId} has a reserved address already`);
      await store.putReservedAddresses(
        dropletId === undefined ? others : { ...others, [address]: dropletId },
      );
      if (previous !== undefined) await queue.run(String(previous), () => redirect(previous));
      if (dropletId !== undefined) await queue.run(String(dropletId), () => redirect(dropletId));
      await run("ip", ["route", "replace", `${address}/32`, "dev", network.bridge]);
      await forgetNeighbour(address, network.bridge, await running());
    });

  async function destroy(dropletId: number): Promise<void> {
    await queue.run(String(dropletId), async () => {
      if ((await containerState(nameOf(dropletId))).exists)
        await docker("rm", "--force", "--volumes", nameOf(dropletId));
      await volumes.forgetDroplet(dropletId);
      const table = `netdev ${portTable(settings.id, dropletId)}`;
      await run("nft", ["-f", "-"], `table ${table}\ndelete table ${table}\n`);
      await store.delete(dropletId);
    });
    const address = await reservedAddressOf(dropletId);
    if (address !== undefined) await direct(address, undefined);
  }

  const power = (dropletId: number, work: (record: DropletRecord) => Promise<void>) =>
    queue.run(String(dropletId), async () => work(await known(dropletId)));

  return {
    features: ["load balancers"],
    create: (machine) =>
      queue.run(String(machine.id), async () => {
        const record = (await store.get(machine.id)) ?? { machine, power: "on" };
        await store.put(record);
        if (record.power === "on") await boot(record);
      }),
    destroy,
    powerOn: (dropletId) =>
      power(dropletId, async (record) => {
        await store.put({ ...record, power: "on" });
        await boot(record);
      }),
    powerOff: (dropletId) =>
      power(dropletId, async (record) => {
        await store.put({ ...record, power: "off" });
        await shutDown(dropletId);
      }),
    reboot: (dropletId) =>
      power(dropletId, async (record) => {
        await shutDown(dropletId);
        await boot(record);
      }),
    resize: (dropletId, size) =>
      power(dropletId, async (record) => {
        await store.put({ ...record, machine: { ...record.machine, ...size } });
        if ((await containerState(nameOf(dropletId))).exists)
          await docker("update", ...sizeArguments(size), nameOf(dropletId));
      }),
    setFirewall: (dropletId: number, rules: FirewallRules | undefined) =>
      power(dropletId, async (record) => {
        await store.put({ ...record, firewall: rules });
        const { pid } = await containerState(nameOf(dropletId));
        if (pid !== undefined) await applyFirewall(pid, rules);
      }),
    setReservedIp: direct,
    attachVolume: (dropletId, volume) =>
      queue.run(String(dropletId), async () => {
        const isNew = await volumes.attach(dropletId, volume);
        const { pid } = await containerState(nameOf(dropletId));
        try {
          if (pid !== undefined) await volumes.plug(dropletId, pid);
        } catch (error) {
          // Whoever asked takes it for unattached, and may attach it elsewhere.
          if (isNew) await volumes.detach(dropletId, volume, pid);
          throw error;
        }
      }),
    detachVolume: (dropletId, volume) =>
      queue.run(String(dropletId), async () => {
        const { pid } = await containerState(nameOf(dropletId));
        await volumes.detach(dropletId, volume, pid);
      }),
    resizeVolume: (volume) => volumes.resize(volume),
    destroyVolume: (volume) => volumes.destroy(volume),
    setLoadBalancer: (balancer) => loadBalancers.set(balancer),
    removeLoadBalancer: (id) => loadBalancers.remove(id),
    startAll: async () => {
      for (const address of Object.keys(await store.reservedAddresses()))
        await run("ip", ["route", "replace", `${address}/32`, "dev", network.bridge]);
      const records = (await store.list()).filter((record) => record.power === "on");
      await Promise.all(records.map((record) => queue.run(String(record.machine.id), () => boot(record))));
    },
  };
}
