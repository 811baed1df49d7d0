import type { EventLog } from "../requests/event-log.ts";
import type { Hypervisor } from "../hypervisor/hypervisor.ts";
import { covers, resolveFirewall } from "../rules/firewall-resolution.ts";
import type { Droplet, Firewall } from "../store/entities.ts";
import type { Store } from "../store/store.ts";
import { errorMessage } from "../requests/errors.ts";

export interface PendingChange {
  readonly droplet_id: number;
  readonly removing: boolean;
  readonly status: "waiting";
}

/** Keeps the rules in force on each droplet equal to what firewalls, tags and droplets say. */
export class FirewallSync {
  readonly #store: Store;
  readonly #hypervisor: Hypervisor;
  readonly #log: EventLog;
  readonly #now: () => string;
  readonly #delay: number;
  #timer: NodeJS.Timeout | undefined;
  #queue: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(store: Store, hypervisor: Hypervisor, log: EventLog, now: () => string, delay: number) {
    this.#store = store;
    this.#hypervisor = hypervisor;
    this.#log = log;
    this.#now = now;
    this.#delay = delay;
  }

  /** To be called after any change to firewalls, tags, droplets or load balancers; calls in quick succession make one pass. */
  changed(): void {
    if (this.#closed || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#queue = this.#queue.then(() => this.#pass());
    }, this.#delay);
  }

  /** Forgets what was applied, so that the next pass gives every droplet its rules anew. */
  forget(): void {
    this.#store.transaction(() => this.#store.appliedFirewalls.clear());
  }

  /** Gives one droplet its rules now. Rejects when the hypervisor does. */
  async apply(droplet: Droplet): Promise<void> {
    const rules = resolveFirewall(droplet, this.#members(), this.#store.firewalls.list());
    await this.#hypervisor.setFirewall(droplet.id, rules);
    if (this.#closed) return;
    this.#store.transaction(() => {
      this.#store.appliedFirewalls.put({ id: droplet.id, rules: JSON.stringify(rules) ?? "" });
    });
  }

  #members() {
    return { droplets: this.#store.droplets.list(), loadBalancers: this.#store.loadBalancers.list() };
  }

  pendingChanges(firewall: Firewall): PendingChange[] {
    return this.#outdated()
      .filter((droplet) => covers(firewall, droplet))
      .map((droplet) => ({ droplet_id: droplet.id, removing: false, status: "waiting" }));
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  /** A droplet that is off gets its rules when it is powered on. */
  #outdated(): Droplet[] {
    const members = this.#members();
    const firewalls = this.#store.firewalls.list();
    return this.#store.droplets.list().filter((droplet) => {
      if (droplet.status === "off") return false;
      const wanted = JSON.stringify(resolveFirewall(droplet, members, firewalls)) ?? "";
      return this.#store.appliedFirewalls.get(droplet.id)?.rules !== wanted;
    });
  }

  async #pass(): Promise<void> {
    const failed = new Set<number>();
    // A droplet that is still new gets its rules when it is created.
    for (const { id } of this.#closed ? [] : this.#outdated().filter((droplet) => droplet.status !== "new")) {
      const droplet = this.#closed ? undefined : this.#store.droplets.get(id);
      if (droplet === undefined) continue;
      try {
        await this.apply(droplet);
      } catch (error) {
        if (this.#closed) return;
        failed.add(id);
        this.#log.write({
          kind: "failure",
          at: this.#now(),
          what: `setFirewall of droplet ${id}`,
          error: errorMessage(error),
        });
      }
    }
    if (!this.#closed) this.#settle(failed);
  }

  #settle(failed: ReadonlySet<number>): void {
    this.#store.transaction(() => {
      const droplets = this.#store.droplets.list().filter((droplet) => failed.has(droplet.id));
      for (const firewall of this.#store.firewalls.list()) {
        const failing = droplets.some((droplet) => covers(firewall, droplet));
        if (firewall.failed !== failing) this.#store.firewalls.put({ ...firewall, failed: failing });
      }
    });
  }
}
