import { milliseconds } from "../../duration.ts";
import type { Duration } from "../../duration.ts";
import { deleteAndWait } from "./droplet-deletion.ts";
import { errorMessage } from "../../error-message.ts";
import { poll, NotYet } from "../poll.ts";
import type { PollOptions } from "../poll.ts";
import { refreshCommand } from "../recovery.ts";
import { RolloutError, rolloutError, rolloutTimeouts } from "../context.ts";
import type { RolloutContext, RolloutOptions, RolloutSettings } from "../context.ts";
import { nodeNameOf } from "../../nodes/names.ts";
import type { Slot } from "../../nodes/names.ts";
import type { AccountDroplets, ClusterDroplet } from "../observe/account-droplets.ts";
import type { DesiredSlot } from "../observe/cluster-state.ts";

/** Milliseconds between two looks into the account. */
const lookInterval = 12_000;

/** Droplets that an update creates. */
export interface ExpectedCreations {
  readonly names: ReadonlySet<string>;
  /** Ids of the droplets that there were before. */
  readonly before: ReadonlySet<string>;
}

/** What one look into the account says of them. */
export interface CreationLook {
  /** When each one that is not active yet was seen first, by id. */
  readonly firstSeen: ReadonlyMap<string, number>;
  /** Those that have had their time. */
  readonly overdue: readonly ClusterDroplet[];
}

/** Which of the droplets that an update creates have not become active `timeout` after they were seen first. */
export function lookAtCreations(
  listed: readonly ClusterDroplet[],
  { names, before }: ExpectedCreations,
  firstSeen: ReadonlyMap<string, number>,
  { now, timeout }: { readonly now: number; readonly timeout: number },
): CreationLook {
  const waiting = listed.filter(
    ({ id, name, status }) => status === "new" && names.has(name) && !before.has(id),
  );
  const seen = new Map(waiting.map(({ id }) => [id, firstSeen.get(id) ?? now]));
  return { firstSeen: seen, overdue: waiting.filter(({ id }) => now - seen.get(id)! >= timeout) };
}

/**
 * Watches the droplets that an update creates: the plugin waits an hour for one that never becomes active. Such a droplet
 * is deleted in the account, and its slot fails.
 */
export class CreationWatch {
  readonly #context: Promise<RolloutContext>;
  readonly #options: RolloutOptions;
  readonly #failed: (slot: Slot, error: RolloutError) => void;
  /** Names of the droplets that are being created, by slot. */
  readonly #slots = new Map<Slot, string>();
  #firstSeen: ReadonlyMap<string, number> = new Map();
  #timer: NodeJS.Timeout | undefined;
  #looking = false;

  constructor(
    context: Promise<RolloutContext>,
    options: RolloutOptions,
    failed: (slot: Slot, error: RolloutError) => void,
  ) {
    this.#context = context;
    this.#options = options;
    this.#failed = failed;
  }

  /** Begins to watch for the slot's droplet, which may be created now. */
  begin({ slot, dropletName }: Pick<DesiredSlot, "slot" | "dropletName">): void {
    this.#slots.set(slot, dropletName);
    this.#lookLater();
  }

  /** The slot's droplet is there. */
  end(slot: Slot): void {
    this.#slots.delete(slot);
    if (this.#slots.size === 0) this.close();
  }

  close(): void {
    this.#slots.clear();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #lookLater(): void {
    if (this.#slots.size === 0 || this.#looking || this.#timer) return;
    // It must not keep the program running.
    this.#timer = setTimeout(() => void this.#look(), lookInterval).unref();
  }

  async #look(): Promise<void> {
    this.#timer = undefined;
    this.#looking = true;
    try {
      const { account, droplets } = await this.#context;
      const expected = {
        names: new Set(this.#slots.values()),
        before: new Set(droplets.map(({ id }) => id)),
      };
      const { joinTimeout } = this.#options;
      const time = { now: Date.now(), timeout: milliseconds(joinTimeout) };
      const { firstSeen, overdue } = lookAtCreations(await account.list(), expected, this.#firstSeen, time);
      this.#firstSeen = firstSeen;
      await Promise.all(overdue.map((droplet) => this.#giveUp(account, droplet)));
    } catch (error) {
      this.#options.logger.status(`checking whether new droplets are active: ${errorMessage(error)}`);
    }
    this.#looking = false;
    this.#lookLater();
  }

  async #giveUp(account: AccountDroplets, droplet: ClusterDroplet): Promise<void> {
    const slot = [...this.#slots].find(([, dropletName]) => dropletName === droplet.name)?.[0];
    if (slot === undefined) return;
    const { joinTimeout, logger } = this.#options;
    logger.info(
      `${slot}: deleting ${nodeNameOf(droplet)}: not active after ${joinTimeout}; the update ends when the digitalocean ` +
        "plugin stops looking for it, which may take 20 minutes",
    );
    try {
      await deleteAndWait(
        account,
        droplet,
        notActive(joinTimeout),
        rolloutTimeouts(this.#options).settle(slot),
      );
      this.#failed(slot, notActiveError([droplet], joinTimeout));
    } catch (error) {
      this.#failed(slot, rolloutError(`at ${nodeNameOf(droplet)}`, error));
    }
  }
}

/**
 * Waits until the droplets of this name that an earlier update made are active: DigitalOcean does nothing with one
 * before. One that never becomes active is deleted in the account, and a refresh has to tell Pulumi.
 */
export async function waitForDroplets(
  { account, droplets }: Pick<RolloutContext, "account" | "droplets">,
  dropletName: string,
  { joinTimeout, settleTimeout }: Pick<RolloutSettings, "joinTimeout" | "settleTimeout">,
  { onProgress }: Pick<PollOptions, "onProgress">,
): Promise<void> {
  const isNew = ({ name, status }: ClusterDroplet) => name === dropletName && status === "new";
  const before = new Set(droplets.filter(isNew).map(({ id }) => id));
  if (before.size === 0) return;
  const timeout = milliseconds(joinTimeout);
  const settling = { onProgress, deadline: milliseconds(settleTimeout) };
  const started = Date.now();
  const look = async () => {
    const waiting = (await account.list()).filter((droplet) => before.has(droplet.id) && isNew(droplet));
    if (waiting.length === 0 || Date.now() - started >= timeout) return waiting;
    return new NotYet(`${named(waiting)} is not active yet`);
  };
  const waiting = { onProgress, interval: lookInterval, deadline: timeout + settling.deadline };
  const overdue = await poll("waiting for its droplet", look, waiting);
  for (const droplet of overdue) await deleteAndWait(account, droplet, notActive(joinTimeout), settling);
  if (overdue.length > 0) throw notActiveError(overdue, joinTimeout);
}

function notActive(joinTimeout: Duration): string {
  return `was not active after ${joinTimeout}`;
}

function notActiveError(droplets: readonly ClusterDroplet[], joinTimeout: Duration): RolloutError {
  return new RolloutError(
    `${named(droplets)} ${notActive(joinTimeout)} and was deleted in the account, but Pulumi may have it in its state: ` +
      `run \`${refreshCommand}\`, then \`pulumi up\`, which creates another one`,
  );
}

function named(droplets: readonly ClusterDroplet[]): string {
  return droplets.map(nodeNameOf).join(", ");
}
