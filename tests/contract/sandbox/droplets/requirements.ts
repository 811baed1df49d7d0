import { existsSync } from "node:fs";
import { execa } from "execa";

/** Why droplets cannot boot on this machine, undefined when they can. */
export async function missingForDroplets(): Promise<string | undefined> {
  if (process.platform !== "linux") return "droplets need Linux";
  if (process.getuid?.() !== 0) return "droplets need root";
  const programs = [
    "debootstrap",
    "nft",
    "ip",
    "iptables",
    "apt-cacher-ng",
    "docker-registry",
    "docker",
    "losetup",
    "mkfs.ext4",
    "perl",
    "haproxy",
  ];
  const folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
  const absent = programs.filter((program) => !folders.some((folder) => existsSync(`${folder}/${program}`)));
  if (absent.length > 0) return `not installed: ${absent.join(", ")}`;
  const { exitCode } = await execa("docker", ["info"], { reject: false });
  return exitCode === 0 ? undefined : "the Docker daemon does not run";
}
