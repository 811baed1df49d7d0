import os from "node:os";
import path from "node:path";
import { readFile, readlink } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { Machine } from "../../emulators/digitalocean/index.ts";
import { ask, run } from "./commands.ts";
import { containerName, sandboxLabel } from "./names.ts";

export interface ContainerOptions {
  readonly sandboxId: string;
  readonly image: string;
  readonly machine: Machine;
  /** Directory of the cloud-init seed. */
  readonly seed: string;
  readonly nameServers: readonly string[];
  /** Whether this host lets a container have all capabilities. */
  readonly privileged: boolean;
}

const bootProgram = "/sbin/boot-droplet";

/** Arguments of `docker create` for a droplet. It gets no network from Docker: the hypervisor plugs it. */
export function createArguments(options: ContainerOptions): string[] {
  const { sandboxId, machine } = options;
  const confinement = options.privileged
    ? ["--privileged"]
    : [
        ...["--cap-add", "ALL", "--cap-drop", "SYS_RESOURCE"],
        ...["--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined"],
        ...["--security-opt", "systempaths=unconfined", "--device-cgroup-rule", "b 7:* rmw"],
      ];
  return [
    ...["create", "--name", containerName(sandboxId, machine.id), "--label", `${sandboxLabel}=${sandboxId}`],
    ...["--hostname", machine.name, "--add-host", `${machine.name}:127.0.1.1`, "--network", "none"],
    ...options.nameServers.flatMap((server) => ["--dns", server]),
    ...confinement,
    ...["--cgroupns", "private", "--tmpfs", "/run", "--tmpfs", "/run/lock", "--tmpfs", "/tmp:exec"],
    ...["--volume", "/var/lib/docker", "--volume", "/opt/nomad"],
    ...["--volume", `${options.seed}:/var/lib/cloud/seed/nocloud:ro`],
    ...["--volume", `${path.join(import.meta.dirname, "boot-droplet.sh")}:${bootProgram}:ro`],
    ...sizeArguments(machine),
    ...["--stop-signal", "SIGRTMIN+3", "--env", "container=docker", "--log-driver", "local"],
    ...[options.image, bootProgram],
  ];
}

/** What `docker create` and `docker update` are told of a droplet's size. */
export function sizeArguments({ memoryMiB, vcpus }: Pick<Machine, "memoryMiB" | "vcpus">): string[] {
  const cpus = String(Math.min(vcpus, os.availableParallelism()));
  // Both, for Docker takes no memory above the swap limit that it chose for the size before.
  return ["--memory", `${memoryMiB}m`, "--memory-swap", `${2 * memoryMiB}m`, "--cpus", cpus];
}

/** Pid of a droplet's first process, undefined when it does not run; `exists` tells a droplet switched off from none. */
export async function containerState(name: string): Promise<{ exists: boolean; pid: number | undefined }> {
  const text = await ask("docker", ["container", "inspect", "--format", "{{.State.Pid}}", name]);
  if (text === undefined) return { exists: false, pid: undefined };
  const pid = Number(text);
  return { exists: true, pid: pid > 0 ? pid : undefined };
}

/** Resolves when the droplet's first process has become systemd; fails when it ends before or takes over 30 s. */
export async function waitForInit(name: string): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const { pid } = await containerState(name);
    if (pid === undefined)
      throw new Error(
        `droplet container ${name} ended: ${await ask("docker", ["logs", "--tail", "5", name])}`,
      );
    if ((await readlink(`/proc/${pid}/exe`)).endsWith("/systemd")) return;
    await delay(50);
  }
  throw new Error(`the first process of droplet container ${name} did not become systemd within 30 s`);
}

/** Whether this process holds all capabilities, without which Docker cannot start a privileged container. */
export async function canRunPrivileged(): Promise<boolean> {
  const [status, last] = await Promise.all([
    readFile("/proc/self/status", "utf8"),
    readFile("/proc/sys/kernel/cap_last_cap", "utf8"),
  ]);
  const bounding = /^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  if (!bounding) throw new Error("/proc/self/status has no CapBnd line");
  return BigInt(`0x${bounding}`) === (1n << BigInt(Number(last) + 1)) - 1n;
}

/** The host's name servers that a droplet can reach too: not those on the host's loopback. */
export async function reachableNameServers(): Promise<string[]> {
  const files = ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"];
  for (const file of files) {
    const text = await readFile(file, "utf8").catch(() => "");
    const servers = [...text.matchAll(/^nameserver\s+(\d[\d.]+)/gm)].flatMap((match) => match[1] ?? []);
    const reachable = servers.filter((server) => !server.startsWith("127."));
    if (reachable.length > 0) return reachable;
  }
  // DigitalOcean's images name public resolvers too.
  return ["1.1.1.1", "8.8.8.8"];
}

export const docker = (...args: string[]) => run("docker", args);
