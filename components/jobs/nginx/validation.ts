import { checkNotEmpty, checkWholeNumber } from "../../checks.ts";
import { issuesOf } from "../../validation.ts";
import type { Check, Validation } from "../../validation.ts";
import { checkImage, checkJobId, checkServiceName, checkStaticPort, jobChecks } from "../spec/validation.ts";
import type { NginxArgs } from "./args.ts";
import { resolveNginxArgs } from "./defaults.ts";
import type { ResolvedNginxArgs } from "./defaults.ts";

/** Judges the arguments, but for the certificate, which may be known later: see `validatedTls`. */
export function validateNginx(args: Omit<NginxArgs, "connection">): Validation<ResolvedNginxArgs> {
  const resolved = resolveNginxArgs(args);
  const { type, priority, cpu, memory, holdingPage } = resolved;
  const issues = issuesOf([
    ...jobChecks({ priority, cpu, memory }),
    [
      "type",
      ["system", "service"].includes(type) ? undefined : `"${type}" is neither "system" nor "service"`,
    ],
    [
      "count",
      args.count !== undefined && type === "system"
        ? `${args.count} with type "system", which runs one instance on every node; leave count out, or use type "service"`
        : undefined,
    ],
    ["count", type === "service" ? checkWholeNumber(resolved.count, { from: 1, to: 1000 }) : undefined],
    ["image", checkImage(resolved.image)],
    ["jobId", checkJobId(resolved.jobId, { hasService: true })],
    ["upstreamService", checkServiceName(resolved.upstreamService)],
    ["maxBodySize", checkWholeNumber(resolved.maxBodySize, { from: 1, to: 4096 })],
    [
      "holdingPage",
      holdingPage !== undefined && checkNotEmpty(holdingPage) !== undefined
        ? "is empty; leave it out for the default page"
        : undefined,
    ],
    ...portChecks(resolved),
  ]);
  return { resolved, issues };
}

function portChecks({ httpPort, httpsPort }: ResolvedNginxArgs): Check[] {
  return [
    ["httpPort", checkStaticPort(httpPort)],
    ["httpsPort", checkStaticPort(httpsPort)],
    [
      "httpsPort",
      httpPort === httpsPort ? `${httpsPort} is httpPort too; give each its own port` : undefined,
    ],
  ];
}
