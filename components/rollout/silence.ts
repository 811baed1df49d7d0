/** What a wait for servers of which none answers comes to. */
export type Silence = "short" | "suspicious" | "hopeless";

/** Milliseconds without any answer or refusal after which it is said why that may be, and after which the wait ends. */
const limits = { suspicious: 60_000, hopeless: 300_000 };

/**
 * Watches servers of which none answers. A droplet that boots refuses connections as soon as its network is up; where
 * nothing comes back at all for minutes, a firewall drops what is sent.
 */
export class SilenceWatch {
  #since: number | undefined;

  /** `silent`: no server answered or refused just now; `now` in milliseconds. */
  observe(silent: boolean, now: number): Silence {
    this.#since = silent ? (this.#since ?? now) : undefined;
    const lasted = this.#since === undefined ? 0 : now - this.#since;
    if (lasted >= limits.hopeless) return "hopeless";
    return lasted >= limits.suspicious ? "suspicious" : "short";
  }
}

/** What to do about it. */
export const silenceHint =
  "no server answers or refuses a connection, as if a firewall dropped it: check that this machine's public address is " +
  "in operatorCidrs, and that its network lets it reach port 4646";
