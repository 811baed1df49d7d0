import { setTimeout as delay } from "node:timers/promises";

export interface WaitForOptions {
  /** No look begins later than this many seconds after the first. @default no limit */
  readonly seconds?: number;
  /** Milliseconds between two looks. */
  readonly every: number;
}

/** Looks until there is a result; undefined if there is none in time. An error that `look` throws ends the wait. */
export async function waitFor<Result>(
  look: () => Result | undefined | Promise<Result | undefined>,
  { seconds = Infinity, every }: WaitForOptions,
): Promise<Result | undefined> {
  for (const end = Date.now() + seconds * 1000; ; await delay(every)) {
    const result = await look();
    if (result !== undefined || Date.now() >= end) return result;
  }
}
