import type {
  ForwardedPorts,
  HealthCheck,
  LoadBalancerFirewall,
  StickySessions,
} from "../hypervisor/load-balancer.ts";

export interface ForwardingRule extends ForwardedPorts {
  /** "" when there is none. */
  readonly certificateId: string;
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
