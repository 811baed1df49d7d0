import { notEmulated, unprocessable } from "../../requests/errors.ts";
import { Fields } from "../../requests/fields.ts";
import type { ForwardingRule } from "../../store/load-balancer.ts";

const entryProtocols = ["http", "https", "http2", "http3", "tcp", "udp"] as const;
const targetProtocols = ["http", "https", "http2", "tcp", "udp"] as const;
/** Ways through a load balancer that are documented: entry, target, and whether TLS ends at the target. */
const ways = [
  ...["http http", "tcp tcp", "udp udp", "https http", "http2 http", "http3 http"],
  ...["https https passthrough", "http2 http2 passthrough"],
];
/** Whose clients speak TLS with the load balancer itself. */
const terminating: readonly string[] = ["https", "http2", "http3"];

/** What a load balancer is made of beside itself. */
export interface KnownParts {
  /** Whether it is there, and verified. */
  hasCertificate(id: string): boolean;
}

function oneOf<Value extends string>(fields: Fields, key: string, values: readonly Value[]): Value {
  const text = fields.string(key);
  const value = values.find((candidate) => candidate === text);
  if (value === undefined)
    throw unprocessable(`${fields.name(key)} [${text}] must be one of ${values.join(", ")}`);
  return value;
}

/** A port of a rule or a health check. */
export function parsePort(fields: Fields, key: string, byDefault?: number): number {
  const port = fields.optionalInteger(key) ?? byDefault ?? fields.integer(key);
  if (port < 1 || port > 65_535) throw unprocessable(`${fields.name(key)} must be 1 to 65535`);
  return port;
}

function parseRule(value: unknown, where: string, known: KnownParts): ForwardingRule {
  const fields = new Fields(value, where);
  fields.onlyEmulated([
    ...["entry_protocol", "entry_port", "target_protocol", "target_port"],
    ...["certificate_id", "tls_passthrough"],
  ]);
  const rule: ForwardingRule = {
    entryProtocol: oneOf(fields, "entry_protocol", entryProtocols),
    entryPort: parsePort(fields, "entry_port"),
    targetProtocol: oneOf(fields, "target_protocol", targetProtocols),
    targetPort: parsePort(fields, "target_port"),
    certificateId: fields.optionalString("certificate_id") ?? "",
    tlsPassthrough: fields.boolean("tls_passthrough") ?? false,
  };
  checkProtocols(rule, fields);
  checkCertificate(rule, fields, known);
  return rule;
}

function checkProtocols(rule: ForwardingRule, fields: Fields): void {
  const { entryProtocol, targetProtocol, tlsPassthrough } = rule;
  const way = `${entryProtocol} ${targetProtocol}${tlsPassthrough ? " passthrough" : ""}`;
  if (ways.includes(way)) return;
  if ((entryProtocol === "udp") !== (targetProtocol === "udp"))
    throw unprocessable(`${fields.name("target_protocol")}: udp goes to udp only`);
  if (tlsPassthrough && !terminating.includes(entryProtocol))
    throw unprocessable(`${fields.name("tls_passthrough")} needs https or http2`);
  throw notEmulated(
    `forwarding ${entryProtocol} to ${targetProtocol} ${tlsPassthrough ? "with" : "without"} tls_passthrough`,
  );
}

function checkCertificate(rule: ForwardingRule, fields: Fields, known: KnownParts): void {
  const { entryProtocol, certificateId, tlsPassthrough } = rule;
  const where = fields.name("certificate_id");
  const needed = terminating.includes(entryProtocol) && !tlsPassthrough;
  if (needed && certificateId === "")
    throw unprocessable(`${where} is required for ${entryProtocol} without tls_passthrough`);
  if (!needed && certificateId !== "")
    throw unprocessable(`${where} is for https, http2 and http3 without tls_passthrough only`);
  if (needed && !known.hasCertificate(certificateId))
    throw unprocessable(`${where}: there is no verified certificate [${certificateId}]`);
}

/** Reads `forwarding_rules`. Throws 422 for what the API would refuse, and 501 for ways that are not documented. */
export function parseForwardingRules(body: Fields, known: KnownParts): ForwardingRule[] {
  const rules = body
    .list("forwarding_rules")
    .map((rule, index) => parseRule(rule, `forwarding_rules[${index}]`, known));
  if (rules.length === 0) throw unprocessable("forwarding_rules is required");
  return rules;
}

/** Throws 422 when two rules listen on one port. */
export function checkEntryPorts(rules: readonly ForwardingRule[]): void {
  const listeners = rules.flatMap(({ entryProtocol, entryPort }) => {
    const udp = entryProtocol === "udp" || entryProtocol === "http3";
    return `${entryPort}/${udp ? "udp" : "tcp"}`;
  });
  const twice = listeners.find((listener, index) => listeners.indexOf(listener) !== index);
  if (twice !== undefined) throw unprocessable(`forwarding_rules: two rules have the entry port ${twice}`);
}
