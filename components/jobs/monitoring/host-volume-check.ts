import { ResolvedInputError } from "../../validation.ts";
import type { ArgumentNames } from "../../validation.ts";
import type { NodeDetail } from "../../clients/nomad/types.ts";
import { NomadClient } from "../../clients/nomad/client.ts";
import { ApiError } from "../../clients/request.ts";
import type { NomadClientOptions } from "../../clients/nomad/request.ts";
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
 * Asks a running cluster whether its nodes offer what a job mounts: Nomad calls the deployment of a system job successful
 * that no node can run. Fails if no node of the datacenter has it all, and warns of those that do not. With a
 * token that may not read nodes it warns and checks nothing.
 */
export async function checkHostVolumes(
  options: NomadClientOptions,
  datacenter: string,
  needed: readonly NeededVolume[],
  { nameOf, warn }: { nameOf: ArgumentNames; warn: (message: string) => void },
): Promise<void> {
  if (needed.length === 0) return;
  const client = new NomadClient(options);
  let nodes: NodeDetail[];
  try {
    nodes = await Promise.all((await client.nodes()).map(({ ID }) => client.node(ID)));
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 403)) throw error;
    warn("the agent's host volumes were not checked: the token may not read nodes");
    return;
  }
  const ready = nodes.filter((node) => node.Status === "ready" && node.Datacenter === datacenter);
  const lacking = lackingVolumes(ready, needed);
  if (lacking.length === 0) return;
  const words = lacking.map(({ node, sources }) => `${node} has no ${sources.join(" and ")}`).join("; ");
  if (lacking.length === ready.length)
    throw new ResolvedInputError(
      "no node can run the agent",
      [{ propertyPath: "agent.hostVolumes", reason: `${words}. Add them to the cluster's hostVolumes` }],
      nameOf,
    );
  warn(`the agent does not run on every node: ${words}`);
}

/** The nodes that lack a needed volume, with what each lacks. */
export function lackingVolumes(
  nodes: readonly Pick<NodeDetail, "Name" | "HostVolumes">[],
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
