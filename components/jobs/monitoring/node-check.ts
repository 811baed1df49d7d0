import { ResolvedInputError } from "../../validation.ts";
import type { ArgumentIssue, ArgumentNames } from "../../validation.ts";
import { errorMessage } from "../../error-message.ts";
import type { NodeOffer } from "../../clients/nomad/types.ts";
import { NomadClient } from "../../clients/nomad/client.ts";
import { ApiError } from "../../clients/request.ts";
import type { NomadClientOptions } from "../../clients/nomad/request.ts";
import type { ApiJob } from "../spec/api-job.ts";
import { placementIssue, unusableNodes, usableNodes } from "../spec/placement.ts";
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

/** What is asked of the nodes. */
export interface NodeNeeds {
  readonly job: ApiJob;
  readonly volumes: readonly NeededVolume[];
  /** The argument that names the datacenters. */
  readonly datacentersPath?: string;
}

interface Report {
  readonly nameOf: ArgumentNames;
  readonly warn: (message: string) => void;
}

/**
 * Asks a running cluster whether its nodes can run the agent and offer what it mounts: Nomad calls the deployment of a
 * system job successful that no node can run. Fails if none can, and warns of those that cannot. With a
 * token that may not read nodes it warns and checks nothing, and also where Nomad does not answer, since a refresh or a
 * destroy that runs the program may find it so; in an update the job's registration fails then.
 */
export async function checkNodes(
  options: NomadClientOptions,
  { job, volumes, datacentersPath }: NodeNeeds,
  { nameOf, warn }: Report,
): Promise<void> {
  const refuse = (issue: ArgumentIssue): never => {
    throw new ResolvedInputError("no node can run the agent", [issue], nameOf);
  };
  const client = new NomadClient(options);
  let nodes: NodeOffer[];
  try {
    nodes = await client.nodeOffers();
  } catch (error) {
    if (error instanceof ApiError && error.status < 500 && error.status !== 403) throw error;
    const isForbidden = error instanceof ApiError && error.status === 403;
    const reason = isForbidden ? "the token may not read nodes" : errorMessage(error);
    warn(`whether the nodes can run the agent was not checked: ${reason}`);
    return;
  }
  const placement = { datacenters: job.Datacenters, nodePool: job.NodePool };
  const issue = placementIssue(nodes, placement, datacentersPath);
  if (issue) refuse(issue);
  const usable = usableNodes(nodes, placement);
  const lacking = lackingVolumes(usable, volumes).map(
    ({ node, sources }) => `${node} has no ${sources.join(" and ")}`,
  );
  if (usable.length > 0 && lacking.length === usable.length)
    refuse({
      propertyPath: "agent.hostVolumes",
      reason: `${lacking.join("; ")}. Add them to the cluster's hostVolumes`,
    });
  const without = [...unusableNodes(nodes, placement), ...lacking];
  if (without.length > 0) warn(`the agent does not run on every node: ${without.join("; ")}`);
  if (job.Constraints !== undefined && job.Constraints.length > 0) {
    const unmet = await unmetConstraints(client, job);
    if (unmet !== undefined) refuse({ propertyPath: "constraints", reason: unmet });
  }
}

/** Nomad's own word on the constraints: why no node fits them; undefined if one does. */
async function unmetConstraints(client: NomadClient, job: ApiJob): Promise<string | undefined> {
  const { FailedTGAllocs } = await client.planJob(job.ID, job.Namespace ?? "default", job);
  const filtered = Object.values(FailedTGAllocs ?? {}).flatMap(({ ConstraintFiltered }) =>
    Object.entries(ConstraintFiltered ?? {}),
  );
  if (filtered.length === 0) return undefined;
  const words = filtered.map(([constraint, count]) => `"${constraint}" leaves out ${count}`);
  return `no node fits them: ${words.join(", ")}`;
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
