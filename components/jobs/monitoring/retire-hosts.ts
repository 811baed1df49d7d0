import * as pulumi from "@pulumi/pulumi";
import type { NomadCluster } from "../../cluster/nomad-cluster.ts";
import { listDroplets } from "../../clients/digitalocean/account.ts";
import { errorMessage } from "../../error-message.ts";
import { recordWork } from "../../recorded-work.ts";
import { valueIfKnown } from "../../value-if-known.ts";
import { dropletIdOf } from "../../nodes/names.ts";
import type { HostRegistry, RegisteredHost } from "./host-registry.ts";
import type { AgentHostRegistry, MonitoringAgent } from "./monitoring-agent.ts";
import { mackerelHosts, mackerelVendor } from "./presets/mackerel-hosts.ts";

export interface RetireHostsArgs {
  /** The cluster whose droplets come and go. */
  cluster: NomadCluster;
  /** The agent that registers the nodes as hosts. One that registers none has none to retire. */
  agent: MonitoringAgent;
  /** The vendor's API key, which has to be one that may write. */
  apiKey: pulumi.Input<string>;
}

/**
 * Retires, in each update, the hosts that the agent registered for droplets that are gone from the account. It waits
 * until the cluster is ready, so that a host goes in the update that replaced its droplet; a droplet that Pulumi deletes at
 * the end of an update is found gone by the next one. If the vendor does not answer, or refuses, the update warns and goes on,
 * and the next one tries again. A preview does nothing, nor does a refresh or a destroy that runs the program.
 *
 * Only a host that is named after a node of this cluster, and that its own agent marked with this cluster's address, is
 * ever retired: not one whose droplet is off, nor one of another cluster of the same name in another account. The agent
 * marks its host a minute after it started, so one whose droplet goes before that stays.
 */
export function retireHosts({ cluster, agent, apiKey }: RetireHostsArgs): void {
  const { hostRegistry } = agent;
  if (hostRegistry === undefined) return;
  const work = Promise.withResolvers<string | undefined>();
  const isStored = new Promise<boolean>((resolve) =>
    cluster.urn.apply((urn) =>
      resolve(recordWork(`${urn.split("::").at(-1)}-host-retirement`, work.promise, cluster)),
    ),
  );
  valueIfKnown(pulumi.all([cluster.address, cluster.nodes, cluster.clusterName, apiKey])).apply(
    async (known) => {
      if (known !== undefined && !pulumi.runtime.isDryRun())
        await retireGone(cluster, hostRegistry, known, (hosts) => {
          work.resolve(`hosts retired: ${hosts.map(({ name, id }) => `${name} (${id})`).join(", ")}`);
          return isStored;
        });
      work.resolve(undefined);
    },
  );
}

/** Warns, and does not fail, if something is in the way. */
async function retireGone(
  cluster: NomadCluster,
  hostRegistry: AgentHostRegistry,
  [clusterAddress, nodes, clusterName, key]: readonly [string, readonly { name: string }[], string, string],
  mayRetire: (hosts: readonly RegisteredHost[]) => Promise<boolean>,
): Promise<void> {
  const registry = openRegistry(hostRegistry, key.trim());
  const warn = (reason: string) =>
    pulumi.log.warn(
      `${registry.name} hosts are not retired, the next update tries again: ${reason}`,
      cluster,
    );
  try {
    // Asked anew: the list that the update began with has the droplets that it replaced.
    const droplets = await listDroplets({ parent: cluster });
    const present = {
      clusterName,
      clusterAddress,
      dropletIds: droplets.map(({ id }) => String(id)),
      nodeNames: nodes.map(({ name }) => name),
    };
    const { retired, failures } = await retireHostsOfGoneDroplets(registry, present, mayRetire);
    for (const { id, name } of retired)
      await pulumi.log.info(`retired ${registry.name} host ${name} (${id}), whose droplet is gone`, cluster);
    if (failures.length > 0) await warn(failures.join("; "));
  } catch (error) {
    await warn([registry.keyAdvice(error) ?? [], errorMessage(error)].flat().join(": "));
  }
}

/** What there is of a cluster. */
export interface PresentCluster {
  readonly clusterName: string;
  /** URL of Nomad's HTTP API, which the cluster's agents mark their hosts with. */
  readonly clusterAddress: string;
  /** Ids of all droplets in the account. */
  readonly dropletIds: readonly string[];
  /** Names of the nodes on the droplets that the update made or kept, which the account may not list yet. */
  readonly nodeNames: readonly string[];
}

function openRegistry({ vendor, url }: AgentHostRegistry, apiKey: string): HostRegistry {
  if (vendor !== mackerelVendor) throw new Error(`the hosts of vendor "${vendor}" cannot be retired`);
  return mackerelHosts({ url, apiKey });
}

/**
 * Retires what is surely this cluster's and gone, if `mayRetire` says so. A host that cannot be retired keeps no other from it;
 * an API key that the vendor refuses does.
 */
export async function retireHostsOfGoneDroplets(
  registry: HostRegistry,
  cluster: PresentCluster,
  mayRetire: (hosts: readonly RegisteredHost[]) => Promise<boolean> = () => Promise.resolve(true),
): Promise<{ retired: RegisteredHost[]; failures: string[] }> {
  const failures: string[] = [];
  const each = async (hosts: readonly RegisteredHost[], work: (host: RegisteredHost) => Promise<boolean>) => {
    const done: RegisteredHost[] = [];
    for (const host of hosts)
      try {
        if (await work(host)) done.push(host);
      } catch (error) {
        if (registry.keyAdvice(error) !== undefined) throw error;
        failures.push(`${host.name}: ${errorMessage(error)}`);
      }
    return done;
  };
  const gone = await each(
    hostsOfGoneDroplets(await registry.hosts(), cluster),
    async ({ id }) => (await registry.clusterAddress(id)) === cluster.clusterAddress,
  );
  if (gone.length === 0 || !(await mayRetire(gone))) return { retired: [], failures };
  const retired = await each(gone, ({ id }) => registry.retire(id).then(() => true));
  return { retired, failures };
}

/** Hosts with the name of a node of the cluster whose droplet is gone, as far as names can tell. */
export function hostsOfGoneDroplets(
  hosts: readonly RegisteredHost[],
  { clusterName, dropletIds, nodeNames }: Omit<PresentCluster, "clusterAddress">,
): RegisteredHost[] {
  const present = new Set(dropletIds);
  return hosts.filter(({ name }) => {
    if (name === undefined || nodeNames.includes(name)) return false;
    const dropletId = dropletIdOf(name, clusterName);
    return dropletId !== undefined && !present.has(dropletId);
  });
}
