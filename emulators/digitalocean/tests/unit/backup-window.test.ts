import { expect, test } from "vitest";
import { nextBackupWindow } from "../../resources/backup-policy.ts";

// 27 November 2026 is a Friday.
test.each([
  ["later on the same day", { plan: "daily", hour: 20 }, "2026-11-27T20:00:00Z", "2026-11-28T00:00:00Z"],
  [
    "tomorrow, when today's has begun",
    { plan: "daily", hour: 8 },
    "2026-11-28T08:00:00Z",
    "2026-11-28T12:00:00Z",
  ],
  [
    "on the day of the week",
    { plan: "weekly", weekday: "MON", hour: 4 },
    "2026-11-30T04:00:00Z",
    "2026-11-30T08:00:00Z",
  ],
  [
    "a week later, when today's has begun",
    { plan: "weekly", weekday: "FRI", hour: 8 },
    "2026-12-04T08:00:00Z",
    "2026-12-04T12:00:00Z",
  ],
] as const)("the next backup window begins %s", (_when, policy, start, end) => {
  expect(nextBackupWindow(policy, new Date("2026-11-27T08:00:00Z"))).toEqual({ start, end });
});
