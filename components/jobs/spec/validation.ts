import type { ArgumentIssue } from "../../validation.ts";
import { nomadPorts } from "../../network/firewall-rules.ts";

/** What the arguments of every job component have in common. */
export interface JobArgs {
  readonly jobId?: string;
  readonly priority?: number;
  readonly cpu?: number;
  readonly memory?: number;
}

/** Everything that is wrong with them; Nomad's own limits, and Docker's least memory of a container. */
export function jobProblems({ jobId, priority, cpu, memory }: JobArgs): ArgumentIssue[] {
  const problems: ArgumentIssue[] = [];
  if (jobId !== undefined && !/^[\w-]{1,128}$/.test(jobId))
    problems.push({
      propertyPath: "jobId",
      reason: `"${jobId}" is not a job id of letters, digits, hyphens and underscores`,
    });
  const whole = (
    propertyPath: string,
    value: number | undefined,
    unit: string,
    least: number,
    most = Infinity,
  ) => {
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
    const range = most === Infinity ? `from ${least}` : `from ${least} to ${most}`;
    problems.push({ propertyPath, reason: `${value} is not a whole number${unit} ${range}` });
  };
  whole("priority", priority, "", 1, 100);
  whole("cpu", cpu, " of MHz", 1);
  whole("memory", memory, " of MiB", 10);
  return problems;
}

/** Why a job could not have a port on every node, or undefined. */
export function staticPortProblem(port: number): string | undefined {
  if (!(Number.isInteger(port) && port >= 1 && port <= 65_535))
    return `${port} is not a port; give a whole number from 1 to 65535`;
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
