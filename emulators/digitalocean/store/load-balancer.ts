export interface ForwardingRule {
  readonly entryProtocol: "http" | "https" | "http2" | "http3" | "tcp" | "udp";
  readonly entryPort: number;
  readonly targetProtocol: "http" | "https" | "http2" | "tcp" | "udp";
  readonly targetPort: number;
  /** "" when there is none. */
  readonly certificateId: string;
  readonly tlsPassthrough: boolean;
}

export interface HealthCheck {
  readonly protocol: "http" | "https" | "tcp";
  readonly port: number;
  /** "" for tcp. */
  readonly path: string;
  readonly checkIntervalSeconds: number;
  readonly responseTimeoutSeconds: number;
  readonly unhealthyThreshold: number;
  readonly healthyThreshold: number;
}

/** No `cookie` without sticky sessions. */
export interface StickySessions {
  readonly cookie?: { readonly name: string; readonly ttlSeconds: number };
}

/** Each "ip:192.0.2.1" or "cidr:192.0.2.0/24". */
export interface LoadBalancerFirewall {
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

/** What a request says of a load balancer, and an update replaces as a whole. */
export interface LoadBalancerSettings {
  readonly name: string;
  readonly sizeUnit: number;
  readonly algorithm: "round_robin" | "least_connections";
  readonly forwardingRules: readonly ForwardingRule[];
  readonly healthCheck: HealthCheck;
  readonly stickySessions: StickySessions;
  readonly firewall: LoadBalancerFirewall;
  readonly redirectHttpToHttps: boolean;
  readonly enableProxyProtocol: boolean;
  readonly enableBackendKeepalive: boolean;
  readonly disableLetsEncryptDnsRecords: boolean;
  readonly httpIdleTimeoutSeconds: number;
  readonly tlsCipherPolicy: "DEFAULT" | "STRONG";
  /** "" when droplets are named by their ids. */
  readonly tag: string;
  readonly dropletIds: readonly number[];
}

export interface LoadBalancer extends LoadBalancerSettings {
  readonly id: string;
  readonly region: string;
  readonly status: "new" | "active" | "errored";
  /** Its settings are not in force yet. */
  readonly processing: boolean;
  readonly vpcId: string;
  readonly publicAddress: string;
  readonly privateAddress: string;
  readonly createdAt: string;
  /** When it was last given another size; in milliseconds since 1970. */
  readonly resizedAt?: number;
}

/** The configuration last given to the hypervisor for a load balancer, as JSON text. */
export interface AppliedLoadBalancer {
  readonly id: string;
  readonly configuration: string;
}
