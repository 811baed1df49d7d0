import { milliseconds } from "../../duration.ts";
import type { Duration } from "../../duration.ts";
import { dropletDeleted } from "./droplet-deletion.ts";
import { errorMessage, poll, Waiting } from "../poll.ts";
import type { PollOptions } from "../poll.ts";
import { refreshCommand } from "../recovery.ts";
import { RolloutError, rolloutError } from "../context.ts";
import type { RolloutAccount, RolloutCluster, RolloutReport, RolloutSettings } from "../context.ts";
import { nodeNameOf } from "../../nodes/names.ts";
import type { DeclaredSlot, ListedDroplet } from "../observe/state.ts";

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
  readonly overdue: readonly ListedDroplet[];
}

/** Which of the droplets that an update creates have not become active `timeout` after they were seen first. */
export function lookAtCreations(
  listed: readonly ListedDroplet[],
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
 * Watches the droplets that an update creates, since a plugin waits an hour for one that never becomes active. Such a
 * one is deleted in the account, and its slot fails.
 */
export class CreationWatch {
  readonly #cluster: Promise<RolloutCluster>;
  readonly #settings: RolloutSettings;
  readonly #report: RolloutReport;
  readonly #failed: (slot: string, error: RolloutError) => void;
  readonly #slots = new Map<string, string>();
  #firstSeen: ReadonlyMap<string, number> = new Map();
  #timer: NodeJS.Timeout | undefined;
  #looking = false;

  constructor(
    cluster: Promise<RolloutCluster>,
    settings: RolloutSettings,
    report: RolloutReport,
    failed: (slot: string, error: RolloutError) => void,
  ) {
    this.#cluster = cluster;
    this.#settings = settings;
    this.#report = report;
    this.#failed = failed;
  }

  /** The slot's droplet may be created from now on. */
  begin({ slot, dropletName }: Pick<DeclaredSlot, "slot" | "dropletName">): void {
    this.#slots.set(slot, dropletName);
    this.#lookLater();
  }

  /** The slot's droplet is there. */
  end(slot: string): void {
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
      const { account, droplets } = await this.#cluster;
      const expected = {
        names: new Set(this.#slots.values()),
        before: new Set(droplets.map(({ id }) => id)),
      };
      const { joinTimeout } = this.#settings;
      const time = { now: Date.now(), timeout: milliseconds(joinTimeout) };
      const { firstSeen, overdue } = lookAtCreations(await account.list(), expected, this.#firstSeen, time);
      this.#firstSeen = firstSeen;
      await Promise.all(overdue.map((droplet) => this.#giveUp(account, droplet)));
    } catch (error) {
      this.#report.progress(`looking whether new droplets are active: ${errorMessage(error)}`);
    }
    this.#looking = false;
    this.#lookLater();
  }

  async #giveUp(account: RolloutAccount, droplet: ListedDroplet): Promise<void> {
    const slot = [...this.#slots].find(([, dropletName]) => dropletName === droplet.name)?.[0];
    if (slot === undefined) return;
    const { joinTimeout, settleTimeout } = this.#settings;
    this.#report.notice(
      `${slot}: ${nodeNameOf(droplet)} is deleted, for it has not become active within ${joinTimeout}; the update ends ` +
        "when the digitalocean plugin no longer looks for it, which may take 20 minutes",
    );
    const progress = (message: string) => this.#report.progress(`${slot}: ${message}`);
    const options = { progress, deadline: milliseconds(settleTimeout) };
    try {
      await dropletDeleted(account, droplet, neverActive(joinTimeout), options);
      this.#failed(slot, neverActiveError([droplet], joinTimeout));
    } catch (error) {
      this.#failed(slot, rolloutError(`at ${nodeNameOf(droplet)}`, error));
    }
  }
}

/**
 * Waits until a droplet of the slot that an earlier update made is active: DigitalOcean does nothing with one before.
 * One that never becomes so is deleted in the account, and then Pulumi has to be told.
 */
export async function dropletsActive(
  { account, droplets }: Pick<RolloutCluster, "account" | "droplets">,
  dropletName: string,
  { joinTimeout, settleTimeout }: Pick<RolloutSettings, "joinTimeout" | "settleTimeout">,
  { progress }: Pick<PollOptions, "progress">,
): Promise<void> {
  const isNew = ({ name, status }: ListedDroplet) => name === dropletName && status === "new";
  const before = new Set(droplets.filter(isNew).map(({ id }) => id));
  if (before.size === 0) return;
  const timeout = milliseconds(joinTimeout);
  const settling = { progress, deadline: milliseconds(settleTimeout) };
  const started = Date.now();
  const look = async () => {
    const waiting = (await account.list()).filter((droplet) => before.has(droplet.id) && isNew(droplet));
    if (waiting.length === 0 || Date.now() - started >= timeout) return waiting;
    return new Waiting(`${named(waiting)} is not active yet`);
  };
  const waiting = { progress, interval: lookInterval, deadline: timeout + settling.deadline };
  const overdue = await poll("waiting for its droplet", look, waiting);
  for (const droplet of overdue) await dropletDeleted(account, droplet, neverActive(joinTimeout), settling);
  if (overdue.length > 0) throw neverActiveError(overdue, joinTimeout);
}

function neverActive(joinTimeout: Duration): string {
  return `has not become active within ${joinTimeout}`;
}

function neverActiveError(droplets: readonly ListedDroplet[], joinTimeout: Duration): RolloutError {
  return new RolloutError(
    `${named(droplets)} ${neverActive(joinTimeout)} and was deleted in the account, but Pulumi may have it in its state: ` +
      `run \`${refreshCommand}\`, then \`pulumi up\`, which creates another one`,
  );
}

function named(droplets: readonly ListedDroplet[]): string {
  return droplets.map(nodeNameOf).join(", ");
}
