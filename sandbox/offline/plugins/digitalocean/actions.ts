import { poll } from "../../../../providers/engine/poll.ts";
import type { Properties } from "../../../../providers/engine/values.ts";
import { text } from "../../../../providers/engine/values.ts";
import { part } from "./client.ts";
import type { DigitalOceanClient } from "./client.ts";

/** Starts an action, such as `droplets/1`'s `power_off`, and waits until it is completed. Throws when it errs. */
export async function runAction(
  client: DigitalOceanClient,
  resource: string,
  action: Properties,
  signal: AbortSignal,
): Promise<void> {
  const started = part(await client.request("POST", `/v2/${resource}/actions`, action), "action");
  const id = text(started["id"]);
  const what = `${text(action["type"])} of ${resource}`;
  await poll(
    what,
    async () => {
      const found = await client.find(`/v2/actions/${id}`);
      const status = found && part(found, "action")["status"];
      if (status === "errored") throw new Error(`${what} failed: action ${id} is errored`);
      return status === "completed" ? true : undefined;
    },
    signal,
  );
}

/** Waits until no action on the droplet is under way, as the official plugin does before it assigns an address. */
export async function waitForIdleDroplet(
  client: DigitalOceanClient,
  droplet: string,
  signal: AbortSignal,
): Promise<void> {
  const idle = async () => {
    const answer = await client.request("GET", `/v2/droplets/${droplet}/actions?per_page=50`);
    const actions = (answer["actions"] ?? []) as Properties[];
    return actions.every(({ status }) => status !== "in-progress") ? true : undefined;
  };
  if ((await idle()) === undefined) await poll(`the actions of droplet ${droplet}`, idle, signal);
}
