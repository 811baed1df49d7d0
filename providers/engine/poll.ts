import { setTimeout as sleep } from "node:timers/promises";

/** How often to look. All in milliseconds. */
export interface PollTimes {
  readonly delay: number;
  readonly interval: number;
  /** The interval grows by half at every look, up to this. */
  readonly longest: number;
}

/** Shorter than the official plugins' 10 s and 3 s, so that a sandbox is quick; the sequence of requests is theirs. */
export const pollTimes: PollTimes = { delay: 1000, interval: 1000, longest: 5000 };

/** Looks until there is a result. The error when `signal` aborts names `what` it waited for. */
export async function poll<Result>(
  what: string,
  look: () => Promise<Result | undefined>,
  signal: AbortSignal,
  times: PollTimes = pollTimes,
): Promise<Result> {
  let wait = times.delay;
  for (;;) {
    try {
      await sleep(wait, undefined, { signal });
    } catch (error) {
      throw new Error(`gave up waiting for ${what}: ${String(signal.reason)}`, { cause: error });
    }
    const result = await look();
    if (result !== undefined) return result;
    wait = Math.min(wait === times.delay ? times.interval : wait * 1.5, times.longest);
  }
}
