/** A moment of the past, or the newest backup that there is. */
export type Moment = Date | "latest";

const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** Fails with what to write instead: a time without its zone could be another one. */
export function parseMoment(text: string, now: Date): Moment {
  if (text === "latest") return "latest";
  const moment = new Date(text);
  if (!form.test(text) || Number.isNaN(moment.getTime()))
    throw new Error(
      `--at "${text}" is not a time with its zone, for example 2026-11-27T10:00:00Z or 2026-11-27T19:00+09:00, and not "latest"`,
    );
  if (moment > now) throw new Error(`--at "${text}" is in the future; it is ${timeText(now)}`);
  return moment;
}

/** As Litestream takes it. */
export function timeText(moment: Date): string {
  return moment.toISOString().replace(".000Z", "Z");
}
