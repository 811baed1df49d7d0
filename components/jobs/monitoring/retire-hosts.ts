import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import type { NomadCluster } from "../../cluster/nomad-cluster.ts";
import { errorMessage } from "../../rollout/poll.ts";
import { MackerelApiError, MackerelClient } from "../../clients/mackerel/client.ts";
import type { MackerelHost } from "../../clients/mackerel/client.ts";
import { dropletIdOf } from "../../nodes/names.ts";
import { mackerelMetadata } from "./presets/mackerel-agent.ts";
import type { MonitoringAgent } from "./monitoring-agent.ts";

export interface RetireHostsArgs {
  /** The cluster whose droplets come and go. */
  cluster: NomadCluster;
  /** The agent that registers the nodes as hosts. One that registers none has none to retire. */
  agent: MonitoringAgent;
  /** The vendor's API key, which has to be one that may write. */
  apiKey: pulumi.Input<string>;
}

/**
 * Retires, in each update, the Mackerel hosts of the cluster's droplets that are gone from the account. It waits until
 * the cluster is ready, so that a host goes in the update that replaced its droplet; a droplet that Pulumi deletes at the
 * end of an update is found gone by the next one. If Mackerel does not answer, or refuses, the update warns and goes on,
 * and the next one tries again. A preview does nothing.
 *
 * Only a host that is named after a node of this cluster, and that its own agent marked with this cluster's address, is
 * ever retired: not one whose droplet is off, nor one of another cluster of the same name in another account. The agent
 * marks its host a minute after it started, so one whose droplet goes before that stays.
 */
export function retireHosts({ cluster, agent, apiKey }: RetireHostsArgs): void {
  const { mackerelApiUrl } = agent;
  if (pulumi.runtime.isDryRun() || mackerelApiUrl === undefined) return;
  pulumi
    .all([cluster.address, cluster.nodes, cluster.clusterName, apiKey])
    .apply(async ([clusterAddress, nodes, clusterName, key]) => {
      const warn = (reason: string) =>
        pulumi.log.warn(`Mackerel hosts are not retired, the next update tries again: ${reason}`, cluster);
      try {
        // Asked anew: the list that the update began with has the droplets that it replaced.
        const { droplets } = await digitalocean.getDroplets({}, { parent: cluster });
        const present = {
          clusterName,
          clusterAddress,
          dropletIds: droplets.map(({ id }) => String(id)),
          nodeNames: nodes.map(({ name }) => name),
        };
        const client = new MackerelClient({ url: mackerelApiUrl, apiKey: key });
        const { retired, failures } = await retireHostsOfGoneDroplets(client, present);
        for (const { id, displayName } of retired)
          await pulumi.log.info(
            `retired Mackerel host ${displayName} (${id}), whose droplet is gone`,
            cluster,
          );
        if (failures.length > 0) await warn(failures.join("; "));
      } catch (error) {
        await warn([keyAdvice(error) ?? [], errorMessage(error)].flat().join(": "));
      }
    });
}

/** What there is of a cluster. */
export interface PresentCluster {
  readonly clusterName: string;
  /** URL of Nomad's HTTP API, which the cluster's agents put into their hosts' metadata. */
  readonly clusterAddress: string;
  /** Ids of all droplets in the account. */
  readonly dropletIds: readonly string[];
  /** Names of the nodes on the droplets that the update made or kept, which the account may not list yet. */
  readonly nodeNames: readonly string[];
}

/** The calls of {@link MackerelClient}, whoever answers them. */
export type MackerelApi = Pick<MackerelClient, keyof MackerelClient>;

/**
 * Retires what is surely this cluster's and gone. A host that cannot be retired keeps no other from it; an API key that
 * Mackerel refuses does.
 */
export async function retireHostsOfGoneDroplets(
  api: MackerelApi,
  cluster: PresentCluster,
): Promise<{ retired: MackerelHost[]; failures: string[] }> {
  const retired: MackerelHost[] = [];
  const failures: string[] = [];
  for (const host of hostsOfGoneDroplets(await api.hosts(), cluster))
    try {
      if (!isMarked(await api.hostMetadata(host.id, mackerelMetadata), cluster.clusterAddress)) continue;
      await api.retire(host.id);
      retired.push(host);
    } catch (error) {
      if (keyAdvice(error) !== undefined) throw error;
      failures.push(`${host.displayName}: ${errorMessage(error)}`);
    }
  return { retired, failures };
}

/** Hosts with the name of a node of the cluster whose droplet is gone, as far as names can tell. */
export function hostsOfGoneDroplets(
  hosts: readonly MackerelHost[],
  { clusterName, dropletIds, nodeNames }: Omit<PresentCluster, "clusterAddress">,
): MackerelHost[] {
  const present = new Set(dropletIds);
  return hosts.filter(({ displayName }) => {
    if (displayName === undefined || nodeNames.includes(displayName)) return false;
    const dropletId = dropletIdOf(displayName, clusterName);
    return dropletId !== undefined && !present.has(dropletId);
  });
}

function isMarked(metadata: unknown, clusterAddress: string): boolean {
  return (metadata as { cluster?: unknown } | null | undefined)?.cluster === clusterAddress;
}

/** What to do about an API key that Mackerel refuses; undefined for any other error. */
function keyAdvice(error: unknown): string | undefined {
  if (!(error instanceof MackerelApiError)) return undefined;
  if (error.status === 401) return "Mackerel does not know the API key; set a valid one";
  if (error.status === 403)
    return "the API key may not do this; set one with write permission that may be used from this machine's address";
  return undefined;
}
