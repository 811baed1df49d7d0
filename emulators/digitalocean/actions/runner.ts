import { bringUp } from "./bring-up.ts";
import { actionEffects } from "./effects.ts";
import type { EventLog } from "../requests/event-log.ts";
import type { Action, ActionType, Droplet } from "../store/entities.ts";
import type { EffectParts, NewAction } from "./effect.ts";
import { errorMessage } from "../requests/errors.ts";

export interface ActionRunnerParts extends Omit<EffectParts, "begin"> {
  readonly log: EventLog;
  readonly now: () => string;
  /** To be called after any change to droplets. */
  readonly networkChanged: () => void;
}

/** Runs actions in the background, from "in-progress" to "completed" or "errored", also those of an earlier process. */
export class ActionRunner {
  readonly #parts: ActionRunnerParts;
  readonly #effects: ReturnType<typeof actionEffects>;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();
  #closed = false;

  constructor(parts: ActionRunnerParts) {
    this.#parts = parts;
    this.#effects = actionEffects({ ...parts, begin: (fields) => this.begin(fields) });
  }

  /** Stores a new action and starts it. To be called in the transaction that accepts the request. */
  begin(fields: NewAction): Action {
    const { store, now } = this.#parts;
    const action: Action = {
      ...fields,
      id: store.nextId("action", 2_000_000_001),
      status: "in-progress",
      startedAt: now(),
    };
    store.actions.put(action);
    this.#schedule(action);
    return action;
  }

  pending(): Action[] {
    return this.#parts.store.actions.where("status", "in-progress");
  }

  /**
   * After a start: brings back what the store says there is, for the machines may have ended with the host, then goes on
   * with unfinished actions. A droplet that does not come back is "off", and the log says why.
   */
  resume(): void {
    this.#track(this.#resume());
  }

  async #resume(): Promise<void> {
    const { store, firewalls, hypervisor, networkChanged } = this.#parts;
    firewalls.forget();
    const unfinished = this.pending();
    const active = store.droplets.list().filter((droplet) => droplet.status === "active");
    await Promise.all(active.map((droplet) => this.#bringBack(droplet)));
    for (const reservedIp of this.#closed ? [] : store.reservedIps.list()) {
      await this.#logged(`setReservedIp of ${reservedIp.id}`, () =>
        hypervisor.setReservedIp(reservedIp.id, reservedIp.dropletId),
      );
    }
    if (this.#closed) return;
    networkChanged();
    for (const action of unfinished) this.#schedule(action);
  }

  /** Destroys all droplets and volumes at the hypervisor and releases all reserved IPs, before a reset. */
  async destroyEverything(): Promise<void> {
    this.#stopTimers();
    await Promise.all(this.#running);
    const { store, hypervisor } = this.#parts;
    for (const reservedIp of store.reservedIps.list())
      await hypervisor.setReservedIp(reservedIp.id, undefined);
    await Promise.all(store.droplets.list().map((droplet) => hypervisor.destroy(droplet.id)));
    for (const volume of store.volumes.list()) {
      if (volume.dropletId !== undefined) await hypervisor.detachVolume(volume.dropletId, volume);
      await hypervisor.destroyVolume(volume);
    }
  }

  /** Starts nothing more. What the hypervisor is doing is done again by the next process. */
  close(): void {
    this.#closed = true;
    this.#stopTimers();
  }

  #stopTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #schedule({ id, type }: Action): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#track(this.#run(id));
    }, this.#delayOf(type));
    this.#timers.add(timer);
  }

  #delayOf(type: ActionType): number {
    const { delays, edges } = this.#parts;
    if (type === "create" || type === "destroy") return delays.droplet;
    if (type === "droplet_metadata_create") return delays.metadata;
    return type === "shutdown" && edges.now.slowShutdown ? delays.shutdown : delays.action;
  }

  /** Keeps the work known until it ends; an error that got this far is a fault of the emulator and is logged as one. */
  #track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => this.#logFailure("the emulator's own work", error))
      .finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }

  async #run(id: number): Promise<void> {
    const { store, networkChanged, now } = this.#parts;
    const action = this.#closed ? undefined : store.actions.get(id);
    // A request whose transaction was undone has left a timer but no action.
    if (action === undefined || action.status !== "in-progress") return;
    const effect = this.#effects[action.type];
    const done = await this.#logged(
      `${action.type} of ${action.resourceType} ${action.resource}`,
      async () => {
        await effect.perform(action);
        if (this.#closed) return;
        store.transaction(() => {
          effect.complete(action);
          store.actions.put({ ...action, status: "completed", completedAt: now() });
        });
      },
    );
    if (this.#closed) return;
    if (!done)
      store.transaction(() => store.actions.put({ ...action, status: "errored", completedAt: now() }));
    networkChanged();
  }

  async #bringBack(droplet: Droplet): Promise<void> {
    const { store, hypervisor, firewalls } = this.#parts;
    const back = await this.#logged(`bringing back droplet ${droplet.id}`, async () => {
      await bringUp(droplet, store, hypervisor);
      await firewalls.apply(droplet);
    });
    if (!back && !this.#closed) store.transaction(() => store.droplets.put({ ...droplet, status: "off" }));
  }

  async #logged(what: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.#logFailure(what, error);
      return false;
    }
  }

  #logFailure(what: string, error: unknown): void {
    // After the close the store is shut, so whatever was under way ends in an error that means nothing.
    if (this.#closed) return;
    const { log, now } = this.#parts;
    log.write({
      kind: "failure",
      at: now(),
      what,
      error: errorMessage(error),
    });
  }
}
