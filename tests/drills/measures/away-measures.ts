import { longestGap } from "./availability.ts";
import type { ProbedRequest } from "./availability.ts";

/** What readers went through while Ghost was away; docs/operations.md defines each. */
export interface AwayMeasures {
  readonly seconds: number;
  readonly seenRequests: number;
  readonly failedSeenRequests: number;
  readonly longestGapMs: number;
  readonly unseenRequests: number;
  readonly unseenWithoutHoldingPage: number;
}

/**
 * `seen` asked for a page that every nginx had kept, from before Ghost's end until it ran again; `unseen` for pages that
 * nobody had read. Only what was asked and answered while Ghost was away for sure counts of those.
 */
export function awayMeasures(
  seen: readonly ProbedRequest[],
  unseen: readonly ProbedRequest[],
  away: { readonly from: number; readonly to: number },
): AwayMeasures {
  const whileAway = unseen.filter(({ startedAt, endedAt }) => startedAt >= away.from && endedAt <= away.to);
  const times = seen.flatMap(({ startedAt, endedAt }) => [startedAt, endedAt]);
  return {
    seconds: Math.round((away.to - away.from) / 1000),
    seenRequests: seen.length,
    failedSeenRequests: seen.filter(({ answer }) => answer !== "200").length,
    longestGapMs: longestGap(seen, Math.min(...times), Math.max(...times)),
    unseenRequests: whileAway.length,
    unseenWithoutHoldingPage: whileAway.filter(({ answer }) => answer !== "holding page").length,
  };
}
