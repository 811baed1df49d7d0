import { isEmpty, isMap, text } from "../../../../../providers/engine/values.ts";
import type { Properties, Value } from "../../../../../providers/engine/values.ts";

export const maps = (value: Value): Properties[] => (Array.isArray(value) ? value.filter(isMap) : []);
const list = (value: Value): Value[] => (Array.isArray(value) ? value : []);
const map = (value: Value): Properties => (isMap(value) ? value : {});

/** What the official plugin takes for what a health check leaves out. */
const healthCheckDefaults: Properties = {
  checkIntervalSeconds: 10,
  responseTimeoutSeconds: 5,
  unhealthyThreshold: 3,
  healthyThreshold: 5,
};

/** A health check with its defaults. */
export const filledHealthCheck = (value: Value): Value =>
  isMap(value) ? { ...healthCheckDefaults, ...value } : value;

/** Rules by what tells them apart: a certificate is named by its name, or by its id, which is its name too. */
export const comparableRules = (value: Value): Value =>
  maps(value).map(({ certificateId, certificateName, ...rule }) => ({
    ...rule,
    entryProtocol: text(rule["entryProtocol"]).toLowerCase(),
    targetProtocol: text(rule["targetProtocol"]).toLowerCase(),
    certificate: text(certificateId) || text(certificateName),
  }));

/** A load balancer of the API as outputs; `certificateName` says the name of a certificate by its id. */
export function balancerOutputs(
  balancer: Properties,
  certificateName: (id: string) => string | undefined,
): Properties {
  const health = map(balancer["health_check"]);
  const sticky = map(balancer["sticky_sessions"]);
  const firewall = map(balancer["firewall"]);
  return {
    name: balancer["name"],
    loadBalancerUrn: `do:loadbalancer:${text(balancer["id"])}`,
    ip: balancer["ip"],
    ipv6: balancer["ipv6"] ?? "",
    status: balancer["status"],
    algorithm: balancer["algorithm"],
    redirectHttpToHttps: balancer["redirect_http_to_https"],
    enableProxyProtocol: balancer["enable_proxy_protocol"],
    enableBackendKeepalive: balancer["enable_backend_keepalive"],
    disableLetsEncryptDnsRecords: balancer["disable_lets_encrypt_dns_records"],
    dropletTag: balancer["tag"] ?? "",
    dropletIds: list(balancer["droplet_ids"]),
    vpcUuid: balancer["vpc_uuid"],
    httpIdleTimeoutSeconds: balancer["http_idle_timeout_seconds"],
    projectId: balancer["project_id"],
    type: balancer["type"],
    sizeUnit: balancer["size_unit"],
    region: map(balancer["region"])["slug"],
    healthcheck: {
      protocol: health["protocol"],
      port: health["port"],
      path: health["path"] ?? "",
      checkIntervalSeconds: health["check_interval_seconds"],
      responseTimeoutSeconds: health["response_timeout_seconds"],
      unhealthyThreshold: health["unhealthy_threshold"],
      healthyThreshold: health["healthy_threshold"],
    },
    stickySessions: {
      type: sticky["type"],
      cookieName: sticky["cookie_name"] ?? "",
      cookieTtlSeconds: sticky["cookie_ttl_seconds"] ?? 0,
    },
    firewall: { allows: list(firewall["allow"]), denies: list(firewall["deny"]) },
    forwardingRules: maps(balancer["forwarding_rules"]).map((rule) => {
      const name = certificateName(text(rule["certificate_id"])) ?? "";
      return {
        entryProtocol: rule["entry_protocol"],
        entryPort: rule["entry_port"],
        targetProtocol: rule["target_protocol"],
        targetPort: rule["target_port"],
        tlsPassthrough: rule["tls_passthrough"],
        certificateId: name,
        certificateName: name,
      };
    }),
  };
}

/**
 * The whole of a load balancer as the API takes it. What the program leaves out stays as it is in `state`;
 * `certificateId` says the id of a certificate by its name.
 */
export function balancerRequest(
  inputs: Properties,
  state: Properties,
  certificateId: (name: string) => string,
): Properties {
  const kept = (property: string) => inputs[property] ?? state[property];
  const health = filledHealthCheck(kept("healthcheck"));
  const sticky = map(kept("stickySessions"));
  const firewall = map(kept("firewall"));
  const sizeUnit = kept("sizeUnit");
  const body: Properties = {
    name: inputs["name"],
    region: inputs["region"],
    algorithm: inputs["algorithm"],
    redirect_http_to_https: inputs["redirectHttpToHttps"],
    enable_proxy_protocol: inputs["enableProxyProtocol"],
    enable_backend_keepalive: inputs["enableBackendKeepalive"],
    disable_lets_encrypt_dns_records: inputs["disableLetsEncryptDnsRecords"] ?? false,
    http_idle_timeout_seconds: kept("httpIdleTimeoutSeconds"),
    vpc_uuid: kept("vpcUuid"),
    project_id: kept("projectId"),
    type: kept("type"),
    network: inputs["network"],
    network_stack: inputs["networkStack"],
    tls_cipher_policy: inputs["tlsCipherPolicy"],
    forwarding_rules: maps(inputs["forwardingRules"]).map((rule) => {
      const name = text(rule["certificateName"]) || text(rule["certificateId"]);
      return withoutEmpty({
        entry_protocol: rule["entryProtocol"],
        entry_port: rule["entryPort"],
        target_protocol: rule["targetProtocol"],
        target_port: rule["targetPort"],
        tls_passthrough: rule["tlsPassthrough"],
        certificate_id: name === "" ? "" : certificateId(name),
      });
    }),
    ...(isEmpty(sizeUnit) ? { size: inputs["size"] } : { size_unit: sizeUnit }),
    ...(isEmpty(inputs["dropletTag"]) ? { droplet_ids: kept("dropletIds") } : { tag: inputs["dropletTag"] }),
  };
  if (isMap(health))
    body["health_check"] = withoutEmpty({
      protocol: health["protocol"],
      port: health["port"],
      path: health["path"],
      check_interval_seconds: health["checkIntervalSeconds"],
      response_timeout_seconds: health["responseTimeoutSeconds"],
      unhealthy_threshold: health["unhealthyThreshold"],
      healthy_threshold: health["healthyThreshold"],
    });
  if (!isEmpty(sticky))
    body["sticky_sessions"] = withoutEmpty({
      type: sticky["type"] ?? "none",
      cookie_name: sticky["cookieName"],
      cookie_ttl_seconds: sticky["cookieTtlSeconds"],
    });
  if (!isEmpty(firewall))
    body["firewall"] = { allow: list(firewall["allows"]), deny: list(firewall["denies"]) };
  return withoutEmpty(body);
}

/** As the official plugin's client leaves out what is empty. */
const withoutEmpty = (properties: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => !isEmpty(value)));
