/** A length of time as Nomad writes it: a whole number and one unit, for example `"30s"` or `"10m"`. */
export type Duration = string;

const nanosecondsPer = { ms: 1_000_000, s: 1_000_000_000, m: 60_000_000_000, h: 3_600_000_000_000 } as const;

/** Nanoseconds, the unit of durations in Nomad's API. Throws on text that is not a {@link Duration}. */
export function nanoseconds(duration: Duration): number {
  const match = /^(\d+)(ms|s|m|h)$/.exec(duration);
  if (!match)
    throw new Error(
      `"${duration}" is not a duration: write a whole number and ms, s, m or h, for example "30s"`,
    );
  return Number(match[1]) * nanosecondsPer[match[2] as keyof typeof nanosecondsPer];
}

export function milliseconds(duration: Duration): number {
  return nanoseconds(duration) / nanosecondsPer.ms;
}
