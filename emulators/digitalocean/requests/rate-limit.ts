import type { RateLimits } from "../options.ts";

export interface RateLimitVerdict {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Unix time, in seconds, when the oldest counted request expires. */
  readonly reset: number;
  /** Seconds to wait before the next try, when the answer says so. */
  readonly retryAfter?: number;
}

/** Which of DigitalOcean's particulars are in force. */
export interface RateLimitEdges {
  readonly rateLimitHeaders: boolean;
  readonly keyListLimit: boolean;
}

const minute = 60_000;
const hour = 3_600_000;
const keyListsPerMinute = 10;

/** Counts requests over the last hour and the last minute. A refused request is not counted. */
export class RateLimiter {
  readonly #limits: RateLimits;
  #times: number[] = [];
  #keyLists: number[] = [];

  constructor(limits: RateLimits) {
    this.#limits = limits;
  }

  /** What is told to a caller whose request does not count. */
  look(now: number): RateLimitVerdict {
    this.#times = this.#times.filter((time) => time > now - hour);
    this.#keyLists = this.#keyLists.filter((time) => time > now - minute);
    return {
      allowed: true,
      limit: this.#limits.perHour,
      remaining: Math.max(0, this.#limits.perHour - this.#times.length),
      reset: Math.ceil(((this.#times[0] ?? now) + hour) / 1000),
    };
  }

  take(now: number, edges: RateLimitEdges, listsKeys: boolean): RateLimitVerdict {
    const verdict = this.look(now);
    const lastMinute = this.#times.filter((time) => time > now - minute);
    const until = (time: number | undefined, span: number) => (time ?? now) + span - now;
    const ofHour = this.#times.length >= this.#limits.perHour ? until(this.#times[0], hour) : 0;
    const ofMinute = Math.max(
      lastMinute.length >= this.#limits.perMinute ? until(lastMinute[0], minute) : 0,
      listsKeys && edges.keyListLimit && this.#keyLists.length >= keyListsPerMinute
        ? until(this.#keyLists[0], minute)
        : 0,
    );
    const wait = Math.max(ofHour, ofMinute);
    if (wait === 0) {
      this.#times.push(now);
      if (listsKeys) this.#keyLists.push(now);
      return this.look(now);
    }
    const retryAfter = Math.ceil(wait / 1000);
    if (!edges.rateLimitHeaders) return { ...verdict, allowed: false, retryAfter };
    return ofHour > 0
      ? { ...verdict, allowed: false }
      : { ...verdict, allowed: false, remaining: 0, retryAfter };
  }
}
