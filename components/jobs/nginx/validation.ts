import { checkDuration, checkNotEmpty, checkPattern, checkWholeNumber } from "../../checks.ts";
import { milliseconds } from "../../duration.ts";
import type { Duration } from "../../duration.ts";
import { checkSourceCidr, isAnywhere } from "../../network/ip-range.ts";
import { each, issuesOf } from "../../validation.ts";
import type { Check, Validation } from "../../validation.ts";
import { checkImage, checkJobId, checkServiceName, checkStaticPort, jobChecks } from "../spec/validation.ts";
import type { NginxArgs } from "./args.ts";
import { resolveNginxArgs } from "./defaults.ts";
import type { ResolvedNginxArgs } from "./defaults.ts";
import { checkServerText } from "./server-text.ts";

/** A Nomad Variable holds 64 KiB, of which a certificate and the rest of the configuration have the other half. */
const largestHoldingPage = 32 * 1024;
const largestServerText = 16 * 1024;
/** Milliseconds. */
const longestShutdownDelay = 60_000;

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
    ["cacheSize", checkWholeNumber(resolved.cacheSize, { unit: "of MiB", from: 1 })],
    ["clientRequestRate", checkWholeNumber(resolved.clientRequestRate, { from: 1, to: 10_000 })],
    ["clientConnections", checkWholeNumber(resolved.clientConnections, { from: 1, to: 10_000 })],
    ...each("frameAncestors", resolved.frameAncestors, checkOrigin),
    ["strictTransportSecurity", checkStrictTransportSecurity(resolved.strictTransportSecurity)],
    ["serverText", checkFurtherText(resolved.serverText)],
    ["socialWeb", checkRoot(resolved)],
    ["shutdownDelay", checkShutdownDelay(resolved.shutdownDelay)],
    ["maxBodySize", checkWholeNumber(resolved.maxBodySize, { from: 1, to: 4096 })],
    ["holdingPage", holdingPage === undefined ? undefined : checkHoldingPage(holdingPage)],
    ...each("trustedProxies", resolved.trustedProxies, checkTrustedProxy),
    ["basePath", checkBasePath(resolved.basePath)],
    ...each("adminCidrs", resolved.adminCidrs, (range) =>
      checkAdminCidr(range, resolved.allowAdminFromAnywhere),
    ),
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

/** What is wrong with a range from which Ghost may be administered, or undefined if nothing is. */
function checkAdminCidr(range: string, anywhereAllowed: boolean): string | undefined {
  return checkSourceCidr(range, {
    anywhereAllowed,
    opens: "Ghost's administration",
    setting: "allowAdminFromAnywhere",
  });
}

/** What is wrong with a range of proxies that are believed, or undefined if nothing is. */
export function checkTrustedProxy(range: string): string | undefined {
  const reason = checkSourceCidr(range, { anywhereAllowed: true, opens: "", setting: "" });
  if (reason !== undefined || !isAnywhere(range)) return reason;
  return `"${range}" would believe every client what it says of its own address; name the ranges of your proxies`;
}

/** A drain waits as long as this for tasks that it has stopped. */
function checkShutdownDelay(delay: Duration): string | undefined {
  return (
    checkDuration(delay) ??
    (milliseconds(delay) > longestShutdownDelay
      ? `"${delay}" is longer than ${longestShutdownDelay / 1000} s, for which a drain waits at most`
      : undefined)
  );
}

function checkFurtherText(text: string): string | undefined {
  const size = Buffer.byteLength(text);
  return size > largestServerText
    ? `has ${size} bytes, and ${largestServerText} at most can be kept`
    : checkServerText(text);
}

function checkRoot({ socialWeb, basePath }: ResolvedNginxArgs): string | undefined {
  return socialWeb && basePath !== ""
    ? `is on with a blog at "${basePath}", and the social web knows blogs at the root of a host only`
    : undefined;
}

function checkOrigin(origin: string): string | undefined {
  return checkPattern(
    origin,
    /^https?:\/\/(?:\*\.)?[\w.-]+(?::\d+)?$/,
    'an origin such as "https://www.example.com"',
  );
}

function checkStrictTransportSecurity(value: string | undefined): string | undefined {
  return value === undefined
    ? undefined
    : checkPattern(
        value,
        /^max-age=\d+(?:; ?includeSubDomains)?(?:; ?preload)?$/,
        'a value such as "max-age=31536000; includeSubDomains"',
      );
}

function checkHoldingPage(page: string): string | undefined {
  if (checkNotEmpty(page) !== undefined) return "is empty; leave it out for the default page";
  const size = Buffer.byteLength(page);
  return size > largestHoldingPage
    ? `has ${size} bytes, and ${largestHoldingPage} at most can be kept; link to images and styles that are somewhere else`
    : undefined;
}

function checkBasePath(path: string): string | undefined {
  return path === ""
    ? undefined
    : checkPattern(path, /^(?:\/[\w.~-]+)+$/, 'a path such as "/blog", without a slash at its end');
}
