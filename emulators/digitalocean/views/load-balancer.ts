import { knownRegion } from "../catalog.ts";
import type { Emulator } from "../emulator.ts";
import { projectOf } from "../resources/projects.ts";
import { targetsOf } from "../rules/load-balancers/configuration.ts";
import { sizeName } from "../rules/load-balancers/settings.ts";
import type { LoadBalancer } from "../store/load-balancer.ts";

export function loadBalancerView(emulator: Emulator, balancer: LoadBalancer) {
  const { healthCheck, stickySessions, sizeUnit } = balancer;
  const size = sizeName(sizeUnit);
  return {
    id: balancer.id,
    name: balancer.name,
    project_id: projectOf(emulator, `do:loadbalancer:${balancer.id}`).id,
    // It is assigned with the creation, and told when that is done.
    ip: balancer.status === "active" ? balancer.publicAddress : "",
    ipv6: "",
    size_unit: sizeUnit,
    ...(size === undefined ? {} : { size }),
    algorithm: balancer.algorithm,
    status: balancer.status,
    created_at: balancer.createdAt,
    forwarding_rules: balancer.forwardingRules.map((rule) => ({
      entry_protocol: rule.entryProtocol,
      entry_port: rule.entryPort,
      target_protocol: rule.targetProtocol,
      target_port: rule.targetPort,
      certificate_id: rule.certificateId,
      tls_passthrough: rule.tlsPassthrough,
    })),
    health_check: {
      protocol: healthCheck.protocol,
      port: healthCheck.port,
      path: healthCheck.path,
      check_interval_seconds: healthCheck.checkIntervalSeconds,
      response_timeout_seconds: healthCheck.responseTimeoutSeconds,
      unhealthy_threshold: healthCheck.unhealthyThreshold,
      healthy_threshold: healthCheck.healthyThreshold,
    },
    sticky_sessions:
      stickySessions.cookie === undefined
        ? { type: "none" }
        : {
            type: "cookies",
            cookie_name: stickySessions.cookie.name,
            cookie_ttl_seconds: stickySessions.cookie.ttlSeconds,
          },
    region: knownRegion(balancer.region),
    tag: balancer.tag,
    droplet_ids: targetsOf(balancer, emulator.store.droplets.list()).map(({ id }) => id),
    redirect_http_to_https: balancer.redirectHttpToHttps,
    enable_proxy_protocol: balancer.enableProxyProtocol,
    enable_backend_keepalive: balancer.enableBackendKeepalive,
    http_idle_timeout_seconds: balancer.httpIdleTimeoutSeconds,
    vpc_uuid: balancer.vpcId,
    disable_lets_encrypt_dns_records: balancer.disableLetsEncryptDnsRecords,
    firewall: balancer.firewall,
    network: "EXTERNAL",
    network_stack: "IPV4",
    type: "REGIONAL",
    tls_cipher_policy: balancer.tlsCipherPolicy,
  };
}
