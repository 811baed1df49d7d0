import { checkPattern, checkPort, checkWholeNumber } from "../../checks.ts";
import type { Check } from "../../validation.ts";
import { nomadPorts } from "../../network/firewall-rules.ts";

/** What the arguments of every job component have in common. */
export interface JobArgs {
  readonly jobId: string;
  readonly priority: number;
  /** MHz. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
}

/** By Nomad's own limits, and Docker's least memory of a container. */
export function jobChecks({ jobId, priority, cpu, memory }: Partial<JobArgs>): Check[] {
  return [
    [
      "jobId",
      jobId === undefined
        ? undefined
        : checkPattern(jobId, /^[\w-]{1,128}$/, "a job id of letters, digits, hyphens and underscores"),
    ],
    ["priority", priority === undefined ? undefined : checkWholeNumber(priority, { from: 1, to: 100 })],
    ["cpu", cpu === undefined ? undefined : checkWholeNumber(cpu, { unit: "of MHz", from: 1 })],
    ["memory", memory === undefined ? undefined : checkWholeNumber(memory, { unit: "of MiB", from: 10 })],
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
