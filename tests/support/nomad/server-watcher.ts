import type { Slot } from "../../../components/nodes/names.ts";
import type { NomadDroplets } from "./droplets.ts";

interface AgentSelf {
  readonly stats: { readonly raft?: { readonly state: string; readonly term: string } };
}

/** Asks every agent itself, again and again, what it is in the Raft group. */
export class ServerWatcher {
  readonly #slots: readonly Slot[];
  readonly #droplets: NomadDroplets;
  readonly #leaders = new Map<string, Set<string>>();
  readonly #done: Promise<void>;
  #fewest = Infinity;
  #samples = 0;
  #stopped = false;

  constructor(droplets: NomadDroplets, slots: readonly Slot[]) {
    this.#droplets = droplets;
    this.#slots = slots;
    this.#done = this.#watch();
  }

  async stop(): Promise<{ samples: number; fewestAnsweringVoters: number; leadersOfOneTerm: number }> {
    this.#stopped = true;
    await this.#done;
    return {
      samples: this.#samples,
      fewestAnsweringVoters: this.#fewest,
      leadersOfOneTerm: Math.max(...[...this.#leaders.values()].map((leaders) => leaders.size)),
    };
  }

  async #watch(): Promise<void> {
    while (!this.#stopped) {
      await Promise.all([this.#sample(), new Promise((resolve) => setTimeout(resolve, 1_000))]);
    }
  }

  async #sample(): Promise<void> {
    const states = await Promise.all(this.#slots.map((slot) => this.#state(slot)));
    this.#samples += 1;
    this.#fewest = Math.min(this.#fewest, states.filter((state) => state === "voter").length);
  }

  /** `voter` if the slot's agent answers and is in the peer set that it knows. */
  async #state(slot: Slot): Promise<"voter" | "absent"> {
    const droplet = this.#droplets.find(slot);
    if (!droplet) return "absent";
    try {
      const [{ stats }, { peers }] = await Promise.all([
        this.#droplets.call<AgentSelf>(slot, "GET", "/v1/agent/self"),
        this.#droplets.agent(slot).staleView(),
      ]);
      if (stats.raft?.state === "Leader") {
        const leaders = this.#leaders.get(stats.raft.term) ?? new Set();
        this.#leaders.set(stats.raft.term, leaders.add(droplet.id));
      }
      return peers.includes(`${droplet.address}:4647`) ? "voter" : "absent";
    } catch {
      // It is being replaced, or starts.
      return "absent";
    }
  }
}
