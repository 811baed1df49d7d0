import { text } from "../engine/values.ts";
import type { Properties, Value } from "../engine/values.ts";
import type { SettingsKind } from "./settings-resource.ts";

const number = { type: "number" } as const;
const string = { type: "string" } as const;
const scopes = {
  type: "list",
  unordered: true,
  // Mackerel writes a role `service: role`.
  comparable: (value: Value) => (Array.isArray(value) ? value.map(withoutSpace) : value),
} as const;

const withoutSpace = (scope: Value): string => text(scope).replace(/\s*:\s*/, ":");

const required: Readonly<Record<string, readonly string[]>> = {
  host: ["name", "metric", "operator", "duration"],
  connectivity: ["name"],
  service: ["name", "service", "metric", "operator", "duration"],
  external: ["name", "url", "method"],
};

const ofEvery = ["type", "name", "memo", "isMute", "notificationInterval"];
const compared = ["metric", "operator", "warning", "critical", "duration", "maxCheckAttempts"];
const allowed: Readonly<Record<string, readonly string[]>> = {
  host: [...ofEvery, ...compared, "scopes", "excludeScopes"],
  connectivity: [...ofEvery, "alertStatusOnGone", "scopes", "excludeScopes"],
  service: [...ofEvery, ...compared, "service", "missingDurationWarning", "missingDurationCritical"],
  external: [
    ...[
      ...ofEvery,
      "url",
      "method",
      "maxCheckAttempts",
      "service",
      "requestBody",
      "containsString",
      "headers",
    ],
    ...["responseTimeWarning", "responseTimeCritical", "responseTimeDuration", "expectedStatusCode"],
    ...["certificationExpirationWarning", "certificationExpirationCritical", "skipCertificateVerification"],
  ],
};

function check(inputs: Properties): { property: string; reason: string }[] {
  const type = text(inputs["type"]);
  const needed = required[type];
  if (needed === undefined)
    return [{ property: "type", reason: `"${type}" is none of ${Object.keys(required).join(", ")}` }];
  const isGiven = (name: string) => inputs[name] !== undefined && inputs[name] !== null;
  return [
    ...needed
      .filter((name) => !isGiven(name))
      .map((property) => ({ property, reason: `is required for a monitor of type "${type}"` })),
    ...Object.keys(inputs)
      .filter((name) => isGiven(name) && !name.startsWith("__") && !allowed[type]?.includes(name))
      .map((property) => ({ property, reason: `a monitor of type "${type}" has no such property` })),
  ];
}

function neededScopes(inputs: Properties): string[] {
  const lists = ["scopes", "excludeScopes"].flatMap((name) => inputs[name] ?? []);
  const service = inputs["service"] ?? [];
  return [lists, service].flat().map(withoutSpace);
}

/** https://mackerel.io/api-docs/entry/monitors; expressions, queries and anomaly detection are left out. */
export const monitor: SettingsKind = {
  path: "/api/v0/monitors",
  list: "monitors",
  isReadById: true,
  inputs: {
    type: { ...string, required: true, replaces: "a monitor keeps its type" },
    name: string,
    memo: string,
    isMute: { type: "boolean" },
    notificationInterval: number,
    metric: { ...string, replaces: "alerts belong to the metric that they were opened for" },
    operator: string,
    warning: number,
    critical: number,
    duration: number,
    maxCheckAttempts: number,
    scopes,
    excludeScopes: scopes,
    alertStatusOnGone: string,
    service: string,
    missingDurationWarning: number,
    missingDurationCritical: number,
    url: string,
    method: string,
    requestBody: string,
    containsString: string,
    headers: { type: "list", secret: true },
    responseTimeWarning: number,
    responseTimeCritical: number,
    responseTimeDuration: number,
    expectedStatusCode: number,
    certificationExpirationWarning: number,
    certificationExpirationCritical: number,
    skipCertificateVerification: { type: "boolean" },
  },
  defaults: {
    ...{ memo: "", isMute: false, maxCheckAttempts: 1, scopes: [], excludeScopes: [] },
    ...{ skipCertificateVerification: false, headers: [], alertStatusOnGone: "CRITICAL" },
  },
  check,
  neededScopes,
};
