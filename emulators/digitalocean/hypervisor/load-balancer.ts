/** A load balancer with everything resolved: targets are addresses, certificates are PEM. */
export interface HypervisorLoadBalancer {
  readonly id: string;
  readonly name: string;
  readonly publicAddress: string;
  /** Connections to targets come from `address`. */
  readonly vpc: { readonly id: string; readonly ipRange: string; readonly address: string };
  /** Private addresses of droplets. */
  readonly targets: readonly { readonly dropletId: number; readonly address: string }[];
  readonly algorithm: "round_robin" | "least_connections";
  readonly forwardingRules: readonly HypervisorForwardingRule[];
  readonly healthCheck: HealthCheck;
  readonly stickySessions: StickySessions;
  readonly firewall: LoadBalancerFirewall;
  readonly redirectHttpToHttps: boolean;
  /** Targets are told the client's address in a PROXY protocol header. */
  readonly proxyProtocol: boolean;
  /** Connections to targets are used again. */
  readonly backendKeepalive: boolean;
  readonly httpIdleTimeoutSeconds: number;
  readonly tlsCipherPolicy: "DEFAULT" | "STRONG";
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

/** A cookie that the load balancer sets and takes out again. No `cookie` without sticky sessions. */
export interface StickySessions {
  readonly cookie?: { readonly name: string; readonly ttlSeconds: number };
}

/** Each "ip:192.0.2.1" or "cidr:192.0.2.0/24". With `allow`, nobody else may come in. */
export interface LoadBalancerFirewall {
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

/** From where to where requests go. */
export interface ForwardedPorts {
  /** "http3" and "udp" only if the hypervisor has the feature "udp". */
  readonly entryProtocol: "http" | "https" | "http2" | "http3" | "tcp" | "udp";
  readonly entryPort: number;
  readonly targetProtocol: "http" | "https" | "http2" | "tcp" | "udp";
  readonly targetPort: number;
  /** TLS ends at the target. */
  readonly tlsPassthrough: boolean;
}

export interface HypervisorForwardingRule extends ForwardedPorts {
  /** When TLS ends at the load balancer; all in PEM. */
  readonly certificate?: {
    readonly privateKey: string;
    readonly leafCertificate: string;
    /** "" when there is none. */
    readonly certificateChain: string;
  };
}
