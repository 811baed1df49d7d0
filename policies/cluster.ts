import type { PolicyResource } from "@pulumi/policy";
import { propertiesOf } from "./stack-resource.ts";

const dropletType = "digitalocean:index/droplet:Droplet";
const nodeType = "nomad-digitalocean:index:ClusterNode";

/** A droplet that `NomadCluster` made. */
export interface Node {
  readonly name: string;
  /** Slug. */
  readonly size: string;
  /** Host volumes that no other node offers. */
  readonly volumes: readonly string[];
}

/** The nodes of every `NomadCluster` in the stack, by the cluster's URN, in the order of their names. */
export function clustersOf(resources: readonly PolicyResource[]): Map<string, Node[]> {
  const clusters = new Map<string, Node[]>();
  for (const resource of resources) {
    if (resource.type !== dropletType || resource.parent?.type !== nodeType) continue;
    const cluster = resource.parent.parent?.urn ?? "";
    clusters.set(cluster, [...(clusters.get(cluster) ?? []), readNode(resource)]);
  }
  for (const nodes of clusters.values()) nodes.sort((one, other) => one.name.localeCompare(other.name));
  return clusters;
}

function readNode(droplet: PolicyResource): Node {
  const { name = droplet.name, size = "" } = propertiesOf<{ name: string; size: string }>(droplet);
  // Both names begin with the cluster's: CLUSTER-SLOT and CLUSTER-VOLUME.
  // The grammar of components/nodes/names.ts; this package may be copied without the components.
  const [, prefix = ""] = /^(.+-)(?:server|client)-\d+$/.exec(name) ?? [];
  const volumes = (droplet.propertyDependencies["volumeIds"] ?? [])
    .filter(({ type }) => type === "digitalocean:index/volume:Volume")
    .map((volume) => propertiesOf<{ name: string }>(volume).name ?? "")
    .filter((volume) => volume.startsWith(prefix))
    .map((volume) => volume.slice(prefix.length));
  return { name, size, volumes };
}
