import * as pulumi from "@pulumi/pulumi";
import { failover } from "../failover.ts";
import type { ClusterDroplet } from "../observe/account-droplets.ts";
import type { DesiredSlot } from "../observe/cluster-state.ts";
import { detectCluster } from "../observe/detect-cluster.ts";
import { probeAgents, readCluster } from "../observe/read-cluster.ts";
import { serverAgents } from "../observe/server-agents.ts";
import { errorMessage } from "../../error-message.ts";
import { planRollout } from "./plan.ts";
import { plannedRollout } from "./planned-rollout.ts";
import type { PlannedRollout } from "./planned-rollout.ts";
import { valueIfKnown } from "../../value-if-known.ts";

/** Longest wait for an answer in a preview, in milliseconds. */
const answerTimeout = 3_000;

/** Matches no node, so a slot with unknown user-data counts as replaced, as in Pulumi's preview. */
const unknownSpecHash = "known after the update";

/** A {@link DesiredSlot} of which some is known only when other resources are there. */
export type PreviewedSlot = Omit<DesiredSlot, "specHash" | "volumeIds"> & {
  readonly specHash: pulumi.Input<string>;
  readonly volumeIds: readonly pulumi.Input<string>[];
};

/** What is planned for, and how its cluster is reached. */
export interface PreviewedCluster {
  readonly clusterName: string;
  readonly slots: readonly PreviewedSlot[];
  /** The cluster's droplets before the update. */
  readonly droplets: pulumi.Input<ClusterDroplet[]>;
  /** The servers' reserved addresses, in the order of their slots. */
  readonly reservedAddresses: pulumi.Input<string>[];
  readonly caCertificate: pulumi.Input<string>;
  readonly managementToken: pulumi.Input<string>;
}

/** What a preview knows of {@link PreviewedCluster}; undefined is known after the update. */
interface KnownValues {
  readonly droplets: readonly ClusterDroplet[] | undefined;
  readonly caCertificate: string | undefined;
  readonly token: string | undefined;
  readonly reservedAddresses: readonly (string | undefined)[];
  /** In the order of the slots. */
  readonly specHashes: readonly (string | undefined)[];
  /** In the order of the slots. */
  readonly volumeIds: readonly (readonly (string | undefined)[])[];
}

/** Logs in a preview what an update would do to the slots. Undefined for a new cluster, and if nothing changes. */
export function previewRollout(
  args: PreviewedCluster,
  cluster: pulumi.ComponentResource,
): pulumi.Output<PlannedRollout | undefined> {
  const planned = pulumi
    .all([
      valueIfKnown(args.droplets),
      valueIfKnown(args.caCertificate),
      valueIfKnown(args.managementToken),
      pulumi.all(args.reservedAddresses.map((address) => valueIfKnown(address))),
      pulumi.all(args.slots.map(({ specHash }) => valueIfKnown(specHash))),
      pulumi.all(args.slots.map(({ volumeIds }) => pulumi.all(volumeIds.map((id) => valueIfKnown(id))))),
    ])
    .apply(async ([droplets, caCertificate, token, reservedAddresses, specHashes, volumeIds]) => {
      const known = { droplets, caCertificate, token, reservedAddresses, specHashes, volumeIds };
      const planned = await plan(args, known);
      if (planned) await pulumi.log.info(`rollout: ${planned.summary}`, cluster);
      return planned;
    });
  // It was read with the management token, and says nothing about it.
  return pulumi.unsecret<PlannedRollout | undefined>(planned);
}

async function plan(
  { clusterName, slots }: Pick<PreviewedCluster, "clusterName" | "slots">,
  { droplets, caCertificate, token, reservedAddresses, specHashes, volumeIds }: KnownValues,
): Promise<PlannedRollout | undefined> {
  // Where nothing has an address yet, no cluster can answer.
  if (droplets === undefined) return undefined;
  if (droplets.length === 0 && reservedAddresses.every((address) => address === undefined)) return undefined;
  const unknown = (reason: string): PlannedRollout => ({
    version: 1,
    summary: `the cluster cannot be asked which slots would be replaced${reason}`,
    changes: [],
  });
  if (caCertificate === undefined || token === undefined)
    return unknown(": its certificate authority or management token is known only after the update");
  const desired = slots.map((slot, index) => ({
    ...slot,
    specHash: specHashes[index] ?? unknownSpecHash,
    volumeIds: volumeIds[index]!.filter((id) => id !== undefined),
  }));
  const access = { caCertificate, token, timeout: answerTimeout };
  const agents = serverAgents(clusterName, desired, droplets, reservedAddresses, access);
  const withFailover = failover(agents.flatMap(({ clients }) => clients));
  try {
    const detected = detectCluster(await probeAgents(agents));
    if (detected.state === "new") return undefined;
    if (detected.state === "unknown") throw new Error(detected.reason);
    return plannedRollout(planRollout(desired, await readCluster(withFailover, droplets, agents)));
  } catch (error) {
    return unknown(`, and an update would wait for it: ${errorMessage(error)}`);
  }
}
