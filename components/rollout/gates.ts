import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parseDropletName } from "../nodes/names.ts";
import type { Slot } from "../nodes/names.ts";
import type { RolloutContext, RolloutSettings } from "./context.ts";
import { failover } from "./failover.ts";
import { accountDroplets } from "./observe/account-droplets.ts";
import { serverAgents } from "./observe/server-agents.ts";
import type { PlannedRollout } from "./plan/planned-rollout.ts";
import { previewRollout } from "./plan/preview.ts";
import type { PreviewedCluster } from "./plan/preview.ts";
import { bootstrapAcl } from "./readiness.ts";
import { Rollout } from "./rollout.ts";
import { snapshotFileName, writeSnapshot } from "./snapshot.ts";

export interface RolloutGatesArgs extends PreviewedCluster {
  /** Key that encrypts the servers' gossip, in base64. */
  readonly gossipKey: pulumi.Input<string>;
  /** Makes the key of the snapshot that is taken before a server is replaced. */
  readonly snapshotPassphrase: pulumi.Input<string>;
  /** Directory of the snapshots, relative to the Pulumi project's. */
  readonly snapshotDirectory: string;
  /** What the account lacks for new droplets; undefined if nothing. */
  readonly missing: pulumi.Input<string | undefined>;
  readonly settings: RolloutSettings;
  /** Whether a droplet that is replaced though nobody declared it gets the same care; see `NomadClusterArgs`. */
  readonly guardReplacements: boolean;
}

/** The {@link Rollout} of a cluster component, as Outputs. In a preview every gate is open, and the plan is logged. */
export class RolloutGates {
  /** What a preview expects the rollout to do; undefined in an update, and if nothing changes. */
  readonly plan: pulumi.Output<PlannedRollout | undefined>;
  /** For `hooks` of the droplets. */
  readonly hooks: pulumi.ResourceHookBinding;
  readonly #rollout: Rollout | undefined;

  constructor(args: RolloutGatesArgs, cluster: pulumi.ComponentResource) {
    this.hooks = {
      // A preview creates nothing, and Pulumi's mocks cannot register a hook.
      ...(!pulumi.runtime.isDryRun() && { beforeCreate: [this.#beforeCreate(args.clusterName)] }),
      ...(args.guardReplacements && { beforeDelete: [this.#guard(args.clusterName)] }),
    };
    if (pulumi.runtime.isDryRun()) {
      this.plan = previewRollout(args, cluster);
      return;
    }
    this.plan = pulumi.output(undefined);
    this.#rollout = new Rollout(
      args.slots.map(({ slot }) => slot),
      rolloutContext(args, cluster),
      {
        ...args.settings,
        logger: {
          status: (message) => void pulumi.log.info(message, cluster, undefined, true),
          info: (message) => void pulumi.log.info(message, cluster),
        },
      },
    );
  }

  #beforeCreate(clusterName: string): pulumi.ResourceHook {
    return new pulumi.ResourceHook(`${clusterName}: before a droplet is made`, async ({ newInputs }) => {
      const slot = slotOf(newInputs);
      if (slot !== undefined) await this.#rollout?.beforeCreate(slot);
    });
  }

  #guard(clusterName: string): pulumi.ResourceHook {
    return new pulumi.ResourceHook(
      // Pulumi shows the name where no program runs: "hook NAME was not registered".
      `${clusterName}: \`pulumi destroy\` needs --run-program, because of guardReplacements`,
      async ({ oldOutputs }) => {
        const slot = slotOf(oldOutputs);
        if (slot !== undefined) await this.#rollout?.beforeDelete(slot);
      },
    );
  }

  /** For `dependsOn` of the slot's droplet. */
  gate(slot: Slot): pulumi.Output<pulumi.Resource[]> {
    // Goes through a promise: an Output would record dependencies between droplets.
    return pulumi.output((this.#rollout?.gate(slot) ?? Promise.resolve()).then((): pulumi.Resource[] => []));
  }

  /** Known when the slot's node does its part of the work. Both inputs must belong to the new droplet. */
  joined(
    slot: Slot,
    nodeName: pulumi.Input<string>,
    addressAssigned: pulumi.Input<string>,
  ): pulumi.Output<void> {
    return pulumi
      .all([nodeName, addressAssigned])
      .apply(([name]) => this.#rollout?.joined(slot, name) ?? Promise.resolve());
  }

  /** Known when every slot has joined and nodes that are no longer desired are out of service. */
  finished(): pulumi.Output<void> {
    return pulumi.output(this.#rollout?.finished() ?? Promise.resolve());
  }
}

/** The slot of a droplet with these properties. */
function slotOf(properties: { readonly name?: unknown } | undefined): Slot | undefined {
  return parseDropletName(String(properties?.name))?.slot;
}

function rolloutContext(args: RolloutGatesArgs, cluster: pulumi.ComponentResource): Promise<RolloutContext> {
  const { clusterName, slots } = args;
  const account = accountDroplets(clusterName, cluster);
  const known = pulumi.all([
    pulumi.all(slots.map(({ specHash }) => specHash)),
    pulumi.all(slots.map(({ volumeIds }) => pulumi.all([...volumeIds]))),
    args.droplets,
    pulumi.all(args.reservedAddresses),
    args.caCertificate,
    args.managementToken,
    args.snapshotPassphrase,
    pulumi.all([args.gossipKey, args.missing]),
  ]);
  const build = (values: pulumi.Unwrap<typeof known>): RolloutContext => {
    const [specHashes, volumeIds, droplets, reservedAddresses, caCertificate, token, passphrase, rest] =
      values;
    const [gossipKey, missing] = rest;
    const desired = slots.map((slot, index) => ({
      ...slot,
      specHash: specHashes[index]!,
      volumeIds: volumeIds[index]!,
    }));
    const access = { caCertificate, token, timeout: 5_000 };
    const agents = serverAgents(clusterName, desired, droplets, reservedAddresses, access);
    const withFailover = failover(agents.flatMap(({ clients }) => clients));
    const saveSnapshot = async () =>
      writeSnapshot(
        path.resolve(args.snapshotDirectory),
        snapshotFileName(pulumi.getStack(), clusterName, new Date()),
        await withFailover((server) => server.snapshot()),
        passphrase,
      );
    return {
      desired,
      droplets,
      account,
      withFailover,
      agents,
      gossipKey,
      missing,
      bootstrapAcl: () => withFailover((server) => bootstrapAcl(server, token)),
      saveSnapshot,
    };
  };
  return new Promise((resolve) => known.apply((values) => resolve(build(values))));
}
