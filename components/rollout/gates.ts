import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { accountDroplets } from "./observe/account-droplets.ts";
import type { ClusterDroplet } from "./observe/account-droplets.ts";
import { askCluster } from "./servers.ts";
import { tellPlan } from "./plan/preview.ts";
import { bootstrapAcl } from "./readiness.ts";
import type { DeclaredSlot } from "./observe/state.ts";
import { Rollout } from "./rollout.ts";
import type { RolloutCluster, RolloutSettings } from "./context.ts";
import { serverAgents } from "./observe/server-agents.ts";
import { keepSnapshot, snapshotFileName } from "./snapshot.ts";

export interface ClusterRolloutArgs {
  readonly clusterName: string;
  readonly slots: readonly (Omit<DeclaredSlot, "spec"> & { readonly spec: pulumi.Input<string> })[];
  /** The cluster's droplets before the update. */
  readonly droplets: pulumi.Input<ClusterDroplet[]>;
  /** The servers' reserved addresses, in the order of their slots. */
  readonly reservedAddresses: pulumi.Input<string>[];
  readonly caCertificate: pulumi.Input<string>;
  /** What encrypts the servers' gossip, in base64. */
  readonly gossipKey: pulumi.Input<string>;
  readonly managementToken: pulumi.Input<string>;
  /** Makes the key of the snapshot that is taken before a server is replaced. */
  readonly snapshotPassphrase: pulumi.Input<string>;
  /** Directory of the snapshots, relative to the Pulumi project's. */
  readonly snapshotDirectory: string;
  readonly settings: RolloutSettings;
}

/** The {@link Rollout} of a cluster component. In a preview every gate is open, and only the plan is told. */
export class ClusterRollout {
  readonly #rollout: Rollout | undefined;

  constructor(args: ClusterRolloutArgs, cluster: pulumi.ComponentResource) {
    if (pulumi.runtime.isDryRun()) {
      tellPlan(args, cluster);
      return;
    }
    this.#rollout = new Rollout(
      args.slots.map(({ slot }) => slot),
      rolloutCluster(args, cluster),
      args.settings,
      {
        progress: (message) => void pulumi.log.info(message, cluster, undefined, true),
        notice: (message) => void pulumi.log.info(message, cluster),
      },
    );
  }

  /** For `dependsOn` of the slot's droplet. */
  gate(slot: string): pulumi.Output<pulumi.Resource[]> {
    // A promise carries no resources, so that no droplet depends on another in the state.
    return pulumi.output((this.#rollout?.gate(slot) ?? Promise.resolve()).then((): pulumi.Resource[] => []));
  }

  /** Known when the slot's node does its part of the work. Both must be known only when they are so of the new droplet. */
  joined(
    slot: string,
    nodeName: pulumi.Input<string>,
    addressAssigned: pulumi.Input<string>,
  ): pulumi.Output<void> {
    return pulumi
      .all([nodeName, addressAssigned])
      .apply(([name]) => this.#rollout?.joined(slot, name) ?? Promise.resolve());
  }

  /** Known when every slot has joined and what is no longer declared is out of service. */
  finished(): pulumi.Output<void> {
    return pulumi.output(this.#rollout?.finished() ?? Promise.resolve());
  }
}

function rolloutCluster(
  args: ClusterRolloutArgs,
  cluster: pulumi.ComponentResource,
): Promise<RolloutCluster> {
  const { clusterName, slots } = args;
  const account = accountDroplets(clusterName, cluster);
  const known = pulumi.all([
    pulumi.all(slots.map(({ spec }) => spec)),
    args.droplets,
    pulumi.all(args.reservedAddresses),
    args.caCertificate,
    args.managementToken,
    args.snapshotPassphrase,
    args.gossipKey,
  ]);
  const build = (values: pulumi.Unwrap<typeof known>): RolloutCluster => {
    const [specs, droplets, reservedAddresses, caCertificate, managementToken, passphrase, gossipKey] =
      values;
    const declared = slots.map((slot, index) => ({ ...slot, spec: specs[index]! }));
    const agents = serverAgents(
      { clusterName, declared, droplets, reservedAddresses },
      { caCertificate, managementToken },
    );
    const ask = askCluster(agents.flatMap(({ addresses }) => addresses));
    const saveSnapshot = async () =>
      keepSnapshot(
        path.resolve(args.snapshotDirectory),
        snapshotFileName(pulumi.getStack(), clusterName, new Date()),
        await ask((server) => server.snapshot()),
        passphrase,
      );
    return {
      declared,
      droplets,
      account,
      ask,
      agents,
      gossipKey,
      bootstrapAcl: () => ask((server) => bootstrapAcl(server, managementToken)),
      saveSnapshot,
    };
  };
  return new Promise((resolve) => known.apply((values) => resolve(build(values))));
}
