import { execa } from "execa";
import type { SandboxSettings } from "../settings.ts";
import { endLoadBalancers } from "./load-balancers/load-balancers.ts";
import { sandboxLabel } from "./names.ts";
import { removeNetworks } from "./network/public-network.ts";
import { Volumes } from "./volumes/volumes.ts";

/** Shuts every droplet down; returns how many ran, or undefined where Docker does not answer. */
export async function stopDroplets(settings: SandboxSettings): Promise<number | undefined> {
  const running = await containers(settings, ["--filter", "status=running"]);
  if (running && running.length > 0) await execa("docker", ["stop", "--time", "30", ...running]);
  return running?.length;
}

/** Removes every droplet; returns how many there were. */
export async function removeDroplets(settings: SandboxSettings): Promise<number> {
  const all = (await containers(settings)) ?? [];
  if (all.length > 0) await execa("docker", ["rm", "--force", "--volumes", ...all]);
  return all.length;
}

/** Takes the loop devices of the volumes from the host, once the droplets have ended; returns how many volumes had one. */
export function releaseVolumes(settings: SandboxSettings): Promise<number> {
  return new Volumes(settings).releaseAll();
}

/** Removes the load balancers, bridges, cables and firewall rules of the sandbox from the host, once the droplets are gone. */
export async function removeBridges(settings: SandboxSettings): Promise<void> {
  await endLoadBalancers(settings);
  await removePorts(settings);
  await removeNetworks(settings);
}

/** Ids of the sandbox's containers, or undefined where Docker does not answer. */
async function containers(
  settings: SandboxSettings,
  filters: readonly string[] = [],
): Promise<string[] | undefined> {
  const args = ["ps", "--quiet", "--all", "--filter", `label=${sandboxLabel}=${settings.id}`, ...filters];
  const result = await execa("docker", args, { reject: false, timeout: 30_000 });
  return result.exitCode === 0 ? result.stdout.split("\n").filter(Boolean) : undefined;
}

/** The kernel takes its time to remove the host ends of a removed container's cables. */
async function removePorts(settings: SandboxSettings): Promise<void> {
  const { stdout } = await execa("ip", ["-json", "link", "show", "type", "veth"]);
  const links = JSON.parse(stdout || "[]") as { ifname?: string }[];
  for (const { ifname } of links) {
    if (!ifname?.startsWith(`p${settings.id}`) && !ifname?.startsWith(`q${settings.id}`)) continue;
    const { failed, stderr } = await execa("ip", ["link", "delete", ifname], { reject: false });
    if (failed && !stderr.includes("Cannot find device"))
      throw new Error(`ip link delete ${ifname}: ${stderr}`);
  }
}
