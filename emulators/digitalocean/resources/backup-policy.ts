import { notEmulated, unprocessable } from "../requests/errors.ts";
import { Fields } from "../requests/fields.ts";
import type { BackupPolicy, Droplet } from "../store/entities.ts";

const hours = [0, 4, 8, 12, 16, 20];
const days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const windowHours = 4;
const retentionDays = { daily: 7, weekly: 28 } as const;

/** What can be asked for, as the API answers it. */
export const supportedPolicies = (["weekly", "daily"] as const).map((name) => ({
  name,
  possible_window_starts: hours,
  window_length_hours: windowHours,
  retention_period_days: retentionDays[name],
  possible_days: name === "weekly" ? days : [],
}));

/** Reads a `backup_policy`; without one the plan is daily. Throws 422 for what DigitalOcean would refuse. */
export function parseBackupPolicy(body: Fields): BackupPolicy {
  const given = body.raw("backup_policy");
  if (given === undefined) return { plan: "daily", hour: 0 };
  const fields = new Fields(given, "backup_policy");
  const plan = fields.optionalString("plan") ?? "daily";
  if (plan !== "daily" && plan !== "weekly")
    throw unprocessable(`backup_policy.plan [${plan}] must be daily or weekly`);
  const hour = fields.optionalInteger("hour") ?? 0;
  if (!hours.includes(hour))
    throw unprocessable(`backup_policy.hour [${hour}] must be one of ${hours.join(", ")}`);
  const weekday = fields.optionalString("weekday") ?? "";
  if (plan === "daily" && weekday !== "") throw notEmulated("a weekday in a daily backup policy");
  if (plan === "daily") return { plan, hour };
  if (!days.includes(weekday))
    throw unprocessable(`backup_policy.weekday [${weekday}] must be one of ${days.join(", ")}`);
  return { plan, weekday, hour };
}

/** A droplet's policy and its next backup window, as the API answers them. */
export function backupPolicyView(droplet: Droplet, now: Date) {
  const { id, backupPolicy: policy } = droplet;
  if (policy === undefined) return { droplet_id: id, backup_enabled: false, next_backup_window: null };
  return {
    droplet_id: id,
    backup_enabled: true,
    backup_policy: {
      plan: policy.plan,
      ...(policy.weekday === undefined ? {} : { weekday: policy.weekday }),
      hour: policy.hour,
      window_length_hours: windowHours,
      retention_period_days: retentionDays[policy.plan],
    },
    next_backup_window: nextBackupWindow(policy, now),
  };
}

/** The first window that begins after `now`. */
export function nextBackupWindow(policy: BackupPolicy, now: Date) {
  const start = new Date(now);
  start.setUTCHours(policy.hour, 0, 0, 0);
  const isDay = () => policy.weekday === undefined || days[start.getUTCDay()] === policy.weekday;
  while (start <= now || !isDay()) start.setUTCDate(start.getUTCDate() + 1);
  const end = new Date(start.getTime() + windowHours * 3_600_000);
  const text = (date: Date) => `${date.toISOString().slice(0, 19)}Z`;
  return { start: text(start), end: text(end) };
}
