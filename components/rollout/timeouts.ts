import { milliseconds } from "../duration.ts";
import type { Duration } from "../duration.ts";
import type { PollOptions, Progress } from "./poll.ts";
import type { RolloutReport, RolloutSettings } from "./context.ts";

/** How long a rollout waits, and how it tells what it waits for. `slot` may be empty: for the whole cluster. */
export class RolloutWaits {
  readonly #settings: RolloutSettings;
  readonly #report: RolloutReport;

  constructor(settings: RolloutSettings, report: RolloutReport) {
    this.#settings = settings;
    this.#report = report;
  }

  /** For what has a deadline of its own. */
  telling(slot: string): { progress: Progress } {
    return { progress: (message) => this.#report.progress(slot === "" ? message : `${slot}: ${message}`) };
  }

  /** For what should be so already. */
  settling(slot: string): PollOptions {
    return this.#until(slot, this.#settings.settleTimeout);
  }

  /** For a node, its server and its jobs. */
  joining(slot: string): PollOptions {
    return this.#until(slot, this.#settings.joinTimeout);
  }

  #until(slot: string, longest: Duration): PollOptions {
    return { ...this.telling(slot), deadline: milliseconds(longest) };
  }
}
