import { poll, pollTimes } from "../../../../providers/engine/poll.ts";
import type { PollTimes } from "../../../../providers/engine/poll.ts";
import { text } from "../../../../providers/engine/values.ts";
import type { Properties, Value } from "../../../../providers/engine/values.ts";
import { part } from "./client.ts";
import type { DigitalOceanClient } from "./client.ts";

export async function findDroplet(
  client: Pick<DigitalOceanClient, "find">,
  id: string,
): Promise<Properties | undefined> {
  const answer = await client.find(`/v2/droplets/${id}`);
  return answer && part(answer, "droplet");
}

/** Looks in a row that may find no droplet: one that was just asked for may come a while later, or never. */
const notFoundChecks = { creation: 120, change: 0 } as const;

/**
 * Waits until the droplet's property has a value. Fails when the droplet is not found too often in a row, as the official
 * plugin does, though that waits longer between two looks.
 */
export async function waitForDroplet(
  client: Pick<DigitalOceanClient, "find">,
  id: string,
  { property, value, in: operation }: { property: string; value: Value; in: keyof typeof notFoundChecks },
  signal: AbortSignal,
  { longest, ...times }: PollTimes = pollTimes,
): Promise<Properties> {
  let missed = 0;
  const look = async () => {
    const droplet = await findDroplet(client, id);
    missed = droplet === undefined ? missed + 1 : 0;
    if (missed > notFoundChecks[operation]) throw new Error(`droplet ${id} was not found, ${missed} times`);
    if (droplet === undefined || droplet[property] !== value) return undefined;
    return property === "locked" || droplet["locked"] !== true ? droplet : undefined;
  };
  const paced = {
    ...times,
    // Keeps the interval short, so that a missing droplet is reported within minutes.
    get longest() {
      return missed > 0 ? times.interval : longest;
    },
  };
  return await poll(`droplet ${id} to have ${property} ${text(value)}`, look, signal, paced);
}

export function waitForChange(
  client: DigitalOceanClient,
  id: string,
  property: string,
  value: Value,
  signal: AbortSignal,
): Promise<Properties> {
  return waitForDroplet(client, id, { property, value, in: "change" }, signal);
}
