import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { publicNetwork } from "../../settings.ts";
import type { SandboxSettings } from "../../settings.ts";
import { ask, run } from "../commands.ts";
import { overlaps } from "./ipv4.ts";
import { forwardingRules, hostTableText } from "./host-rules.ts";
import { gatewayMacAddress, hostTable, publicBridge, vpcBridgePrefix } from "../names.ts";

/** The sandbox's public network, in place on the host. */
export interface PublicNetwork {
  readonly slot: number;
  readonly cidr: string;
  /** The host's address in it, where droplets reach the sandbox's services. */
  readonly gateway: string;
  readonly bridge: string;
}

interface Route {
  readonly dst: string;
  readonly dev?: string;
}

const slotFile = (settings: SandboxSettings) => path.join(settings.stateDir, "public-network-slot");
const claimFile = (settings: SandboxSettings, slot: number) =>
  path.join(settings.cacheDir, "public-network-slots", String(slot));

/** Makes the bridge with the gateway address and the way out of it; changes nothing that is there already. */
export async function ensurePublicNetwork(settings: SandboxSettings): Promise<PublicNetwork> {
  const slot = await ensureSlot(settings);
  const { cidr, gateway } = publicNetwork(slot);
  const bridge = publicBridge(settings.id);
  await ensureBridge(bridge);
  // Left to itself a bridge takes the lowest address of its ports, and droplets lose the gateway when a port goes.
  await run("ip", ["link", "set", bridge, "address", gatewayMacAddress(settings.id)]);
  await run("ip", ["address", "replace", `${gateway}/${cidr.split("/")[1]}`, "dev", bridge]);
  await run("sysctl", ["-q", "-w", "net.ipv4.ip_forward=1", `net.ipv4.conf.${bridge}.send_redirects=0`]);
  await run("nft", ["-f", "-"], hostTableText(settings.id, cidr));
  await acceptForwarding(settings.id);
  return { slot, cidr, gateway, bridge };
}

/** Removes all bridges of the sandbox, its rules and its claim to a slot. */
export async function removeNetworks(settings: SandboxSettings): Promise<void> {
  for (const rule of forwardingRules(settings.id)) {
    for (const chain of ["DOCKER-USER", "FORWARD"]) {
      while ((await ask("iptables", ["-w", "-C", chain, ...rule])) !== undefined)
        await run("iptables", ["-w", "-D", chain, ...rule]);
    }
  }
  const links = JSON.parse(await run("ip", ["-json", "link", "show", "type", "bridge"])) as {
    ifname?: string;
  }[];
  for (const { ifname } of links) {
    if (ifname === publicBridge(settings.id) || ifname?.startsWith(vpcBridgePrefix(settings.id)))
      await run("ip", ["link", "delete", ifname]);
  }
  const tables = await run("nft", ["list", "tables"]);
  for (const [, family, name] of tables.matchAll(/^table (\w+) (\w+)$/gm)) {
    if (family && name && (name === hostTable(settings.id) || name.startsWith(`${hostTable(settings.id)}_`)))
      await run("nft", ["delete", "table", family, name]);
  }
  const slot = await recordedSlot(settings);
  if (slot !== undefined) await rm(claimFile(settings, slot), { force: true });
  await rm(slotFile(settings), { force: true });
}

/** Makes a bridge and brings it up. */
export async function ensureBridge(name: string): Promise<void> {
  // Asked once more before it fails: two droplets may want the bridge of their VPC at once.
  const isThere = async () => (await ask("ip", ["link", "show", name])) !== undefined;
  if (
    !(await isThere()) &&
    (await ask("ip", ["link", "add", name, "type", "bridge"])) === undefined &&
    !(await isThere())
  )
    throw new Error(`the bridge ${name} cannot be made: is this process root, with CAP_NET_ADMIN?`);
  await run("ip", ["link", "set", name, "up"]);
}

/** Slots in the order they are tried: from the one the sandbox's id points at, once around. */
export function slotCandidates(sandboxId: string): number[] {
  const first = Number.parseInt(sandboxId.slice(0, 2), 16);
  return Array.from({ length: 256 }, (_, step) => (first + step) % 256);
}

async function ensureSlot(settings: SandboxSettings): Promise<number> {
  const routes = (
    JSON.parse(await run("ip", ["-json", "-4", "route", "show", "table", "all"])) as Route[]
  ).filter((route) => route.dst !== "default" && route.dev !== publicBridge(settings.id));
  const isFree = (slot: number) => !routes.some((route) => overlaps(route.dst, publicNetwork(slot).cidr));
  const recorded = await recordedSlot(settings);
  for (const slot of recorded === undefined
    ? slotCandidates(settings.id)
    : [recorded, ...slotCandidates(settings.id)]) {
    if (isFree(slot) && (await claim(settings, slot))) {
      await mkdir(settings.stateDir, { recursive: true });
      await writeFile(slotFile(settings), String(slot));
      return slot;
    }
  }
  throw new Error(
    "every /23 of 198.18.0.0/15 is routed on this host: no public network is left for the sandbox",
  );
}

async function recordedSlot(settings: SandboxSettings): Promise<number | undefined> {
  const text = await readOptional(slotFile(settings));
  return text === undefined ? undefined : Number(text);
}

// A clone that is stopped has no route that would show its slot, and two clones may start at once: hence a file a slot.
async function claim(settings: SandboxSettings, slot: number): Promise<boolean> {
  const file = claimFile(settings, slot);
  await mkdir(path.dirname(file), { recursive: true });
  try {
    await writeFile(file, settings.stateDir, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const owner = await readOptional(file);
  if (owner === settings.stateDir) return true;
  const used = owner ? await readOptional(path.join(owner, "public-network-slot")) : String(slot);
  if (used === String(slot)) return false;
  await rm(file, { force: true });
  return claim(settings, slot);
}

async function readOptional(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

// Docker sets the policy of FORWARD to drop and sends bridged packets through it too; DOCKER-USER is the place it
// leaves to others.
async function acceptForwarding(sandboxId: string): Promise<void> {
  const chain =
    (await ask("iptables", ["-w", "-n", "-L", "DOCKER-USER"])) === undefined ? "FORWARD" : "DOCKER-USER";
  for (const rule of forwardingRules(sandboxId)) {
    if ((await ask("iptables", ["-w", "-C", chain, ...rule])) === undefined)
      await run("iptables", ["-w", "-I", chain, ...rule]);
  }
}
