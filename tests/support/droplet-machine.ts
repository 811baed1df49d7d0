import { execa } from "execa";
import type { Machine } from "../../emulators/digitalocean/index.ts";
import { containerName } from "../../sandbox/droplets/names.ts";
import type { SandboxSettings } from "../../sandbox/settings.ts";

/** A small droplet, as the DigitalOcean emulator describes it to its hypervisor. Its addresses end in `host`. */
export function dropletMachine(
  id: number,
  publicPrefix: string,
  host: number,
  userData = "#cloud-config\n{}\n",
): Machine {
  return {
    id,
    name: `droplet-${host}`,
    userData,
    sshKeys: [],
    publicAddress: `${publicPrefix}.${host}`,
    anchorAddress: `10.15.0.${host}`,
    vpc: { id: "one", ipRange: "10.104.0.0/20", address: `10.104.0.${host}` },
    vcpus: 1,
    memoryMiB: 1024,
  };
}

/** Runs a script as root in a droplet of the sandbox. It does not throw when the script fails. */
export function inDroplet({ id }: SandboxSettings, droplet: number, script: string) {
  return execa("docker", ["exec", containerName(id, droplet), "sh", "-c", script], { reject: false });
}
