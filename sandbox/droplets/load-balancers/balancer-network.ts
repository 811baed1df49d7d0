import { readdir } from "node:fs/promises";
import type { HypervisorLoadBalancer } from "../../../emulators/digitalocean/index.ts";
import { ask, run } from "../commands.ts";
import { balancerMacAddress, balancerNamespace, balancerNamespacePrefix, port, vpcBridge } from "../names.ts";
import { prefixLength } from "../network/ipv4.ts";
import { ensureBridge } from "../network/public-network.ts";
import type { PublicNetwork } from "../network/public-network.ts";

/** Makes a load balancer's network namespace, with a cable to the public network and one to its VPC, unless it is there. */
export async function ensureBalancerNetwork(
  sandboxId: string,
  network: PublicNetwork,
  balancer: HypervisorLoadBalancer,
): Promise<string> {
  const { id, publicAddress, vpc } = balancer;
  const namespace = balancerNamespace(sandboxId, id);
  const inNamespace = ["netns", "exec", namespace, "ip"];
  if ((await ask("ip", [...inNamespace, "route", "show", "default"]))?.includes("default")) return namespace;
  const bridge = vpcBridge(sandboxId, vpc.id);
  await ensureBridge(bridge);
  // One that was left half-way.
  await ask("ip", ["netns", "delete", namespace]);
  await run("ip", ["netns", "add", namespace]);
  const cables = [
    { port: port("p", sandboxId, id), device: "eth0", bridge: network.bridge },
    { port: port("q", sandboxId, id), device: "eth1", bridge },
  ] as const;
  // Asked, not run: the kernel takes the cables of a namespace that has ended away by itself, at any moment.
  for (const cable of cables) await ask("ip", ["link", "delete", cable.port]);
  const plugged = cables.map(({ port: name, device, bridge: master }) => {
    const address = balancerMacAddress(sandboxId, id, device);
    return (
      `link add ${name} type veth peer name ${device} address ${address} netns ${namespace}\n` +
      `link set ${name} master ${master} up\n`
    );
  });
  await run("ip", ["-batch", "-"], plugged.join(""));
  const addresses = [
    "link set lo up",
    `address add ${publicAddress}/${prefixLength(network.cidr)} dev eth0`,
    "link set eth0 up",
    `address add ${vpc.address}/${prefixLength(vpc.ipRange)} dev eth1`,
    "link set eth1 up",
    // Last, for it says that all is there.
    `route add default via ${network.gateway} dev eth0`,
    "",
  ];
  await run("ip", [...inNamespace, "-batch", "-"], addresses.join("\n"));
  return namespace;
}

/** Names of the network namespaces of the sandbox's load balancers. */
export async function balancerNamespaces(sandboxId: string): Promise<string[]> {
  const prefix = balancerNamespacePrefix(sandboxId);
  try {
    return (await readdir("/run/netns")).filter((name) => name.startsWith(prefix));
  } catch (error) {
    // There never was one on this host.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** Ends what runs in a network namespace and removes it. One that is not there is no error. */
export async function removeNamespace(namespace: string): Promise<void> {
  const pids = await ask("ip", ["netns", "pids", namespace]);
  if (pids === undefined) return;
  for (const pid of pids.split("\n").filter((line) => line !== "")) endProcess(Number(pid));
  await run("ip", ["netns", "delete", namespace]);
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
