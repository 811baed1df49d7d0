import { checkBaseUrl, checkNotEmpty, checkPattern, checkPort } from "../../checks.ts";
import { issuesOf } from "../../validation.ts";
import type { Check, Validation } from "../../validation.ts";
import { checkImage, checkJobId, jobChecks } from "../spec/validation.ts";
import type { GhostArgs, GhostSettings } from "./args.ts";
import { backupsChecks } from "./backups/validation.ts";
import { ghostEnvironment, secretVariables } from "./job.ts";
import { ownerChecks } from "./owner.ts";
import { resolveGhostSettings } from "./defaults.ts";
import type { ResolvedGhostSettings } from "./defaults.ts";

/** Why a blog cannot have the URL, or undefined if it can. */
export function checkBlogUrl(url: string): string | undefined {
  const parsed = URL.parse(url);
  if (parsed === null || !["http:", "https:"].includes(parsed.protocol))
    return `"${url}" is not an http or https URL, for example "https://blog.example.com"`;
  if (parsed.search || parsed.hash || parsed.username)
    return `"${url}" has more than a host, a port and a path`;
  return undefined;
}

/** Judges the arguments, but for Outputs that are known later. */
export function validateGhost({
  url,
  ...settings
}: GhostSettings &
  Pick<GhostArgs, "owner" | "backups"> & { readonly url: unknown }): Validation<ResolvedGhostSettings> {
  const resolved = resolveGhostSettings(settings);
  const issues = issuesOf([
    ...jobChecks(resolved),
    ["jobId", checkJobId(resolved.jobId, { hasService: true })],
    ["url", typeof url === "string" ? checkBlogUrl(url) : undefined],
    ["image", checkImage(resolved.image)],
    ...serverChecks("database", resolved.database, ["host", "user", "name"]),
    ["database.caCertificate", checkAuthority(resolved.database?.caCertificate)],
    ...environmentChecks(resolved),
    ...mailgunChecks(resolved.mailgun),
    ...serverChecks("mail", resolved.mail, ["host", "user", "from"]),
    ...ownerChecks(resolved),
    ...backupsChecks(resolved),
  ]);
  return { resolved, issues };
}

function checkAuthority(pem: string | undefined): string | undefined {
  return pem === undefined
    ? undefined
    : checkPattern(
        pem,
        /^-----BEGIN CERTIFICATE-----/m,
        'a certificate in PEM, which begins with "-----BEGIN CERTIFICATE-----"',
      );
}

/** Of variables that are given as they are: their names, and that nothing else sets them. */
function environmentChecks(settings: ResolvedGhostSettings): Check[] {
  const own = [...Object.keys(ghostEnvironment(settings, "https://blog.example.com")), ...secretVariables];
  return Object.keys(settings.environment).map((variable) => [
    `environment.${variable}`,
    own.includes(variable)
      ? "is set by the program itself; leave it out"
      : checkPattern(variable, /^[A-Za-z_]\w*$/, "a name of a variable, of letters, digits and underscores"),
  ]);
}

function mailgunChecks(mailgun: ResolvedGhostSettings["mailgun"]): Check[] {
  if (mailgun === undefined) return [];
  return [
    ["mailgun.domain", checkNotEmpty(mailgun.domain)],
    ["mailgun.baseUrl", checkBaseUrl(mailgun.baseUrl)],
  ];
}

/** Of a server that is run by somebody else. */
function serverChecks<Field extends string>(
  part: string,
  server: (Readonly<Record<Field, string>> & { readonly port: number }) | undefined,
  required: readonly Field[],
): Check[] {
  if (server === undefined) return [];
  return [
    ...required.map((field): Check => [`${part}.${field}`, checkNotEmpty(server[field])]),
    [`${part}.port`, checkPort(server.port)],
  ];
}
