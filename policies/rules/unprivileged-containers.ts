import path from "node:path";
import { entries, isObject, runsContainer, taskProblems } from "../job.ts";
import type { Job, Task } from "../job.ts";
import { jobPolicy } from "../job-policy.ts";

export interface UnprivilegedContainersConfig {
  /** Paths of devices on the node that tasks may have. */
  readonly allowedDevices: readonly string[];
  /** Drivers whose tasks are not judged. */
  readonly allowedDrivers: readonly string[];
}

export const unprivilegedContainers = jobPolicy<UnprivilegedContainersConfig>(
  {
    name: "unprivileged-containers",
    description:
      "No container is root on its node, by the privileged mode, the container engine's socket, a device, a capability " +
      "or a namespace of the node.",
    severity: "critical",
    remediationSteps: "Remove the setting; most agents read what they need without it.",
    configSchema: {
      properties: {
        allowedDevices: {
          type: "array",
          items: { type: "string" },
          default: [],
          description: "Devices of the node that tasks may have, by the path on the node.",
        },
        allowedDrivers: {
          type: "array",
          items: { type: "string" },
          default: [],
          description: "Drivers whose tasks are not judged, such as exec.",
        },
      },
    },
  },
  unprivilegedContainerProblems,
);

export function unprivilegedContainerProblems(job: Job, config: UnprivilegedContainersConfig): string[] {
  return taskProblems(job, (task) => {
    if (config.allowedDrivers.includes(task.driver)) return [];
    return runsContainer(task) ? containerProblems(task, config) : [driverProblem(task.driver)];
  });
}

function driverProblem(driver: string): string {
  return driver === "raw_exec"
    ? "runs by raw_exec, on the node itself and as Nomad's user, which is root"
    : `runs by ${driver}, which this policy does not judge; name it in allowedDrivers if it may run`;
}

function containerProblems(task: Task, config: UnprivilegedContainersConfig): string[] {
  return [
    ...(off.includes(task.config["privileged"]) ? [] : ["is privileged, which is root on the node"]),
    ...mountSources(task).flatMap((source) => {
      const socket = engineSockets.find((candidate) => contains(source, candidate));
      return socket === undefined ? [] : [`mounts ${source}, and ${socket} is root on the node`];
    }),
    ...deviceProblems(task, config),
    ...namespaceProblems(task),
    ...capabilityProblems(task),
    ...confinementProblems(task),
  ];
}

function deviceProblems({ config }: Task, { allowedDevices }: UnprivilegedContainersConfig): string[] {
  return (
    entries(config["devices"])
      // Podman writes it as Docker's command line does: PATH, PATH:PATH or PATH:PATH:PERMISSIONS.
      .map((device) => (isObject(device) ? String(device["host_path"]) : String(device).split(":")[0]!))
      .filter((device) => !allowedDevices.includes(device))
      .map((device) => `has the device ${device}, and with a disk or the memory of the node it is root there`)
  );
}

/** What a container reaches in a namespace that is not its own. */
const sharedNamespaces = {
  pid_mode: "shows it the processes outside, with their environment and, by /proc/PID/root, their files",
  ipc_mode: "gives it the shared memory of the processes outside",
  userns_mode: "makes its root user the node's",
  // Podman's name.
  userns: "makes its root user the node's",
};

function namespaceProblems({ config }: Task): string[] {
  return Object.entries(sharedNamespaces).flatMap(([setting, effect]) => {
    const mode = config[setting];
    return typeof mode === "string" && /^(host$|container:)/.test(mode)
      ? [`has ${setting} ${JSON.stringify(mode)}, which ${effect}`]
      : [];
  });
}

/** Capabilities of which each lets a container change the node, its kernel or other processes (capabilities(7)). */
const nodeCapabilities: readonly string[] = [
  ...["ALL", "BPF", "DAC_READ_SEARCH", "NET_ADMIN", "PERFMON"],
  ...["SYS_ADMIN", "SYS_BOOT", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO", "SYS_TIME"],
];

function capabilityProblems({ config }: Task): string[] {
  return entries(config["cap_add"])
    .map((name) => String(name).toUpperCase().replace(/^CAP_/, ""))
    .filter((name) => nodeCapabilities.includes(name))
    .map((name) => `has the capability ${name}, which reaches beyond its container`);
}

function confinementProblems({ config }: Task): string[] {
  const isOff = (option: unknown) =>
    /^((seccomp|apparmor|systempaths)[=:]unconfined|label[=:]disable)$/.test(String(option));
  return [
    ...entries(config["security_opt"])
      .filter(isOff)
      .map((option) => `has the security_opt ${JSON.stringify(option)}, which takes a confinement away`),
    // Podman's name, of one word.
    ...(config["apparmor_profile"] === "unconfined"
      ? ['has apparmor_profile "unconfined", which takes a confinement away']
      : []),
  ];
}

const engineSockets = [
  ...["/var/run", "/run"].flatMap((directory) => [
    `${directory}/docker.sock`,
    `${directory}/containerd/containerd.sock`,
    `${directory}/podman/podman.sock`,
  ]),
];

/** Nomad takes some words for a boolean too; what it does not take it refuses itself. */
const off: readonly unknown[] = [undefined, null, false, "false", "0"];

/** Paths of the node that a task mounts by the driver's own settings. */
function mountSources({ config }: Task): string[] {
  const volumes = entries(config["volumes"]).map((volume) => String(volume).split(":")[0]);
  const mounts = [...entries(config["mount"]), ...entries(config["mounts"])].map((mount) =>
    isObject(mount) ? mount["source"] : undefined,
  );
  return [...volumes, ...mounts].filter((source) => typeof source === "string");
}

/** Whether `file` is `source` or lies in it. A relative source starts in the task's directory, at a depth that is not known. */
function contains(source: string, file: string): boolean {
  const normal = path.posix.normalize(source);
  const directory = normal.startsWith("../") ? normal.replace(/^(\.\.\/)+/, "/") : normal;
  if (!path.posix.isAbsolute(directory)) return false;
  return !path.posix.relative(directory, file).startsWith("..");
}
