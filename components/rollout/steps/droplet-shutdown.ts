import { errorMessage } from "../../error-message.ts";
import { milliseconds } from "../../duration.ts";
import { nodeNameOf } from "../../nodes/names.ts";
import type { Slot } from "../../nodes/names.ts";
import { RolloutError } from "../context.ts";
import type { RolloutContext, RolloutOptions } from "../context.ts";
import type { AccountDroplets } from "../observe/account-droplets.ts";
import type { SlotDecision } from "../plan/plan.ts";
import { NotYet, poll } from "../poll.ts";
import type { PollOptions } from "../poll.ts";

/** Milliseconds between two looks at a droplet that has not shut down in time. */
const lookInterval = 15_000;

/** Milliseconds between two looks at a droplet that is shutting down. */
const interval = 3_000;

/** What an operator can do; a node's name ends with its droplet's id. */
function powerOffByHand(nodeName: string): string {
  return `Power it off in the account (\`doctl compute droplet-action power-off ${nodeName.replace(/.*-/, "")}\`)`;
}

/**
 * Powers droplets off that do not shut down before they are replaced: DigitalOcean only passes the request on to the
 * droplet, and the plugin waits for `off` until its own timeout (`customTimeouts` of the droplet), then fails. It does not
 * ask before the time is over, and needs the account's token.
 */
export class ShutdownWatch {
  readonly #context: Promise<RolloutContext>;
  readonly #options: RolloutOptions;
  readonly #timers = new Map<Slot, NodeJS.Timeout>();

  constructor(context: Promise<RolloutContext>, options: RolloutOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** The slot's droplet may be shut down now, if it is to be replaced. */
  begin({ desired: { slot }, action, node }: SlotDecision): void {
    if (action !== "replace" || !node) return;
    this.#lookAfter(milliseconds(this.#options.shutdownTimeout), slot, node.name);
  }

  /** The slot has its new droplet. */
  end(slot: Slot): void {
    clearTimeout(this.#timers.get(slot));
    this.#timers.delete(slot);
  }

  #lookAfter(delay: number, slot: Slot, nodeName: string): void {
    clearTimeout(this.#timers.get(slot));
    // It must not keep the program running.
    this.#timers.set(slot, setTimeout(() => void this.#look(slot, nodeName), delay).unref());
  }

  async #look(slot: Slot, nodeName: string): Promise<void> {
    const { logger, shutdownTimeout } = this.#options;
    try {
      const { account } = await this.#context;
      const droplet = (await account.list()).find((listed) => nodeNameOf(listed) === nodeName);
      // One that is off, or gone, is the plugin's again.
      if (!this.#timers.has(slot) || droplet?.status !== "active") return this.end(slot);
      logger.info(`${slot}: ${nodeName} has not shut down in ${shutdownTimeout} and is powered off`);
      await account.powerOff(droplet.id);
    } catch (error) {
      logger.info(
        `${slot}: ${nodeName} has not shut down in ${shutdownTimeout} and cannot be powered off: ${errorMessage(error)}. ` +
          powerOffByHand(nodeName),
      );
    }
    if (this.#timers.has(slot)) this.#lookAfter(lookInterval, slot, nodeName);
  }
}

/**
 * Shuts the node's droplet down, powers it off if it has not followed in `shutdownTimeout`, and resolves when it is off or
 * gone. `deadline` counts from then on. The cluster must not need the node any more.
 */
export async function shutDownAndWait(
  account: AccountDroplets,
  nodeName: string,
  { logger, shutdownTimeout }: Pick<RolloutOptions, "logger" | "shutdownTimeout">,
  { deadline, onProgress }: PollOptions,
): Promise<void> {
  const patience = milliseconds(shutdownTimeout);
  let isAsked = false;
  let powerOffAt = Date.now() + patience;
  const isOff = async () => {
    const droplet = (await account.list()).find((listed) => nodeNameOf(listed) === nodeName);
    if (droplet?.status !== "active") return true;
    if (Date.now() >= powerOffAt) {
      powerOffAt = Date.now() + lookInterval;
      logger.info(`${nodeName} has not shut down in ${shutdownTimeout} and is powered off`);
      await account.powerOff(droplet.id);
    } else if (!isAsked) {
      await account.shutDown(droplet.id);
      isAsked = true;
    }
    return new NotYet("its droplet is on");
  };
  try {
    await poll(`shutting ${nodeName} down`, isOff, { interval, deadline: patience + deadline, onProgress });
  } catch (error) {
    throw new RolloutError(
      `${nodeName} is to be removed and its droplet does not shut down: ${errorMessage(error)}. ` +
        `${powerOffByHand(nodeName)}, then run \`pulumi up\` again`,
      { cause: error },
    );
  }
}
