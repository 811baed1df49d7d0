import * as pulumi from "@pulumi/pulumi";
import type { ClusterDroplet } from "../observe/account-droplets.ts";
import { askCluster } from "../servers.ts";
import type { ClusterRolloutArgs } from "../gates.ts";
import { clusterStanding } from "../observe/standing.ts";
import { knownValue } from "./known-value.ts";
import { answersOf, observeCluster } from "../observe/observe.ts";
import { errorMessage } from "../poll.ts";
import { planRollout } from "./plan.ts";
import { describePlan, rolloutPrefix } from "./describe.ts";
import { serverAgents } from "../observe/server-agents.ts";

/** Longest wait for an answer in a preview, in milliseconds: it tells what it can and goes on. */
const answerTimeout = 3_000;

/** Of no node. A droplet whose user-data a preview does not know is replaced, says Pulumi, and so says the plan. */
const unknownSpec = "known after the update";

/** What a preview knows; undefined is known after the update. */
interface KnownValues {
  readonly droplets: readonly ClusterDroplet[] | undefined;
  readonly caCertificate: string | undefined;
  readonly managementToken: string | undefined;
  readonly reservedAddresses: readonly (string | undefined)[];
  /** In the order of the slots. */
  readonly specs: readonly (string | undefined)[];
}

/** Tells in a preview what an update would do to the slots. */
export function tellPlan(args: ClusterRolloutArgs, cluster: pulumi.ComponentResource): void {
  pulumi
    .all([
      knownValue(args.droplets),
      knownValue(args.caCertificate),
      knownValue(args.managementToken),
      pulumi.all(args.reservedAddresses.map((address) => knownValue(address))),
      pulumi.all(args.slots.map(({ spec }) => knownValue(spec))),
    ])
    .apply(async ([droplets, caCertificate, managementToken, reservedAddresses, specs]) => {
      const known = { droplets, caCertificate, managementToken, reservedAddresses, specs };
      const words = await planInWords(args, known);
      if (words !== undefined) await pulumi.log.info(words, cluster);
    });
}

/** Undefined for a new cluster, and if nothing changes. */
async function planInWords(
  { clusterName, slots }: Pick<ClusterRolloutArgs, "clusterName" | "slots">,
  { droplets, caCertificate, managementToken, reservedAddresses, specs }: KnownValues,
): Promise<string | undefined> {
  if (droplets === undefined || droplets.length === 0) return undefined;
  const notAsked = `${rolloutPrefix}the cluster cannot be asked which slots would be replaced`;
  if (caCertificate === undefined || managementToken === undefined)
    return `${notAsked}: its certificate authority or management token is known only after the update`;
  const declared = slots.map((slot, index) => ({ ...slot, spec: specs[index] ?? unknownSpec }));
  const agents = serverAgents(
    { clusterName, declared, droplets, reservedAddresses },
    { caCertificate, managementToken, timeout: answerTimeout },
  );
  const ask = askCluster(agents.flatMap(({ addresses }) => addresses));
  try {
    const standing = clusterStanding(await answersOf(agents.filter(({ hasDroplet }) => hasDroplet)));
    if (standing.state === "new") return undefined;
    if (standing.state === "unknown") throw new Error(standing.reason);
    return describePlan(planRollout(declared, await observeCluster(ask, droplets)));
  } catch (error) {
    return `${notAsked}, and an update would wait for it: ${errorMessage(error)}`;
  }
}
