import type { CheckFailure } from "../../../../../providers/engine/resource-type.ts";
import { isEmpty, isMap, text } from "../../../../../providers/engine/values.ts";
import type { Properties, Value } from "../../../../../providers/engine/values.ts";
import { maps } from "./load-balancer-properties.ts";

const entries = ["http", "https", "http2", "http3", "tcp", "udp"];
const targets = ["http", "https", "http2", "tcp", "udp"];

const range = (property: string, value: Value, least: number, most: number): CheckFailure[] =>
  value === undefined || (Number(value) >= least && Number(value) <= most)
    ? []
    : [{ property, reason: `has to be from ${least} to ${most}` }];
const choice = (property: string, value: Value, values: readonly string[]): CheckFailure[] =>
  values.includes(text(value)) ? [] : [{ property, reason: `has to be one of ${values.join(", ")}` }];

function ruleFailures(rule: Properties, at: string): CheckFailure[] {
  return [
    ...choice(`${at}.entryProtocol`, rule["entryProtocol"], entries),
    ...choice(`${at}.targetProtocol`, rule["targetProtocol"], targets),
    ...range(`${at}.entryPort`, rule["entryPort"] ?? 0, 1, 65_535),
    ...range(`${at}.targetPort`, rule["targetPort"] ?? 0, 1, 65_535),
  ];
}

function healthFailures(health: Properties): CheckFailure[] {
  const { protocol, path } = health;
  const wantsPath = protocol === "http" || protocol === "https";
  const failures = [
    ...choice("healthcheck.protocol", protocol, ["http", "https", "tcp"]),
    ...range("healthcheck.port", health["port"] ?? 0, 1, 65_535),
    ...range("healthcheck.checkIntervalSeconds", health["checkIntervalSeconds"], 3, 300),
    ...range("healthcheck.responseTimeoutSeconds", health["responseTimeoutSeconds"], 3, 300),
    ...range("healthcheck.unhealthyThreshold", health["unhealthyThreshold"], 2, 10),
    ...range("healthcheck.healthyThreshold", health["healthyThreshold"], 2, 10),
  ];
  if (wantsPath === isEmpty(path))
    failures.push({
      property: "healthcheck.path",
      reason: `is ${wantsPath ? "required" : "not allowed"} when the protocol is ${text(protocol)}`,
    });
  return failures;
}

function stickyFailures(sticky: Properties): CheckFailure[] {
  const type = text(sticky["type"] ?? "none");
  const failures = choice("stickySessions.type", type, ["none", "cookies"]);
  for (const property of ["cookieName", "cookieTtlSeconds"])
    if ((type === "cookies") === isEmpty(sticky[property]))
      failures.push({
        property: `stickySessions.${property}`,
        reason: `is ${type === "cookies" ? "required" : "not allowed"} when the type is ${type}`,
      });
  return failures;
}

/** What is wrong with the inputs of a load balancer, by the rules of the official plugin. */
export function balancerFailures(inputs: Properties): CheckFailure[] {
  const { healthcheck, stickySessions, size } = inputs;
  const rules = maps(inputs["forwardingRules"]);
  return [
    ...(text(inputs["type"]).toUpperCase() !== "GLOBAL" && isEmpty(inputs["region"])
      ? [{ property: "region", reason: "has to be set" }]
      : []),
    ...(!isEmpty(inputs["dropletIds"]) && !isEmpty(inputs["dropletTag"])
      ? [{ property: "dropletIds", reason: "conflicts with dropletTag" }]
      : []),
    ...(size === undefined ? [] : choice("size", size, ["lb-small", "lb-medium", "lb-large"])),
    ...range("sizeUnit", inputs["sizeUnit"], 1, 200),
    ...choice("algorithm", inputs["algorithm"], ["round_robin", "least_connections"]),
    ...rules.flatMap((rule, index) => ruleFailures(rule, `forwardingRules[${index}]`)),
    ...(isMap(healthcheck) ? healthFailures(healthcheck) : []),
    ...(isMap(stickySessions) ? stickyFailures(stickySessions) : []),
  ];
}
