import type { RateLimits } from "../options.ts";

export interface RateLimitVerdict {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Unix time, in seconds, when the oldest counted request expires. */
  readonly reset: number;
  /** Seconds to wait before the next try; only when not allowed. */
  readonly retryAfter: number;
}

const minute = 60_000;
const hour = 3_600_000;

/** Counts requests of one token over the last hour and the last minute. A refused request is not counted. */
export class RateLimiter {
  readonly #limits: RateLimits;
  #times: number[] = [];

  constructor(limits: RateLimits) {
    this.#limits = limits;
  }

  take(now: number): RateLimitVerdict {
    this.#times = this.#times.filter((time) => time > now - hour);
    const lastMinute = this.#times.filter((time) => time > now - minute);
    const waits = [
      this.#times.length >= this.#limits.perHour ? (this.#times[0] ?? now) + hour - now : 0,
      lastMinute.length >= this.#limits.perMinute ? (lastMinute[0] ?? now) + minute - now : 0,
    ];
    const allowed = waits.every((wait) => wait === 0);
    if (allowed) this.#times.push(now);
    return {
      allowed,
      limit: this.#limits.perHour,
      remaining: Math.max(0, this.#limits.perHour - this.#times.length),
      reset: Math.ceil(((this.#times[0] ?? now) + hour) / 1000),
      retryAfter: Math.ceil(Math.max(...waits) / 1000),
    };
  }
}
