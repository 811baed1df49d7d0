import type { Slot } from "../nodes/names.ts";
import { checkMakeable, RolloutError, rolloutError, rolloutTimeouts } from "./context.ts";
import type { RolloutContext, RolloutOptions, Timeouts } from "./context.ts";
import { readCluster } from "./observe/read-cluster.ts";
import { formatPlan } from "./plan/format-plan.ts";
import { makesDroplets, planRollout, turnOf } from "./plan/plan.ts";
import { offWithoutLeader } from "./plan/powered-off.ts";
import { unlistedServers } from "./plan/quorum.ts";
import { errorMessage } from "../error-message.ts";
import { NotYet, poll } from "./poll.ts";
import { CreationWatch, waitForDroplets } from "./steps/droplet-creation.ts";
import { ShutdownWatch } from "./steps/droplet-shutdown.ts";
import { findDuplicates } from "./steps/duplicate-droplets.ts";
import { findCluster } from "./steps/find-cluster.ts";
import { purgeNodes } from "./steps/node.ts";
import { powerOn } from "./steps/power-on.ts";
import { SlotReplacer } from "./steps/replace-slot.ts";
import type { RunningRollout } from "./steps/replace-slot.ts";
import { dropServers } from "./steps/server.ts";
import { putTagsBack } from "./steps/tags.ts";
import { clearSlot, deleteUnknown } from "./steps/unknown-droplets.ts";
import { WatchedRollout } from "./watchers.ts";

/**
 * Lets the slots of a running cluster change one after another, and those of a new one all at once. Every decision comes
 * from the cluster's current state, so the next update finishes one that was interrupted. Never used in a preview.
 */
export class Rollout {
  readonly #context: Promise<RolloutContext>;
  readonly #options: RolloutOptions;
  readonly #timeouts: Timeouts;
  /** Undefined for a new cluster. */
  #running: Promise<RunningRollout | undefined>;
  readonly #slots = new Map<Slot, PromiseWithResolvers<void>>();
  /** Slots whose gate is open and whose droplet may still change. */
  readonly #open = new Set<Slot>();
  readonly #creations: CreationWatch;
  readonly #shutdowns: ShutdownWatch;
  readonly #watched: WatchedRollout;

  constructor(slots: readonly Slot[], context: Promise<RolloutContext>, options: RolloutOptions) {
    this.#context = context;
    this.#options = options;
    this.#timeouts = rolloutTimeouts(options);
    this.#watched = new WatchedRollout(options.watchers ?? (() => []), options.logger.info);
    for (const slot of slots) {
      const joined = Promise.withResolvers<void>();
      // Every waiter gets the error; without one it must not end the process.
      joined.promise.catch(() => undefined);
      this.#slots.set(slot, joined);
    }
    this.#creations = new CreationWatch(context, options, (slot, error) => this.#fail(slot, error));
    this.#shutdowns = new ShutdownWatch(context, options);
    this.#running = context
      .then((known) => this.#begin(known))
      .catch((error: unknown) => {
        throw rolloutError("before it began", error);
      });
    this.#running.catch(() => undefined);
  }

  /** Resolves when the slot's droplet may be created, changed or replaced. */
  async gate(slot: Slot): Promise<void> {
    await this.#orFail(slot, slot, async () => {
      const running = await this.#running;
      const turn = running && turnOf(running.plan, slot);
      if (turn) await Promise.all(turn.before.map((earlier) => this.#slots.get(earlier)!.promise));
      const context = await this.#context;
      const desired = context.desired.find((candidate) => candidate.slot === slot)!;
      await waitForDroplets(context, desired.dropletName, this.#options, this.#timeouts.none(slot));
      if (turn && turn.decision.action !== "keep") await this.#watched.changing();
      if (turn) await running.replacer.beforeReplace(turn.decision);
      this.#open.add(slot);
      this.#creations.begin(desired);
      if (turn) this.#shutdowns.begin(turn.decision);
    });
  }

  /**
   * Call it before Pulumi deletes a droplet. One that is replaced though the program did not ask for it, for example
   * because of `--replace`, gets the same care here as others before their gate; it rejects if the cluster cannot spare
   * it. What is deleted when the update is through has been taken care of before.
   */
  async beforeDelete(slot: Slot): Promise<void> {
    if (!this.#open.has(slot)) return;
    await this.#orFail(slot, slot, async () => {
      const running = await this.#running;
      if (!running) return;
      checkMakeable(await this.#context);
      const { decision } = turnOf(running.plan, slot);
      if (!decision.node || decision.action === "replace") return;
      this.#options.logger.info(`${slot}: its droplet is replaced, which this program did not ask for`);
      const asked = { ...decision, action: "replace" } as const;
      await this.#watched.changing();
      await running.replacer.beforeReplace(asked);
      this.#shutdowns.begin(asked);
    });
  }

  /** Call it before Pulumi creates a droplet, which may need others of its slot out of the way. */
  async beforeCreate(slot: Slot): Promise<void> {
    await this.#orFail(slot, slot, async () => {
      const running = await this.#running;
      const context = await this.#context;
      checkMakeable(context);
      const left = await clearSlot(slot, running, context, this.#options);
      if (running && !left) this.#running = Promise.resolve(undefined);
    });
  }

  /** Call it when the droplet and its address are there. Resolves when its node does its part of the work. */
  async joined(slot: Slot, nodeName: string): Promise<void> {
    this.#open.delete(slot);
    this.#creations.end(slot);
    this.#shutdowns.end(slot);
    await this.#orFail(slot, nodeName, async () => {
      const running = await this.#running;
      const duplicates = await findDuplicates(
        await this.#context,
        slot,
        nodeName,
        this.#timeouts.settle(slot),
      );
      if (running)
        await running.replacer.afterReplace(turnOf(running.plan, slot).decision, nodeName, duplicates);
      for (const duplicate of duplicates)
        await deleteUnknown(slot, duplicate, "a second droplet of this slot", {
          context: await this.#context,
          options: this.#options,
          ...(running && { replacer: running.replacer }),
        });
    });
    this.#slots.get(slot)!.resolve();
  }

  /** Call it instead of {@link joined} where Pulumi leaves out what the slot has not got, as a refresh does. */
  leave(slot: Slot): void {
    this.#open.delete(slot);
    this.#creations.end(slot);
    this.#slots.get(slot)!.resolve();
  }

  /** Resolves when every slot has joined and the nodes of slots no longer desired are out of service. */
  async finished(): Promise<void> {
    await Promise.all([...this.#slots.values()].map(({ promise }) => promise));
    const running = await this.#running;
    if (!running) return;
    const { plan, replacer } = running;
    for (const node of plan.removals)
      await this.#orFail(undefined, node.name, async () => {
        await this.#watched.changing();
        await replacer.takeOutOfService(node);
      });
    await this.#orFail(undefined, "its end", async () => {
      if (await replacer.removeOldGossipKeys())
        this.#options.logger.info("rollout: the servers have this stack's gossip key and no other");
    });
    await this.#watched.ended();
  }

  async #begin(context: RolloutContext): Promise<RunningRollout | undefined> {
    const { withFailover, droplets, desired, agents } = context;
    const { logger, region } = this.#options;
    const settle = this.#timeouts.settle();
    for (const droplet of await putTagsBack(context))
      logger.info(`the cluster's tag is put back on ${droplet}`);
    // A cluster that is given up is not powered on.
    const noLeader = this.#options.replaceUnreachableCluster ? [] : offWithoutLeader(desired, droplets);
    const poweredOn = await powerOn(noLeader, context, this.#options);
    if ((await findCluster(agents, this.#options, this.#timeouts.none())) === "new") return undefined;
    const token = await poll("checking the token", () => context.bootstrapAcl(), settle);
    const plan = await poll(
      "reading the cluster's state",
      async () => {
        const found = planRollout(desired, await readCluster(withFailover, droplets, agents));
        return found.unlisted.length > 0 ? new NotYet(unlistedServers(found.unlisted)) : found;
      },
      settle,
    );
    if (plan.refusals.length > 0) throw new RolloutError(plan.refusals.join("\n"));
    if (makesDroplets(plan)) checkMakeable(context);
    const summary = formatPlan(plan);
    if (summary !== undefined) logger.info(`rollout: ${summary}`);
    if (plan.deadServers.length > 0) {
      const ids = new Set(plan.deadServers.map(({ id }) => id));
      await dropServers(withFailover, ({ id }) => ids.has(id), region, this.#timeouts.join());
    }
    if (plan.deadNodes.length > 0) {
      const ids = new Set(plan.deadNodes.map(({ id }) => id));
      await purgeNodes(withFailover, ({ id }) => ids.has(id), settle);
    }
    const stillOff = plan.off.filter((droplet) => !noLeader.includes(droplet));
    poweredOn.push(...(await powerOn(stillOff, context, this.#options)));
    const replacer = new SlotReplacer(context, plan, this.#options, new Set(poweredOn));
    // Nomad cannot list keys until gossip notices a death; before a server is replaced they are asked for again.
    if (plan.deadServers.length === 0)
      await replacer
        .shareGossipKey()
        .catch((error: unknown) =>
          logger.status(`the gossip key has not been checked yet: ${errorMessage(error)}`),
        );
    return { plan, replacer, isUnused: token === "made" };
  }

  /** `slot` is undefined for work that belongs to none. */
  async #orFail(slot: Slot | undefined, where: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const failure = rolloutError(`at ${where}`, error);
      this.#fail(slot, failure);
      await this.#watched.ended();
      throw failure;
    }
  }

  #fail(slot: Slot | undefined, failure: RolloutError): void {
    this.#creations.close();
    void this.#watched.ended();
    if (slot !== undefined) this.#slots.get(slot)?.reject(failure);
  }
}
