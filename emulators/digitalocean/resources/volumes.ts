import type { Emulator } from "../emulator.ts";
import { pendingEvent } from "../requests/errors.ts";
import type { Volume } from "../store/entities.ts";

/** How many volumes DigitalOcean attaches to one droplet. */
export const volumesPerDroplet = 15;

/** In GiB. */
export const largestVolume = 16_384;

/** Throws 422 while an earlier action on the volume is unfinished. */
export function requireIdleVolume(emulator: Emulator, volume: Volume): void {
  if (emulator.runner.pending().some((action) => action.resource === volume.id)) throw pendingEvent("Volume");
}
