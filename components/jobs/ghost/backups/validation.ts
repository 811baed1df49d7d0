import ipaddr from "ipaddr.js";
import { checkDuration, checkNotEmpty, checkPattern, checkWholeNumber } from "../../../checks.ts";
import { nanoseconds } from "../../../duration.ts";
import type { Duration } from "../../../duration.ts";
import type { Check } from "../../../validation.ts";
import { checkImage, jobChecks } from "../../spec/validation.ts";
import type { ResolvedGhostSettings } from "../defaults.ts";

/** Of every field of the backups, by its place in Ghost's arguments. */
export function backupsChecks({ backups, database }: ResolvedGhostSettings): Check[] {
  if (backups === undefined) return [];
  const { accessKeyId, secretAccessKey, passphrase } = backups;
  const checks: Check[] = [
    ["endpoint", checkEndpoint(backups.endpoint)],
    [
      "bucket",
      checkPattern(
        backups.bucket,
        /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
        "a name of a bucket, of 3 to 63 small letters, digits, hyphens and dots",
      ),
    ],
    ["region", checkPattern(backups.region, /^[a-z0-9-]+$/, 'a region, for example "sgp1"')],
    [
      "prefix",
      checkPattern(
        backups.prefix,
        /^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*)*$/,
        "a folder of letters, digits, hyphens, dots and underscores, with no slash at its ends",
      ),
    ],
    ...Object.entries({ accessKeyId, secretAccessKey, passphrase }).map(([field, secret]): Check => [
      field,
      typeof secret === "string" ? checkNotEmpty(secret) : undefined,
    ]),
    ["databaseInterval", checkLength(backups.databaseInterval, "1s")],
    ["databaseRetention", checkLength(backups.databaseRetention, "24h")],
    ["filesInterval", checkLength(backups.filesInterval, "10s")],
    ...(["keepDaily", "keepWeekly", "keepMonthly"] as const).map((field): Check => [
      field,
      checkWholeNumber(backups[field], { from: 1 }),
    ]),
    ["litestreamImage", checkImage(backups.litestreamImage)],
    ["resticImage", checkImage(backups.resticImage)],
    ...jobChecks({ cpu: backups.cpu, memory: backups.memory }),
  ];
  return [
    [
      "backups",
      database !== undefined
        ? "is given together with an external MySQL, which is not backed up here; leave backups out and use those of the database's provider, or leave database out"
        : undefined,
    ],
    ...checks.map(([field, reason]): Check => [`backups.${field}`, reason]),
  ];
}

function checkLength(duration: Duration, least: Duration): string | undefined {
  return (
    checkDuration(duration) ??
    (nanoseconds(duration) < nanoseconds(least)
      ? `"${duration}" is too short; give ${least} or more`
      : undefined)
  );
}

/** The database is sent unencrypted, so over the Internet the connection has to be. */
function checkEndpoint(endpoint: string): string | undefined {
  const url = URL.parse(endpoint);
  if (url === null || !["http:", "https:"].includes(url.protocol) || endpoint !== url.origin)
    return `"${endpoint}" is not a URL of only a scheme, a host and a port, for example "https://sgp1.digitaloceanspaces.com"`;
  if (url.protocol === "http:" && !isPrivateAddress(url.hostname))
    return `"${endpoint}" would send the database over the Internet unencrypted; give an https URL`;
  return undefined;
}

function isPrivateAddress(host: string): boolean {
  const text = host.replace(/^\[|\]$/g, "");
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  // The Internet has no route to addresses for tests either (RFC 2544).
  const isForTests = address instanceof ipaddr.IPv4 && address.match(ipaddr.IPv4.parseCIDR("198.18.0.0/15"));
  return isForTests || ["private", "loopback", "uniqueLocal"].includes(address.range());
}
