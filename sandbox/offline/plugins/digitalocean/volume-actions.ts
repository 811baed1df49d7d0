import { text } from "../../../../providers/engine/values.ts";
import type { Value } from "../../../../providers/engine/values.ts";
import { runAction } from "./actions.ts";
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
