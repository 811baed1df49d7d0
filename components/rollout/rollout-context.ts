import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { RolloutContext } from "./context.ts";
import { failover } from "./failover.ts";
import { accountDroplets } from "./observe/account-droplets.ts";
import { serverAgents } from "./observe/server-agents.ts";
import type { PreviewedCluster } from "./plan/find-work.ts";
import { bootstrapAcl } from "./readiness.ts";
import { snapshotFileName, writeSnapshot } from "./snapshot.ts";

export interface RolloutContextArgs extends PreviewedCluster {
  /** Makes the key of the snapshot that is taken before a server is replaced. */
  readonly snapshotPassphrase: pulumi.Input<string>;
  /** Directory of the snapshots, relative to the Pulumi project's. */
  readonly snapshotDirectory: string;
  /** What the account lacks for new droplets; undefined if nothing. */
  readonly missing: pulumi.Input<string | undefined>;
}

/** Known when all that is declared before the droplets is there. */
export function rolloutContext(
  args: RolloutContextArgs,
  cluster: pulumi.ComponentResource,
): Promise<RolloutContext> {
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
