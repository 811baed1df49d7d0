export { sizes } from "./catalog.ts";
export type { Size } from "./catalog.ts";
export type { Edges } from "./edges.ts";
export type {
  FirewallRule,
  FirewallRules,
  Hypervisor,
  HypervisorFeature,
  HypervisorVolume,
  Machine,
} from "./hypervisor/hypervisor.ts";
export type { HypervisorForwardingRule, HypervisorLoadBalancer } from "./hypervisor/load-balancer.ts";
export { storedOnlyHypervisor } from "./hypervisor/stored-only-hypervisor.ts";
export type {
  HypervisorCall,
  HypervisorMethod,
  StoredOnlyHypervisor,
} from "./hypervisor/stored-only-hypervisor.ts";
export type {
  AccountLimits,
  CertificateIssuer,
  DigitalOceanApiOptions,
  RateLimits,
  TransitionDelays,
} from "./options.ts";
export type { FailureEvent, RequestEvent } from "./requests/event-log.ts";
export type { FaultKind, FaultRule } from "./requests/fault-rules.ts";
export type { DomainRecord } from "./store/dns.ts";
export { startDigitalOceanApi } from "./server.ts";
export type { DigitalOceanApi } from "./server.ts";
