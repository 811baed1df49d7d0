import type { ComponentResource } from "@pulumi/pulumi";
import { errorMessage } from "../error-message.ts";

/** Who wants to know that the nodes of a running cluster are being changed. */
export interface RolloutWatcher {
  /** For messages. */
  readonly name: string;
  /** Before each node that is changed. The rollout waits for it. */
  changing(): Promise<void>;
  /** When the rollout has ended, well or not, if a node was changed. An update that is cut off does not come to it. */
  ended(): Promise<void>;
}

const watchers = new WeakMap<ComponentResource, RolloutWatcher[]>();

/** Tells `watcher` of the rollout of a cluster that is declared in this program. Call it before the program's first await. */
export function watchRollout(cluster: ComponentResource, watcher: RolloutWatcher): void {
  watchers.set(cluster, [...(watchers.get(cluster) ?? []), watcher]);
}

export const watchersOf = (cluster: ComponentResource): readonly RolloutWatcher[] =>
  watchers.get(cluster) ?? [];

/** The watchers of one rollout. What goes wrong with one is said, and stops nothing. */
export class WatchedRollout {
  readonly #watchers: () => readonly RolloutWatcher[];
  readonly #info: (message: string) => void;
  #told: readonly RolloutWatcher[] = [];
  /** Nodes may begin at the same time, and their watchers are told one after another. */
  #last: Promise<void> = Promise.resolve();
  #ending: Promise<void> | undefined;

  constructor(watchersNow: () => readonly RolloutWatcher[], info: (message: string) => void) {
    this.#watchers = watchersNow;
    this.#info = info;
  }

  /** Nobody is told anything after the end. */
  async changing(): Promise<void> {
    if (this.#ending !== undefined) return;
    this.#told = this.#watchers();
    this.#last = this.#last.then(() => this.#tell("changing"));
    await this.#last;
  }

  /** Tells everybody once, however often it is called. */
  ended(): Promise<void> {
    this.#ending ??= this.#last.then(() => this.#tell("ended"));
    return this.#ending;
  }

  async #tell(what: "changing" | "ended"): Promise<void> {
    const all = this.#told.map(async (watcher) => {
      try {
        await watcher[what]();
      } catch (error) {
        this.#info(`${watcher.name}: ${errorMessage(error)}`);
      }
    });
    await Promise.all(all);
  }
}
