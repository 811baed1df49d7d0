import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { notEmulated, unprocessable } from "../../requests/errors.ts";
import { Fields } from "../../requests/fields.ts";
import type { HealthCheck, LoadBalancerFirewall, StickySessions } from "../../hypervisor/load-balancer.ts";
import type { LoadBalancerSettings } from "../../store/load-balancer.ts";
import { isTagName } from "../droplet-name.ts";
import { checkEntryPorts, parseForwardingRules, parsePort } from "./forwarding-rules.ts";
import type { KnownParts } from "./forwarding-rules.ts";

/** How many nodes each of the older sizes is. */
const sizes: Readonly<Record<string, number>> = { "lb-small": 1, "lb-medium": 3, "lb-large": 6 };
const mostNodes = 100;
/** More are named by a tag. */
export const mostDroplets = 10;

const settingFields = [
  ...["name", "size", "size_unit", "algorithm", "forwarding_rules", "health_check", "sticky_sessions"],
  ...["firewall", "redirect_http_to_https", "enable_proxy_protocol", "enable_backend_keepalive"],
  ...["disable_lets_encrypt_dns_records", "http_idle_timeout_seconds", "tls_cipher_policy", "tag"],
  ...["droplet_ids", "region", "vpc_uuid", "project_id", "type", "network", "network_stack"],
];

export const sizeName = (sizeUnit: number): string | undefined =>
  Object.keys(sizes).find((name) => sizes[name] === sizeUnit);

function within(fields: Fields, key: string, least: number, most: number, byDefault: number): number {
  const value = fields.optionalInteger(key) ?? byDefault;
  if (value < least || value > most) throw unprocessable(`${fields.name(key)} must be ${least} to ${most}`);
  return value;
}

/** A field with a few values, of which some are not emulated. */
function choice<Value extends string>(
  body: Fields,
  key: string,
  values: readonly [Value, ...Value[]],
  notYet: readonly string[] = [],
): Value {
  const text = body.optionalString(key) || values[0];
  const value = values.find((candidate) => candidate === text);
  if (value !== undefined) return value;
  if (notYet.includes(text)) throw notEmulated(`a load balancer with the ${key} ${text}`);
  throw unprocessable(`${body.name(key)} [${text}] must be one of ${[...values, ...notYet].join(", ")}`);
}

function parseName(body: Fields): string {
  const name = body.string("name");
  if (!/^[a-zA-Z0-9][a-zA-Z0-9.-]{0,254}$/.test(name))
    throw unprocessable(`name [${name}] may only hold letters, digits, - and .`);
  return name;
}

function parseSize(body: Fields): number {
  const size = body.optionalString("size") ?? "";
  const unit = body.optionalInteger("size_unit");
  if (size !== "" && unit !== undefined) throw unprocessable("size and size_unit exclude each other");
  if (size === "") return within(body, "size_unit", 1, mostNodes, 1);
  const nodes = sizes[size];
  if (nodes === undefined)
    throw unprocessable(`size [${size}] must be one of ${Object.keys(sizes).join(", ")}`);
  return nodes;
}

function parseHealthCheck(body: Fields): HealthCheck {
  const fields = new Fields(body.raw("health_check") ?? {}, "health_check");
  const protocol = choice(fields, "protocol", ["http", "https", "tcp"]);
  const path = fields.optionalString("path") ?? "";
  if (protocol === "tcp" && path !== "") throw unprocessable("health_check.path is not for tcp");
  if (path !== "" && !/^\/[!-~]*$/.test(path))
    throw unprocessable(`health_check.path [${path}] must begin with / and hold no space`);
  return {
    protocol,
    port: parsePort(fields, "port", 80),
    path: protocol === "tcp" ? "" : path || "/",
    checkIntervalSeconds: within(fields, "check_interval_seconds", 3, 300, 10),
    responseTimeoutSeconds: within(fields, "response_timeout_seconds", 3, 300, 5),
    unhealthyThreshold: within(fields, "unhealthy_threshold", 2, 10, 3),
    healthyThreshold: within(fields, "healthy_threshold", 2, 10, 5),
  };
}

function parseStickySessions(body: Fields): StickySessions {
  const fields = new Fields(body.raw("sticky_sessions") ?? {}, "sticky_sessions");
  if (choice(fields, "type", ["none", "cookies"]) === "none") return {};
  const name = fields.string("cookie_name");
  if (!/^[a-zA-Z0-9_-]{2,40}$/.test(name))
    throw unprocessable(`sticky_sessions.cookie_name [${name}] must have 2 to 40 letters, digits, - and _`);
  const ttlSeconds = fields.integer("cookie_ttl_seconds");
  if (ttlSeconds < 1) throw unprocessable("sticky_sessions.cookie_ttl_seconds must be 1 at least");
  return { cookie: { name, ttlSeconds } };
}

function parseFirewall(body: Fields): LoadBalancerFirewall {
  const fields = new Fields(body.raw("firewall") ?? {}, "firewall");
  const rules = (key: "allow" | "deny") => {
    const list = fields.strings(key);
    const wrong = list.find((rule) => !isSource(rule));
    if (wrong !== undefined)
      throw unprocessable(
        `${fields.name(key)}: [${wrong}] must be such as ip:192.0.2.1 or cidr:192.0.2.0/24`,
      );
    return list;
  };
  return { allow: rules("allow"), deny: rules("deny") };
}

function isSource(rule: string): boolean {
  const [, kind, value = ""] = /^(ip|cidr):(.+)$/.exec(rule) ?? [];
  return kind === "ip" ? isIP(value) !== 0 : kind === "cidr" && ipaddr.isValidCIDR(value);
}

function parseTargets(body: Fields): Pick<LoadBalancerSettings, "tag" | "dropletIds"> {
  const tag = body.optionalString("tag") ?? "";
  const dropletIds = [...new Set(body.integers("droplet_ids"))];
  if (tag !== "" && dropletIds.length > 0) throw unprocessable("tag and droplet_ids exclude each other");
  if (tag !== "" && !isTagName(tag)) throw unprocessable(`tag [${tag}] contains invalid characters`);
  return { tag, dropletIds };
}

/**
 * Reads what a request says of a load balancer, with the defaults of what it does not say. Throws 422 for what DigitalOcean
 * would refuse, and 501 for kinds of load balancers that are not emulated.
 */
export function parseSettings(body: Fields, known: KnownParts): LoadBalancerSettings {
  body.onlyEmulated(settingFields);
  choice(body, "type", ["REGIONAL"], ["REGIONAL_NETWORK", "GLOBAL"]);
  choice(body, "network", ["EXTERNAL"], ["INTERNAL"]);
  choice(body, "network_stack", ["IPV4"], ["DUALSTACK"]);
  const forwardingRules = parseForwardingRules(body, known);
  checkEntryPorts(forwardingRules);
  return {
    name: parseName(body),
    sizeUnit: parseSize(body),
    algorithm: choice(body, "algorithm", ["round_robin", "least_connections"]),
    forwardingRules,
    healthCheck: parseHealthCheck(body),
    stickySessions: parseStickySessions(body),
    firewall: parseFirewall(body),
    redirectHttpToHttps: body.boolean("redirect_http_to_https") ?? false,
    enableProxyProtocol: body.boolean("enable_proxy_protocol") ?? false,
    enableBackendKeepalive: body.boolean("enable_backend_keepalive") ?? false,
    disableLetsEncryptDnsRecords: body.boolean("disable_lets_encrypt_dns_records") ?? false,
    httpIdleTimeoutSeconds: within(body, "http_idle_timeout_seconds", 30, 600, 60),
    tlsCipherPolicy: choice(body, "tls_cipher_policy", ["DEFAULT", "STRONG"]),
    ...parseTargets(body),
  };
}
