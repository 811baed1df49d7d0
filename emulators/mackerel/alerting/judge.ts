import type { MetricValue } from "../store/metric-store.ts";
import type { Status } from "./settings.ts";

/** What one look at a monitored value said; undefined where there was nothing to look at. */
export interface Judgement {
  readonly status: Status;
  readonly value?: number;
  readonly message?: string;
}

type Series = readonly MetricValue[];

const average = (numbers: readonly number[]): number | undefined =>
  numbers.length === 0 ? undefined : numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** The parts as per cent of the whole where both have a value; where the whole is nothing there is no share. */
function shares(parts: Series, wholes: Series): number[] {
  const byTime = new Map(wholes.map(({ time, value }) => [time, value]));
  return parts.flatMap(({ time, value }) => {
    const whole = byTime.get(time);
    return whole === undefined || whole === 0 ? [] : [(100 * value) / whole];
  });
}

function cpu(names: readonly string[], series: (name: string) => Series): number[] {
  // guest is part of user in /proc/stat.
  const kinds = names.filter((name) => /^cpu\.(?!guest)\w+\.percentage$/.test(name));
  const total = new Map<number, number>();
  for (const { time, value } of kinds.flatMap(series)) total.set(time, (total.get(time) ?? 0) + value);
  const wholes = [...total].map(([time, value]) => ({ time, value }));
  return shares(series("cpu.idle.percentage"), wholes).map((idle) => 100 - idle);
}

/** Averages of what a metric of a monitor stands for: one, or one a file system, none without values. */
export function averages(
  metric: string,
  names: readonly string[],
  series: (name: string) => Series,
): number[] {
  const one = (numbers: readonly number[]): number[] => {
    const value = average(numbers);
    return value === undefined ? [] : [value];
  };
  switch (metric) {
    case "cpu%":
      return one(cpu(names, series));
    case "memory%":
      return one(shares(series("memory.used"), series("memory.total")));
    case "swap%":
      return one(shares(series("memory.swap_used"), series("memory.swap_total")));
    case "filesystem%":
      return names
        .filter((name) => /^filesystem\..+\.used$/.test(name))
        .flatMap((name) => one(shares(series(name), series(name.replace(/used$/, "size")))));
    default:
      return one(series(metric).map(({ value }) => value));
  }
}

interface Limits {
  readonly operator: ">" | "<";
  readonly warning?: number | null | undefined;
  readonly critical?: number | null | undefined;
}

/** The status of the value that is furthest over the limits. */
export function judge(
  { operator, warning, critical }: Limits,
  values: readonly number[],
): Judgement | undefined {
  if (values.length === 0) return undefined;
  const value = operator === ">" ? Math.max(...values) : Math.min(...values);
  const isOver = (limit: number | null | undefined) =>
    limit !== null && limit !== undefined && (operator === ">" ? value > limit : value < limit);
  if (isOver(critical)) return { status: "CRITICAL", value };
  return { status: isOver(warning) ? "WARNING" : "OK", value };
}

const severity: readonly Status[] = ["OK", "UNKNOWN", "WARNING", "CRITICAL"];

/** The worst of several; the first of those that are equally bad. */
export function worst(judgements: readonly Judgement[]): Judgement {
  return judgements.reduce((left, right) =>
    severity.indexOf(right.status) > severity.indexOf(left.status) ? right : left,
  );
}
