import { CreationWatch, dropletsActive } from "./steps/droplet-creation.ts";
import { dropletDeleted } from "./steps/droplet-deletion.ts";
import { findDuplicates } from "./steps/duplicate-droplets.ts";
import { findCluster } from "./steps/find-cluster.ts";
import { purgeNodes } from "./steps/node.ts";
import { observeCluster } from "./observe/observe.ts";
import { errorMessage, poll } from "./poll.ts";
import { RolloutError, rolloutError } from "./context.ts";
import type { RolloutCluster, RolloutReport, RolloutSettings } from "./context.ts";
import { nodeNameOf } from "../nodes/names.ts";
import type { ListedDroplet } from "./observe/state.ts";
import { planRollout, turnOf } from "./plan/plan.ts";
import type { RolloutPlan } from "./plan/plan.ts";
import { RolloutWaits } from "./timeouts.ts";
import { describePlan } from "./plan/describe.ts";
import { dropServers } from "./steps/server.ts";
import { SlotSteps } from "./steps/slot.ts";

/** What is decided in a cluster that was there before. */
interface Begun {
  readonly plan: RolloutPlan;
  readonly steps: SlotSteps;
}

/**
 * Lets the slots of a running cluster change one after another, and those of a new one all at once. Everything is
 * decided from what is there, so an update that was cut off is finished by the next one. Never used in a preview.
 */
export class Rollout {
  readonly #cluster: Promise<RolloutCluster>;
  readonly #settings: RolloutSettings;
  readonly #report: RolloutReport;
  readonly #waits: RolloutWaits;
  /** Undefined for a new cluster. */
  readonly #begun: Promise<Begun | undefined>;
  readonly #slots = new Map<string, PromiseWithResolvers<void>>();
  readonly #creations: CreationWatch;

  constructor(
    slots: readonly string[],
    cluster: Promise<RolloutCluster>,
    settings: RolloutSettings,
    report: RolloutReport,
  ) {
    this.#cluster = cluster;
    this.#settings = settings;
    this.#report = report;
    this.#waits = new RolloutWaits(settings, report);
    for (const slot of slots) {
      const joined = Promise.withResolvers<void>();
      // Whoever waits for the slot gets the error; one that nobody waits for must not end the process.
      joined.promise.catch(() => undefined);
      this.#slots.set(slot, joined);
    }
    this.#creations = new CreationWatch(cluster, settings, report, (slot, error) => this.#fail(slot, error));
    this.#begun = cluster
      .then((known) => this.#begin(known))
      .catch((error: unknown) => {
        throw rolloutError("before it began", error);
      });
    this.#begun.catch(() => undefined);
  }

  /** Resolves when the slot's droplet may be created, changed or replaced. */
  async gate(slot: string): Promise<void> {
    await this.#orFail(slot, "", async () => {
      const begun = await this.#begun;
      const turn = begun && turnOf(begun.plan, slot);
      if (turn) await Promise.all(turn.before.map((earlier) => this.#slots.get(earlier)!.promise));
      const cluster = await this.#cluster;
      const declared = cluster.declared.find((candidate) => candidate.slot === slot)!;
      await dropletsActive(cluster, declared.dropletName, this.#settings, this.#waits.telling(slot));
      if (turn) await begun.steps.prepare(turn.decision);
      this.#creations.begin(declared);
    });
  }

  /** Call it when the droplet and its address are there. Resolves when its node does its part of the work. */
  async joined(slot: string, nodeName: string): Promise<void> {
    this.#creations.end(slot);
    await this.#orFail(slot, nodeName, async () => {
      const begun = await this.#begun;
      const duplicates = await findDuplicates(
        await this.#cluster,
        slot,
        nodeName,
        this.#waits.settling(slot),
      );
      if (begun) await begun.steps.settle(turnOf(begun.plan, slot).decision, nodeName, duplicates);
      for (const duplicate of duplicates) await this.#deleteDuplicate(slot, duplicate, begun?.steps);
    });
    this.#slots.get(slot)!.resolve();
  }

  /** Resolves when every slot has joined and the nodes of slots no longer declared are out of service. */
  async finished(): Promise<void> {
    await Promise.all([...this.#slots.values()].map(({ promise }) => promise));
    const begun = await this.#begun;
    if (!begun) return;
    const { plan, steps } = begun;
    for (const node of plan.removals)
      await this.#orFail(node.slot, node.name, () => steps.takeOutOfService(node));
    await this.#orFail("", "its end", async () => {
      if (await steps.removeOldGossipKeys())
        this.#report.notice("rollout: the servers have this stack's gossip key and no other");
    });
  }

  async #begin(cluster: RolloutCluster): Promise<Begun | undefined> {
    const { ask, droplets, declared } = cluster;
    const settling = this.#waits.settling("");
    if ((await findCluster(cluster.agents, this.#settings, this.#waits.telling(""))) === "new")
      return undefined;
    await poll("checking the token", () => cluster.bootstrapAcl(), settling);
    const observe = () => observeCluster(ask, droplets);
    const plan = await poll(
      "looking at the cluster",
      async () => planRollout(declared, await observe()),
      settling,
    );
    if (plan.refusals.length > 0) throw new RolloutError(plan.refusals.join("\n"));
    const words = describePlan(plan);
    if (words !== undefined) this.#report.notice(words);
    if (plan.deadServers.length > 0) {
      const ids = new Set(plan.deadServers.map(({ id }) => id));
      await dropServers(ask, ({ id }) => ids.has(id), this.#settings.region, this.#waits.joining(""));
    }
    if (plan.deadNodes.length > 0) {
      const ids = new Set(plan.deadNodes.map(({ id }) => id));
      await purgeNodes(ask, ({ id }) => ids.has(id), settling);
    }
    const steps = new SlotSteps(cluster, plan, this.#settings, this.#waits, this.#report);
    // Nomad says nothing about keys until gossip notices a death; before a server is replaced they are asked for again.
    if (plan.deadServers.length === 0)
      await steps
        .shareGossipKey()
        .catch((error: unknown) =>
          this.#report.progress(`the gossip key is not checked yet: ${errorMessage(error)}`),
        );
    return { plan, steps };
  }

  /** Deletes a second droplet of the slot, which Pulumi does not know. */
  async #deleteDuplicate(
    slot: string,
    duplicate: ListedDroplet,
    steps: SlotSteps | undefined,
  ): Promise<void> {
    const { account } = await this.#cluster;
    this.#report.notice(
      `${slot}: ${nodeNameOf(duplicate)} is deleted, a second droplet of this slot that Pulumi does not know`,
    );
    const what = "is a second droplet of its slot that Pulumi does not know";
    const deleted = () => dropletDeleted(account, duplicate, what, this.#waits.settling(slot));
    await (steps ? steps.removeDuplicate(slot, duplicate, deleted) : deleted());
  }

  async #orFail(slot: string, nodeName: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const failure = rolloutError(`at ${nodeName || slot}`, error);
      this.#fail(slot, failure);
      throw failure;
    }
  }

  #fail(slot: string, failure: RolloutError): void {
    this.#creations.close();
    this.#slots.get(slot)?.reject(failure);
  }
}
