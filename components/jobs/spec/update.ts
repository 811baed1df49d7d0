import { checkDuration, checkWholeNumber } from "../../checks.ts";
import { milliseconds, nanoseconds } from "../../duration.ts";
import type { Duration } from "../../duration.ts";
import type { Check } from "../../validation.ts";
import type { ApiJob, ApiUpdate } from "./api-job.ts";

/** How a new version of a job goes out (Nomad documentation, "update"). A change of it restarts nothing. */
export interface Update {
  /**
   * Allocations that change at once.
   * @default `1`
   */
  maxParallel?: number;
  /**
   * What is changed first, and has to become healthy before the rest follows: of a system job a percentage of its nodes,
   * rounded up and `maxParallel` of them at most; of a service job a number of allocations.
   * @default `0`
   */
  canary?: number;
  /**
   * How long an allocation must be healthy to count.
   * @default `"10s"`
   */
  minHealthyTime?: Duration;
  /**
   * Longest wait for an allocation to become healthy; one that does not fails the update.
   * @default `"5m"`
   */
  healthyDeadline?: Duration;
  /**
   * Longest wait for the next healthy allocation.
   * @default `"10m"`
   */
  progressDeadline?: Duration;
  /**
   * Whether a failed update goes back to the last good version by itself. The update is reported as failed all the same.
   * @default `false`
   */
  autoRevert?: boolean;
}

/** What Nomad takes for what is left out. */
const defaults = {
  ...{ maxParallel: 1, canary: 0, autoRevert: false },
  ...{ minHealthyTime: "10s", healthyDeadline: "5m", progressDeadline: "10m" },
} as const;

export function renderUpdate(given: Update): ApiUpdate {
  const update = { ...defaults, ...given };
  return {
    MaxParallel: update.maxParallel,
    MinHealthyTime: nanoseconds(update.minHealthyTime),
    HealthyDeadline: nanoseconds(update.healthyDeadline),
    ProgressDeadline: nanoseconds(update.progressDeadline),
    AutoRevert: update.autoRevert,
    // Nobody is there to promote them while an update of the stack waits.
    ...(update.canary > 0 && { Canary: update.canary, AutoPromote: true }),
  };
}

/** What Nomad would refuse of an update, or carry out otherwise than anybody means. */
export function updateChecks(path: string, type: string, given: Update | undefined): Check[] {
  if (given === undefined) return [];
  const update = { ...defaults, ...given };
  const durations = ["minHealthyTime", "healthyDeadline", "progressDeadline"] as const;
  const wrong = durations.map((name): Check => [`${path}.${name}`, checkDuration(update[name])]);
  return [
    // With 0 Nomad changes all at once and says nothing of how that went.
    [`${path}.maxParallel`, checkWholeNumber(update.maxParallel, { from: 1 })],
    [
      `${path}.canary`,
      type === "system"
        ? checkWholeNumber(update.canary, { unit: "of per cent", from: 0, to: 100 })
        : checkWholeNumber(update.canary, { from: 0 }),
    ],
    ...wrong,
    ...(wrong.some(([, reason]) => reason !== undefined)
      ? []
      : [shorter("minHealthyTime", "healthyDeadline"), shorter("healthyDeadline", "progressDeadline")]),
  ];

  function shorter(name: (typeof durations)[number], than: (typeof durations)[number]): Check {
    const [one, other] = [update[name], update[than]];
    // A progress deadline of nothing lets the first failure fail the update.
    const isShorter =
      milliseconds(one) < milliseconds(other) || (than === "progressDeadline" && milliseconds(other) === 0);
    if (isShorter) return [`${path}.${name}`, undefined];
    return given?.[name] === undefined
      ? [`${path}.${than}`, `${other} is not longer than ${name}, which is ${one}`]
      : [`${path}.${name}`, `${one} is not shorter than ${than}, which is ${other}`];
  }
}

/** What an allocation that is replaced may take to end, in minutes: Nomad's clients kill a task after 30 s. */
const minutesToEnd = 1;

/**
 * Minutes after which an update of the job has failed, whatever Nomad says: every step takes as long as it may, and then there
 * is time for Nomad to give up by itself. `nodes` are those that a system job runs on.
 */
export function rolloutMinutes(
  { Type, Update, TaskGroups }: Pick<ApiJob, "Type" | "Update" | "TaskGroups">,
  nodes: number,
): number {
  const { MaxParallel, HealthyDeadline, ProgressDeadline, Canary = 0 } = Update ?? renderUpdate({});
  const counts = TaskGroups.map(({ Count = 1 }) => Count);
  const allocations = Type === "system" ? nodes : Math.max(1, ...counts);
  const steps = Math.ceil(Math.max(1, allocations) / Math.max(1, MaxParallel)) + (Canary > 0 ? 1 : 0);
  const minute = nanoseconds("1m");
  return Math.ceil(steps * (HealthyDeadline / minute + minutesToEnd) + ProgressDeadline / minute);
}
