import { ResolvedInputError } from "../../validation.ts";
import type { ArgumentIssue, ArgumentNames } from "../../validation.ts";
import { errorMessage } from "../../error-message.ts";
import type { NodeOffer } from "../../clients/nomad/types.ts";
import { NomadClient } from "../../clients/nomad/client.ts";
import { ApiError } from "../../clients/request.ts";
import type { NomadClientOptions } from "../../clients/nomad/request.ts";
import { placementIssue, usableNodes } from "../spec/placement.ts";
import type { ResolvedMonitoringAgentArgs } from "./defaults.ts";

/** A host volume that a job mounts on every node. */
export interface NeededVolume {
  readonly source: string;
  readonly readOnly: boolean;
}

/** What the agent mounts, its state volume included. */
export function neededVolumes({
  agent,
  stateVolume,
}: Pick<ResolvedMonitoringAgentArgs, "agent" | "stateVolume">): NeededVolume[] {
  return [
    ...(agent.keepsState ? [{ source: stateVolume, readOnly: false }] : []),
    ...(agent.hostVolumes ?? []).map(({ source, readOnly = true }) => ({ source, readOnly })),
  ];
}

/**
 * Asks a running cluster whether its nodes can run the agent and offer what it mounts: Nomad calls the deployment of a
 * system job successful that no node can run. Fails if none can, and warns of those that do not offer what it mounts. With a
 * token that may not read nodes it warns and checks nothing, and also where Nomad does not answer, since a refresh or a
 * destroy that runs the program may find it so; in an update the job's registration fails then.
 */
export async function checkNodes(
  options: NomadClientOptions,
  datacenter: string,
  needed: readonly NeededVolume[],
  { nameOf, warn }: { nameOf: ArgumentNames; warn: (message: string) => void },
): Promise<void> {
  const refuse = (issue: ArgumentIssue): never => {
    throw new ResolvedInputError("no node can run the agent", [issue], nameOf);
  };
  let nodes: NodeOffer[];
  try {
    nodes = await new NomadClient(options).nodeOffers();
  } catch (error) {
    if (error instanceof ApiError && error.status < 500 && error.status !== 403) throw error;
    const isForbidden = error instanceof ApiError && error.status === 403;
    const reason = isForbidden ? "the token may not read nodes" : errorMessage(error);
    warn(`whether the nodes can run the agent was not checked: ${reason}`);
    return;
  }
  const issue = placementIssue(nodes, datacenter);
  if (issue) refuse(issue);
  const usable = usableNodes(nodes, datacenter);
  const lacking = lackingVolumes(usable, needed);
  if (lacking.length === 0) return;
  const words = lacking.map(({ node, sources }) => `${node} has no ${sources.join(" and ")}`).join("; ");
  if (lacking.length === usable.length)
    refuse({ propertyPath: "agent.hostVolumes", reason: `${words}. Add them to the cluster's hostVolumes` });
  warn(`the agent does not run on every node: ${words}`);
}

/** The nodes that lack a needed volume, with what each lacks. */
export function lackingVolumes(
  nodes: readonly Pick<NodeOffer, "Name" | "HostVolumes">[],
  needed: readonly NeededVolume[],
): { node: string; sources: string[] }[] {
  return nodes.flatMap(({ Name, HostVolumes }) => {
    const sources = needed.flatMap(({ source, readOnly }) => {
      const offered = HostVolumes?.[source];
      if (offered === undefined) return [`"${source}"`];
      return offered.ReadOnly && !readOnly ? [`writable "${source}"`] : [];
    });
    return sources.length === 0 ? [] : [{ node: Name, sources }];
  });
}
