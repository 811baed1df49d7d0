import type { Machine, FirewallRules } from "../../../emulators/digitalocean/index.ts";
import { ask, run, runInNetworkOf } from "../commands.ts";
import { firewallText } from "./firewall-rules.ts";
import { portTableText } from "./host-rules.ts";
import { prefixLength } from "./ipv4.ts";
import { macAddress, port, vpcBridge } from "../names.ts";
import { ensureBridge } from "./public-network.ts";
import type { PublicNetwork } from "./public-network.ts";

/** A droplet's two cables, seen from the host. `pid` is any process in the droplet's network namespace. */
export interface Plug {
  readonly sandboxId: string;
  readonly network: PublicNetwork;
  readonly machine: Machine;
  readonly pid: number;
}

/** Plugs eth0 and eth1 into their bridges and gives them their addresses. Does nothing for a droplet plugged already. */
export async function plugNetworks({ sandboxId, network, machine, pid }: Plug): Promise<void> {
  if (await isPlugged(pid)) return;
  const bridge = vpcBridge(sandboxId, machine.vpc.id);
  await ensureBridge(bridge);
  const cables = [
    { port: port("p", sandboxId, machine.id), device: "eth0", bridge: network.bridge },
    { port: port("q", sandboxId, machine.id), device: "eth1", bridge },
  ] as const;
  // Asked, not run: the kernel takes the cables of a droplet that has ended away by itself, at any moment.
  for (const cable of cables) await ask("ip", ["link", "delete", cable.port]);
  await run(
    "ip",
    ["-batch", "-"],
    cables
      .map(
        ({ port, device, bridge }) =>
          `link add ${port} type veth peer name ${device} address ${macAddress(sandboxId, machine.id, device)} netns ${pid}\n` +
          `link set ${port} master ${bridge} up\n`,
      )
      .join(""),
  );
  await runInNetworkOf(
    pid,
    "ip",
    ["-batch", "-"],
    [
      "link set lo up",
      `address add ${machine.publicAddress}/${prefixLength(network.cidr)} dev eth0`,
      `address add ${machine.anchorAddress}/16 dev eth0`,
      "link set eth0 up",
      `address add ${machine.vpc.address}/${prefixLength(machine.vpc.ipRange)} dev eth1`,
      "link set eth1 up",
      // Last, because the droplet's first process waits for it.
      `route add default via ${network.gateway} dev eth0`,
      "",
    ].join("\n"),
  );
}

async function isPlugged(pid: number): Promise<boolean> {
  const routes = await runInNetworkOf(pid, "ip", ["route", "show", "default"]);
  return routes !== "";
}

/** Directs a reserved address to the droplet, or takes away the one it has. */
export async function directReservedAddress(plug: Plug, reservedAddress: string | undefined): Promise<void> {
  const { sandboxId, network, machine, pid } = plug;
  const text = portTableText({
    sandboxId,
    dropletId: machine.id,
    device: port("p", sandboxId, machine.id),
    gateway: network.gateway,
    anchorAddress: machine.anchorAddress,
    reservedAddress,
  });
  try {
    await run("nft", ["-f", "-"], text);
  } catch (error) {
    const hint =
      "reserved addresses need nftables with netdev ingress and egress hooks (Linux 5.16, nft 1.0.1)";
    throw new Error(`droplet ${machine.id}: ${hint}`, { cause: error });
  }
  // A bridge sends nothing back where it came from, so what a droplet says to its own reserved address stays inside.
  const own = "table local proto static dev lo";
  const route = reservedAddress === undefined ? "" : `route add local ${reservedAddress} ${own}\n`;
  await runInNetworkOf(pid, "ip", ["-batch", "-"], `route flush ${own}\n${route}`);
}

/** Makes the host and the droplets given by their pids ask anew who has `address`. */
export async function forgetNeighbour(
  address: string,
  bridge: string,
  pids: readonly number[],
): Promise<void> {
  await run("ip", ["neigh", "flush", "to", address, "dev", bridge]);
  // Asked, not run: a droplet that ended meanwhile has nothing to forget.
  await Promise.all(
    pids.map((pid) =>
      ask("nsenter", ["--target", String(pid), "--net", "ip", "neigh", "flush", "to", address]),
    ),
  );
}

/** Replaces the cloud firewall in force on the droplet. */
export async function applyFirewall(pid: number, rules: FirewallRules | undefined): Promise<void> {
  await runInNetworkOf(pid, "nft", ["-f", "-"], firewallText(rules));
}
