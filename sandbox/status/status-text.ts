import Table from "cli-table3";
import { certificateWarning, describeAnswer } from "./read-blog.ts";
import type { JobStatus, StatusReport } from "./status-report.ts";

/** The report as the screen shows it. `now` in milliseconds. */
export function statusText(report: StatusReport, now: number): string {
  const { nodes, jobs, mackerel, blog, addresses, plugins, problems } = report;
  const standIns = Object.keys(plugins).filter((name) => plugins[name] === "stand-in");
  return [
    ...[...problems, ...blog.flatMap((answer) => certificateWarning(answer, now) ?? [])].map(
      (problem) => `! ${problem}`,
    ),
    table(
      ["node", "public", "private", "reserved", "Nomad"],
      nodes.map((node) => [
        node.name,
        node.publicIp,
        node.privateIp,
        node.reservedIp ?? "",
        node.nomadStatus,
      ]),
    ),
    table(
      ["job", "type", "priority", "status", "allocations"],
      jobs.map((job) => [job.id, job.type, String(job.priority), job.status, allocations(job)]),
    ),
    table(
      ["Mackerel host", "name", "roles", "status", "last metric"],
      mackerel.hosts.map((host) => [
        host.id,
        host.name,
        host.roles.join(", "),
        host.status,
        host.lastMetricAt === null ? "none yet" : age(now - Date.parse(host.lastMetricAt)),
      ]),
    ),
    table(
      ["address", ""],
      [
        ["Blog", (blog.length > 0 ? blog.map(describeAnswer) : addresses.blog).join("\n") || "not known"],
        ["Nomad", addresses.nomad ?? "not known"],
        ["DigitalOcean API (emulator)", addresses.digitalocean ?? "not running"],
        ["Mackerel API (stand-in)", addresses.mackerel ?? "not running"],
      ],
    ),
    standIns.length === 0
      ? "All Pulumi plugins are the official ones."
      : `Stand-ins for Pulumi plugins that cannot be installed here: ${standIns.join(", ")}.`,
  ].join("\n");
}

/** One line a node; a second allocation on a node shows twice. */
function allocations(job: JobStatus): string {
  return job.allocations.map(({ node, status }) => `${node} ${status}`).join("\n");
}

function age(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  return seconds < 120 ? `${seconds} s ago` : `${Math.round(seconds / 60)} min ago`;
}

function table(head: string[], rows: readonly string[][]): string {
  const shown = new Table({ head, style: { head: [], border: [], compact: true } });
  shown.push(...(rows.length > 0 ? rows : [[{ colSpan: head.length, content: "none" }]]));
  return shown.toString();
}
