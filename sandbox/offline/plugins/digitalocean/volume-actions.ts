import { setTimeout as sleep } from "node:timers/promises";
import { text } from "../engine/values.ts";
import type { Value } from "../engine/values.ts";
import { runAction } from "./actions.ts";
import { ApiError } from "./client.ts";
import type { DigitalOceanClient } from "./client.ts";

/** Attaches a volume to a droplet or detaches it, and waits until that is done. */
export async function moveVolume(
  client: DigitalOceanClient,
  move: "attach" | "detach",
  volume: string,
  droplet: string,
  signal: AbortSignal,
): Promise<void> {
  await runAction(client, `volumes/${volume}`, { type: move, droplet_id: Number(droplet) }, signal);
}

/** Like {@link moveVolume}, and for five minutes another action on the droplet is waited for, one second a time. */
export async function moveVolumePatiently(
  ...[client, move, volume, droplet, signal]: Parameters<typeof moveVolume>
): Promise<void> {
  const end = Date.now() + 300_000;
  for (;;) {
    try {
      return await moveVolume(client, move, volume, droplet, signal);
    } catch (error) {
      const busy = error instanceof ApiError && error.status === 422 && /pending event/.test(error.message);
      if (!busy || Date.now() >= end) throw error;
    }
    await sleep(1000, undefined, { signal });
  }
}

/** What turns the volumes `old` of a droplet into `next`, in the official plugin's order: first the new ones. */
export function volumeMoves(old: Value, next: Value): { move: "attach" | "detach"; volume: string }[] {
  const before = volumeIds(old);
  const after = volumeIds(next);
  return [
    ...after.filter((id) => !before.includes(id)).map((volume) => ({ move: "attach" as const, volume })),
    ...before.filter((id) => !after.includes(id)).map((volume) => ({ move: "detach" as const, volume })),
  ];
}

/** The ids in a list of volumes; the official plugin passes over empty ones. */
export function volumeIds(list: Value): string[] {
  return (Array.isArray(list) ? list : []).map(text).filter((id) => id !== "");
}
