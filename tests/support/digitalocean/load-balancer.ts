import type {
  HypervisorForwardingRule,
  HypervisorLoadBalancer,
} from "../../../emulators/digitalocean/index.ts";

export const httpRule: HypervisorForwardingRule = {
  ...{ entryProtocol: "http", entryPort: 80, targetProtocol: "http", targetPort: 8080 },
  tlsPassthrough: false,
};

/** A load balancer of HTTP with two targets, as the emulator gives it to the hypervisor. */
export function loadBalancer(fields: Partial<HypervisorLoadBalancer> = {}): HypervisorLoadBalancer {
  return {
    ...{ id: "3f0a4ac2-5d0b-4c53-9a5e-2f4d1f6f3a10", name: "blog", publicAddress: "198.18.0.10" },
    vpc: { id: "vpc", ipRange: "10.20.0.0/24", address: "10.20.0.9" },
    targets: [
      { dropletId: 1, address: "10.20.0.2" },
      { dropletId: 2, address: "10.20.0.3" },
    ],
    algorithm: "round_robin",
    forwardingRules: [httpRule],
    healthCheck: {
      ...{ protocol: "http", port: 8080, path: "/health", checkIntervalSeconds: 3 },
      ...{ responseTimeoutSeconds: 5, unhealthyThreshold: 2, healthyThreshold: 3 },
    },
    stickySessions: {},
    firewall: { allow: [], deny: [] },
    ...{ redirectHttpToHttps: false, proxyProtocol: false, backendKeepalive: false },
    ...{ httpIdleTimeoutSeconds: 60, tlsCipherPolicy: "DEFAULT" },
    ...fields,
  };
}
