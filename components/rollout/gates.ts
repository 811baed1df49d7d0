import * as pulumi from "@pulumi/pulumi";
import { parseDropletName } from "../nodes/names.ts";
import type { Slot } from "../nodes/names.ts";
import { recordWork } from "../recorded-work.ts";
import { valueIfKnown } from "../value-if-known.ts";
import { RolloutError } from "./context.ts";
import type { RolloutSettings } from "./context.ts";
import type { PlannedRollout } from "./plan/planned-rollout.ts";
import { findWork } from "./plan/find-work.ts";
import type { RolloutWork } from "./plan/find-work.ts";
import { Rollout } from "./rollout.ts";
import { rolloutContext } from "./rollout-context.ts";
import type { RolloutContextArgs } from "./rollout-context.ts";
import { watchersOf } from "./watchers.ts";

export interface RolloutGatesArgs extends RolloutContextArgs {
  readonly settings: RolloutSettings;
  /** Whether a droplet that is replaced though nobody declared it gets the same care; see `NomadClusterArgs`. */
  readonly guardReplacements: boolean;
}

/**
 * The {@link Rollout} of a cluster component, as Outputs. In a preview every gate is open, and the plan is logged. Where there
 * is something to do and this is not an update that does it, no gate waits for anything and nothing is done.
 */
export class RolloutGates {
  /** What a preview expects the rollout to do; undefined in an update, and if nothing changes. */
  readonly plan: pulumi.Output<PlannedRollout | undefined>;
  /** For `hooks` of the droplets. */
  readonly hooks: pulumi.ResourceHookBinding;
  readonly #recordName: string;
  readonly #slots: readonly Slot[];
  /** Undefined if nothing is to be done. */
  readonly #rollout: Promise<Rollout | undefined>;
  /** Droplets that the engine has not answered for yet. */
  readonly #registering = new Map<Slot, PromiseWithResolvers<void>>();

  constructor(name: string, args: RolloutGatesArgs, cluster: pulumi.ComponentResource) {
    this.#recordName = `${name}-rollout`;
    this.#slots = args.slots.map(({ slot }) => slot);
    for (const slot of this.#slots) {
      const registered = Promise.withResolvers<void>();
      registered.promise.catch(() => undefined);
      this.#registering.set(slot, registered);
    }
    // A preview creates nothing, and Pulumi's mocks cannot register a hook.
    const hooks = pulumi.runtime.isDryRun() ? {} : this.#updateHooks(args.clusterName);
    this.hooks = {
      ...hooks,
      ...(args.guardReplacements && { beforeDelete: [this.#guard(args.clusterName)] }),
    };
    const found = findWork(args);
    // Goes through a promise: an Output would make the record depend on all that is read.
    const work = new Promise<RolloutWork | undefined>((resolve) => found.apply(resolve));
    const isStored = recordWork(
      this.#recordName,
      work.then((known) => known?.summary),
      cluster,
    );
    const isPreview = pulumi.runtime.isDryRun();
    this.plan = isPreview
      ? found.apply((known) => logged(known?.planned, cluster))
      : pulumi.output(undefined);
    this.#rollout = isPreview ? Promise.resolve(undefined) : this.#begin(work, isStored, args, cluster);
    this.#rollout.catch(() => undefined);
  }

  async #begin(
    work: Promise<RolloutWork | undefined>,
    isStored: Promise<boolean>,
    args: RolloutGatesArgs,
    cluster: pulumi.ComponentResource,
  ): Promise<Rollout | undefined> {
    const found = await work;
    if (found && !(await isStored)) {
      // As other bad input is, whatever runs: one droplet at a time would be no help here.
      if (found.refusals.length > 0) throw new RolloutError(found.refusals.join("\n"));
      return undefined;
    }
    return new Rollout(this.#slots, rolloutContext(args, cluster), {
      ...args.settings,
      watchers: () => watchersOf(cluster),
      logger: {
        status: (message) => void pulumi.log.info(message, cluster, undefined, true),
        info: (message) => void pulumi.log.info(message, cluster),
      },
    });
  }

  /** Hooks that run in an update only. */
  #updateHooks(clusterName: string): pulumi.ResourceHookBinding {
    const hook = (when: string, before: (rollout: Rollout, slot: Slot) => Promise<void>) =>
      new pulumi.ResourceHook(`${clusterName}: before a droplet is ${when}`, async ({ newInputs }) => {
        const slot = slotOf(newInputs);
        if (slot !== undefined) await before(await this.#neededRollout(slot), slot);
      });
    return {
      beforeCreate: [hook("made", (rollout, slot) => rollout.beforeCreate(slot))],
      beforeUpdate: [hook("changed", () => Promise.resolve())],
    };
  }

  #guard(clusterName: string): pulumi.ResourceHook {
    return new pulumi.ResourceHook(
      // Pulumi shows the name where no program runs: "hook NAME was not registered".
      `${clusterName}: \`pulumi destroy\` needs --run-program, because of guardReplacements`,
      async ({ oldOutputs }) => {
        const slot = slotOf(oldOutputs);
        // The engine deletes a droplet before it answers only if it replaces it.
        if (slot !== undefined && this.#registering.has(slot))
          await (await this.#neededRollout(slot)).beforeDelete(slot);
      },
    );
  }

  /** The rollout, where the engine changes a droplet, so that this must be an update. */
  async #neededRollout(slot: Slot): Promise<Rollout> {
    const rollout = await this.#rollout;
    if (rollout) return rollout;
    const error = new RolloutError(
      `${slot}: its droplet is not touched, because this update leaves out \`${this.#recordName}\`, without which nothing is ` +
        `drained or waited for. Run it without --target and --exclude, or add \`--target '**Stash::${this.#recordName}'\``,
    );
    for (const other of this.#slots) this.#registering.get(other)?.reject(error);
    throw error;
  }

  /** For `dependsOn` of the slot's droplet. */
  gate(slot: Slot): pulumi.Output<pulumi.Resource[]> {
    // Goes through a promise: an Output would record dependencies between droplets.
    return pulumi.output(this.#gate(slot).then((): pulumi.Resource[] => []));
  }

  async #gate(slot: Slot): Promise<void> {
    if (pulumi.runtime.isDryRun()) return;
    const rollout = await this.#rollout;
    if (rollout) return rollout.gate(slot);
    // One after another: a replacement that should not be is noticed only when the first new droplet is to be made.
    const earlier = this.#slots.slice(0, this.#slots.indexOf(slot));
    for (const other of earlier) await this.#registering.get(other)?.promise;
  }

  /** Known when the slot's node does its part of the work. Both inputs must belong to the new droplet. */
  joined(
    slot: Slot,
    nodeName: pulumi.Input<string>,
    addressAssigned: pulumi.Input<string>,
  ): pulumi.Output<void> {
    // Unknown is what a refresh or a destroy does not create.
    return valueIfKnown(pulumi.all([nodeName, addressAssigned])).apply(async (known) => {
      if (pulumi.runtime.isDryRun()) return;
      this.#registering.get(slot)?.resolve();
      this.#registering.delete(slot);
      const rollout = await this.#rollout;
      await (known ? rollout?.joined(slot, known[0]) : rollout?.leave(slot));
    });
  }

  /** Known when every slot has joined and nodes that are no longer desired are out of service. */
  finished(): pulumi.Output<void> {
    return pulumi.output(this.#rollout.then((rollout) => rollout?.finished()));
  }

  /** True if the cluster is to be waited for, which is not so in a preview. */
  waits(): Promise<boolean> {
    return this.#rollout.then((rollout) => rollout !== undefined);
  }
}

async function logged(
  planned: PlannedRollout | undefined,
  cluster: pulumi.ComponentResource,
): Promise<PlannedRollout | undefined> {
  if (planned) await pulumi.log.info(`rollout: ${planned.summary}`, cluster);
  return planned;
}

/** The slot of a droplet with these properties. */
function slotOf(properties: { readonly name?: unknown } | undefined): Slot | undefined {
  return parseDropletName(String(properties?.name))?.slot;
}
