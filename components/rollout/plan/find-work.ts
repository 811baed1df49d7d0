import * as pulumi from "@pulumi/pulumi";
import { failover } from "../failover.ts";
import type { ClusterDroplet } from "../observe/account-droplets.ts";
import type { DesiredSlot } from "../observe/cluster-state.ts";
import { detectCluster } from "../observe/detect-cluster.ts";
import { probeAgents, readCluster } from "../observe/read-cluster.ts";
import { serverAgents } from "../observe/server-agents.ts";
import type { ServerAgent } from "../observe/server-agents.ts";
import { errorMessage } from "../../error-message.ts";
import { nodeNameOf } from "../../nodes/names.ts";
import { offWithoutLeader } from "./powered-off.ts";
import { planRollout } from "./plan.ts";
import { plannedChange, plannedRollout } from "./planned-rollout.ts";
import type { PlannedRollout } from "./planned-rollout.ts";
import { valueIfKnown } from "../../value-if-known.ts";

/** Longest wait for an answer, in milliseconds: an update asks again, and waits longer, before it acts. */
const answerTimeout = 3_000;

/** Longest wait for the servers' keyrings, in milliseconds: for seconds after a death Nomad waits for the dead one's. */
const keyringTimeout = 500;

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
  /** Key that encrypts the servers' gossip, in base64. */
  readonly gossipKey: pulumi.Input<string>;
}

/** What is known of {@link PreviewedCluster}; undefined is known after the update. */
interface KnownValues {
  readonly droplets: readonly ClusterDroplet[] | undefined;
  readonly caCertificate: string | undefined;
  readonly token: string | undefined;
  readonly gossipKey: string | undefined;
  readonly reservedAddresses: readonly (string | undefined)[];
  /** In the order of the slots. */
  readonly specHashes: readonly (string | undefined)[];
  /** In the order of the slots. */
  readonly volumeIds: readonly (readonly (string | undefined)[])[];
}

/** What a rollout has to do. */
export interface RolloutWork {
  /** In English. It holds no secret. Undefined in a preview for what is no change of the stack. */
  readonly summary: string | undefined;
  /** What a preview says of it; undefined if it is no rollout of a running cluster. */
  readonly planned: PlannedRollout | undefined;
  /** Why it cannot be done at all, and what to do. */
  readonly refusals: readonly string[];
}

/** Looks for what an update would do to the slots and the cluster, and changes nothing. Undefined if that is nothing. */
export function findWork(args: PreviewedCluster): pulumi.Output<RolloutWork | undefined> {
  const found = pulumi
    .all([
      valueIfKnown(args.droplets),
      valueIfKnown(args.caCertificate),
      valueIfKnown(args.managementToken),
      valueIfKnown(args.gossipKey),
      pulumi.all(args.reservedAddresses.map((address) => valueIfKnown(address))),
      pulumi.all(args.slots.map(({ specHash }) => valueIfKnown(specHash))),
      pulumi.all(args.slots.map(({ volumeIds }) => pulumi.all(volumeIds.map((id) => valueIfKnown(id))))),
    ])
    .apply(([droplets, caCertificate, token, gossipKey, reservedAddresses, specHashes, volumeIds]) =>
      workOf(args, { droplets, caCertificate, token, gossipKey, reservedAddresses, specHashes, volumeIds }),
    );
  // It was read with the management token, and says nothing about it.
  return pulumi.unsecret<RolloutWork | undefined>(found);
}

const newCluster: RolloutWork = { summary: "a new cluster", planned: undefined, refusals: [] };

async function workOf(
  { clusterName, slots }: Pick<PreviewedCluster, "clusterName" | "slots">,
  { droplets, caCertificate, token, gossipKey, reservedAddresses, specHashes, volumeIds }: KnownValues,
): Promise<RolloutWork | undefined> {
  // Where nothing has an address yet, no cluster can answer.
  if (droplets === undefined) return newCluster;
  if (droplets.length === 0 && reservedAddresses.every((address) => address === undefined)) return newCluster;
  const unknown = (reason: string, off: readonly ClusterDroplet[] = []): RolloutWork => {
    const first = off.length > 0 ? `powered on: ${off.map(nodeNameOf).join(", ")}; ` : "";
    const summary = `${first}the cluster cannot be asked which slots would be replaced${reason}`;
    return { summary, planned: { version: 1, summary, changes: [] }, refusals: [] };
  };
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
    if (detected.state === "new") return newCluster;
    if (detected.state === "unknown") throw new Error(detected.reason);
    const asked = { ...access, timeout: keyringTimeout };
    const [state, hasOtherKeys] = await Promise.all([
      readCluster(withFailover, droplets, agents),
      hasOtherGossipKeys(serverAgents(clusterName, desired, droplets, reservedAddresses, asked), gossipKey),
    ]);
    const plan = planRollout(desired, state);
    const planned = plannedRollout(plan);
    // What Nomad has not forgotten of a slot that was removed is no change of the stack, so a preview has none.
    const isPreview = pulumi.runtime.isDryRun();
    const changes = isPreview ? plannedChange(plan) : planned;
    const forgotten = isPreview ? [] : plan.deadNodes.map(({ name }) => name);
    const summaries = [
      ...(changes ? [changes.summary] : []),
      ...(volumeIds.flat().includes(undefined) ? ["a new volume"] : []),
      ...secondDroplets(droplets).map((name) => `more than one droplet ${name}`),
      ...(forgotten.length > 0 ? [`nodes forgotten: ${forgotten.join(", ")}`] : []),
      ...(hasOtherKeys ? ["old gossip keys removed"] : []),
    ];
    if (summaries.length === 0) return planned && { summary: undefined, planned, refusals: [] };
    return { summary: summaries.join("; "), planned, refusals: plan.refusals };
  } catch (error) {
    const off = offWithoutLeader(desired, droplets);
    return unknown(`, and an update would wait for it: ${errorMessage(error)}`, off);
  }
}

/** Names that more than one droplet has. */
function secondDroplets(droplets: readonly ClusterDroplet[]): string[] {
  const names = droplets.map(({ name }) => name);
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

/** True if the servers know another gossip key than this one, as far as the first of them says at once. */
async function hasOtherGossipKeys(
  agents: readonly ServerAgent[],
  gossipKey: string | undefined,
): Promise<boolean> {
  const [first] = agents.flatMap(({ clients }) => clients);
  if (first === undefined || gossipKey === undefined) return false;
  try {
    return Object.keys((await first.gossipKeys()).Keys).some((key) => key !== gossipKey);
  } catch {
    // An update asks again before it is through.
    return false;
  }
}
