import type { FastifyRequest } from "fastify";
import type { ActionRunner } from "./actions/runner.ts";
import { notEmulated, pendingEvent } from "./requests/errors.ts";
import type { CurrentEdges } from "./edges.ts";
import type { EventLog } from "./requests/event-log.ts";
import type { FaultRules } from "./requests/fault-rules.ts";
import type { CertificateIssuance } from "./resources/dns/certificate-issuance.ts";
import type { LoadBalancerSync } from "./resources/load-balancers/load-balancer-sync.ts";
import type { FirewallSync } from "./resources/firewall-sync.ts";
import type { HypervisorFeature } from "./hypervisor/hypervisor.ts";
import type { ResolvedOptions } from "./options.ts";
import type { Action } from "./store/entities.ts";
import type { Store } from "./store/store.ts";

/** What every route works with. */
export interface Emulator {
  readonly options: ResolvedOptions;
  readonly store: Store;
  readonly runner: ActionRunner;
  readonly firewalls: FirewallSync;
  readonly loadBalancers: LoadBalancerSync;
  readonly certificates: CertificateIssuance;
  /** To be called after any change to firewalls, tags, droplets, load balancers or their certificates. */
  readonly networkChanged: () => void;
  readonly faults: FaultRules;
  readonly edges: CurrentEdges;
  readonly log: EventLog;
  /** The time as the API writes it, without fractions of a second. */
  readonly now: () => string;
  /** Of the project that is the default at first, and of the account. */
  readonly projectId: string;
}

export function apiTime(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/** The URL as the client sees it, for links in answers. */
export function requestUrl(request: FastifyRequest): URL {
  return new URL(request.url, `http://${request.headers.host ?? "localhost"}`);
}

/** The action that keeps a droplet from beginning another one. */
export function pendingDropletAction(emulator: Emulator, dropletId: number): Action | undefined {
  return emulator.runner.pending().find((action) => action.dropletId === dropletId);
}

/** Throws 422 as DigitalOcean does while an earlier action on the droplet is unfinished. */
export function requireIdleDroplet(emulator: Emulator, dropletId: number): void {
  if (pendingDropletAction(emulator, dropletId) !== undefined) throw pendingEvent("Droplet");
}

/** Throws 501 for what the hypervisor cannot give; `what` names it. */
export function requireFeature(emulator: Emulator, feature: HypervisorFeature, what: string): void {
  if (emulator.options.hypervisor.features?.includes(feature) !== true)
    throw notEmulated(`${what} on this hypervisor`);
}
