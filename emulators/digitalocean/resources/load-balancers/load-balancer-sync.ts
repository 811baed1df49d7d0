import type { HypervisorLoadBalancer } from "../../hypervisor/load-balancer.ts";
import type { Hypervisor } from "../../hypervisor/hypervisor.ts";
import { errorMessage } from "../../requests/errors.ts";
import type { EventLog } from "../../requests/event-log.ts";
import { configurationOf } from "../../rules/load-balancers/configuration.ts";
import type { LoadBalancer } from "../../store/load-balancer.ts";
import type { Store } from "../../store/store.ts";

interface SyncParts {
  readonly store: Store;
  readonly hypervisor: Hypervisor;
  readonly log: EventLog;
  readonly now: () => string;
  /** In milliseconds, before a change is in force. */
  readonly delay: number;
}

/** Keeps each load balancer at the hypervisor equal to what the store says of it, its tag and its certificates. */
export class LoadBalancerSync {
  readonly #parts: SyncParts;
  #timer: NodeJS.Timeout | undefined;
  #queue: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: SyncParts) {
    this.#parts = parts;
  }

  /** To be called after any change to load balancers, tags, droplets or certificates; quick ones make one pass. */
  changed(): void {
    if (this.#closed || this.#timer !== undefined || !this.#isOutdated()) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#queue = this.#queue.then(() => this.#pass());
    }, this.#parts.delay);
  }

  /** After a start: all are given anew, for what ran may have ended with the host. */
  resume(): void {
    const { store } = this.#parts;
    store.transaction(() => {
      for (const applied of store.appliedLoadBalancers.list())
        store.appliedLoadBalancers.put({ ...applied, configuration: "" });
    });
    this.changed();
  }

  /** Removes all at the hypervisor, before a reset. */
  async destroyEverything(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#queue;
    const { store, hypervisor } = this.#parts;
    for (const { id } of store.appliedLoadBalancers.list()) await hypervisor.removeLoadBalancer(id);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #configuration(balancer: LoadBalancer): HypervisorLoadBalancer {
    const { store } = this.#parts;
    const vpc = store.vpcs.get(balancer.vpcId);
    if (vpc === undefined) throw new Error(`there is no VPC ${balancer.vpcId} any more`);
    const materialOf = (id: string) => store.certificates.get(id)?.material;
    return configurationOf(balancer, vpc, store.droplets.list(), materialOf);
  }

  #isCurrent(balancer: LoadBalancer): boolean {
    const applied = this.#parts.store.appliedLoadBalancers.get(balancer.id)?.configuration;
    return !balancer.processing && applied === JSON.stringify(this.#configuration(balancer));
  }

  #isOutdated(): boolean {
    const { store } = this.#parts;
    return (
      store.loadBalancers.list().some((balancer) => !this.#isCurrent(balancer)) ||
      store.appliedLoadBalancers.list().some(({ id }) => store.loadBalancers.get(id) === undefined)
    );
  }

  async #pass(): Promise<void> {
    const { store, hypervisor } = this.#parts;
    for (const { id } of this.#closed ? [] : store.appliedLoadBalancers.list()) {
      if (this.#closed || store.loadBalancers.get(id) !== undefined) continue;
      await this.#logged(`removing load balancer ${id}`, async () => {
        await hypervisor.removeLoadBalancer(id);
        if (!this.#closed) store.transaction(() => store.appliedLoadBalancers.delete(id));
      });
    }
    for (const { id } of this.#closed ? [] : store.loadBalancers.list()) {
      const balancer = this.#closed ? undefined : store.loadBalancers.get(id);
      if (balancer !== undefined && !this.#isCurrent(balancer)) await this.#apply(balancer);
    }
  }

  async #apply(balancer: LoadBalancer): Promise<void> {
    const { store, hypervisor } = this.#parts;
    const { id } = balancer;
    const configuration = this.#configuration(balancer);
    // Known from here on, so that one whose start failed half-way is removed when it is deleted.
    store.transaction(() => store.appliedLoadBalancers.put({ id, configuration: "" }));
    const done = await this.#logged(`setting load balancer ${id}`, () =>
      hypervisor.setLoadBalancer(configuration),
    );
    if (this.#closed) return;
    store.transaction(() => {
      if (done) store.appliedLoadBalancers.put({ id, configuration: JSON.stringify(configuration) });
      const current = store.loadBalancers.get(id);
      if (current === undefined) return;
      const failed = current.status === "new" ? "errored" : current.status;
      store.loadBalancers.put({ ...current, processing: false, status: done ? "active" : failed });
    });
    // What changed while the hypervisor worked.
    if (done) this.changed();
  }

  async #logged(what: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      const { log, now } = this.#parts;
      if (!this.#closed) log.write({ kind: "failure", at: now(), what, error: errorMessage(error) });
      return false;
    }
  }
}
