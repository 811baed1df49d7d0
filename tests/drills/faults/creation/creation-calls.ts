import type { RequestEvent } from "../../../../emulators/digitalocean/index.ts";
import { changes } from "../roll-calls.ts";
import type { RollCall } from "../roll-calls.ts";

/** Ids by the collection that they follow in a path, and what stands for one of them. */
const placeholders: readonly (readonly [RegExp, string])[] = [
  [/(?<=\/actions\/)\d+/, "ACTION"],
  [/(?<=\/reserved_ips\/)[\d.]+/, "ADDRESS"],
  [/(?<=\/droplets\/)\d+/, "DROPLET"],
  [/(?<=\/vpcs\/)[\da-f-]{36}/, "VPC"],
  [/(?<=\/firewalls\/)[\da-f-]{36}/, "FIREWALL"],
  [/(?<=\/volumes\/)[\da-f-]{36}/, "VOLUME"],
];

/**
 * The calls of an update that made everything, in order. What is made side by side has no order of its own, so that calls
 * that only read are one for all resources of a kind.
 */
export function creationCalls(requests: readonly RequestEvent[]): RollCall[] {
  const counted = new Map<string, number>();
  return requests.flatMap(({ method, path }): RollCall[] => {
    const template = placeholders.reduce(
      (named, [id, placeholder]) => named.replace(id, placeholder),
      path.split("?")[0]!,
    );
    const key = `${method} ${template}`;
    const nth = (counted.get(key) ?? 0) + 1;
    counted.set(key, nth);
    const call = { method, path: template, nth };
    return nth > 1 && !changes(call) ? [] : [call];
  });
}

/** A regular expression for the call's path in any creation. */
export function creationPattern({ path }: RollCall): string {
  return path
    .replaceAll(".", "\\.")
    .replace(/\b(ACTION|DROPLET)\b/g, "\\d+")
    .replace(/\bADDRESS\b/g, "[\\d.]+")
    .replace(/\b(VPC|FIREWALL|VOLUME)\b/g, "[\\da-f-]{36}");
}
