import { checkPattern, checkPort, checkWholeNumber } from "../../checks.ts";
import { each, issuesOf } from "../../validation.ts";
import type { ArgumentIssue, Check } from "../../validation.ts";
import type { SystemJob, TaskLogs } from "./job.ts";
import { variablePath } from "./job.ts";
import { nomadPorts } from "../../network/firewall-rules.ts";

/** As Nomad takes names of services, which are parts of DNS names (RFC 1123). */
const serviceName = /^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/;

/** Why Nomad would not take the name of a service, or undefined. */
export function checkServiceName(name: string): string | undefined {
  return checkPattern(
    name,
    serviceName,
    "a service name of at most 63 letters, digits and hyphens, without a hyphen at its ends",
  );
}

/** Characters of a Variable's path that Nomad takes at most. */
export const longestVariablePath = 128;

const longestJobId = longestVariablePath - variablePath("").length;

/** Why a job could not have the id, or undefined; with a service the id is the service's name too. */
export function checkJobId(
  jobId: string,
  { hasService }: { readonly hasService: boolean },
): string | undefined {
  if (hasService) return checkServiceName(jobId);
  const reason = checkPattern(jobId, /^[\w-]+$/, "a job id of letters, digits, hyphens and underscores");
  if (reason !== undefined || jobId.length <= longestJobId) return reason;
  return `"${jobId}" has ${jobId.length} characters; Nomad takes ${longestJobId} at most of a job that has a Variable`;
}

/** What Nomad would refuse of a job's names, before anything is created: its own, and those of groups, tasks and services. */
export function jobNameIssues({ id, groups }: Pick<SystemJob, "id" | "groups">): ArgumentIssue[] {
  return issuesOf([
    ["id", checkPattern(id, /^[^\s\0]+$/, "a job id, which has no space and is not empty")],
    ...Object.entries(groups).flatMap(([group, { services = [], tasks }]): Check[] => [
      ["groups", checkPattern(group, /^[^\0]+$/, "a name of a group, which is not empty")],
      ...Object.keys(tasks).map((task): Check => [
        `groups.${group}.tasks`,
        checkPattern(
          task,
          /^(?!alloc$)[^/\\\0]+$/,
          'a name of a task, which has no slash and is not "alloc"',
        ),
      ]),
      ...each(`groups.${group}.services`, services, ({ name }) =>
        // Nomad puts values in place of variables only later.
        checkServiceName(name.replace(/\$\{[^}]*\}/g, "VARIABLE")),
      ),
    ]),
  ]);
}

/** What the arguments of every job component have in common. */
export interface JobArgs {
  readonly priority: number;
  /** MHz. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
}

/** By Nomad's own limits, and Docker's least memory of a container. */
export function jobChecks({ priority, cpu, memory }: Partial<JobArgs>): Check[] {
  return [
    ["priority", priority === undefined ? undefined : checkWholeNumber(priority, { from: 1, to: 100 })],
    ["cpu", cpu === undefined ? undefined : checkWholeNumber(cpu, { unit: "of MHz", from: 1 })],
    ["memory", memory === undefined ? undefined : checkWholeNumber(memory, { unit: "of MiB", from: 10 })],
  ];
}

/** MB of disk that Nomad reserves for a group, and in which its tasks' logs have to have room. */
const groupDisk = 300;

/** What Nomad would refuse of a task's logs. */
export function logChecks(path: string, logs: TaskLogs | undefined): Check[] {
  if (logs === undefined) return [];
  const { maxFiles = 10, maxFileSize = 10 } = logs;
  const all = maxFiles * maxFileSize;
  return [
    [`${path}.maxFiles`, checkWholeNumber(maxFiles, { from: 1 })],
    [`${path}.maxFileSize`, checkWholeNumber(maxFileSize, { unit: "of MB", from: 1 })],
    [
      path,
      all < groupDisk
        ? undefined
        : `${maxFiles} files of ${maxFileSize} MB are ${all} MB, and Nomad takes less than ${groupDisk}; give fewer or smaller ones`,
    ],
  ];
}

/** Why a job could not have a port on every node, or undefined. */
export function checkStaticPort(port: number): string | undefined {
  const reason = checkPort(port);
  if (reason !== undefined) return reason;
  const taken: Readonly<Record<number, string>> = {
    22: "SSH's",
    [nomadPorts.http]: "Nomad's",
    [nomadPorts.rpc]: "Nomad's",
    [nomadPorts.serf]: "Nomad's",
  };
  if (taken[port] !== undefined) return `${port} is ${taken[port]} port on every node; give another`;
  const [first = 0, last = 0] = nomadPorts.dynamic.split("-").map(Number);
  if (port >= first && port <= last)
    return `${port} is one of the ports ${nomadPorts.dynamic} that Nomad gives to jobs; give another`;
  return undefined;
}

/** Why an image reference does not name one version, or undefined if it does. */
export function checkImage(image: string): string | undefined {
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return undefined;
  const tag = /:([\w][\w.-]*)$/.exec(image.slice(image.lastIndexOf("/") + 1))?.[1];
  if (tag === undefined) return `"${image}" has no tag; name a version or a digest`;
  if (tag === "latest")
    return `"${image}" is another image every time it is pulled; name a version or a digest`;
  return undefined;
}
