import type { NodeOffer } from "../../clients/nomad/types.ts";
import type { ArgumentIssue } from "../../validation.ts";

/** The pool of a job that names none, and of a node that names none. */
const defaultPool = "default";

const hasDocker = ({ Drivers }: NodeOffer) => Drivers?.["docker"]?.Healthy === true;

/** Where a job may run. */
export interface Placement {
  /** `*` stands for any text. */
  readonly datacenters: readonly string[];
  /**
   * `all` is every one.
   * @default `"default"`
   */
  readonly nodePool?: string | undefined;
}

function isIn(datacenters: readonly string[]): (node: NodeOffer) => boolean {
  const patterns = datacenters.map((datacenter) => {
    const parts = datacenter.split("*").map((part) => part.replace(/[^\w-]/g, String.raw`\$&`));
    return new RegExp(`^${parts.join(".*")}$`);
  });
  return ({ Datacenter }) => patterns.some((pattern) => pattern.test(Datacenter));
}

function isInPool(nodePool = defaultPool): (node: NodeOffer) => boolean {
  return ({ NodePool }) => nodePool === "all" || NodePool === nodePool;
}

/** What the nodes have of something, and how many have it. */
function counted(nodes: readonly NodeOffer[], of: (node: NodeOffer) => string): string {
  const groups = [...Map.groupBy(nodes, of)].sort(([one], [other]) => one.localeCompare(other));
  return groups.map(([value, { length }]) => `${value} (${length})`).join(", ");
}

/** The nodes among which Nomad chooses, whatever state they are in. */
export function placedNodes(nodes: readonly NodeOffer[], { datacenters, nodePool }: Placement): NodeOffer[] {
  return nodes.filter(isIn(datacenters)).filter(isInPool(nodePool));
}

/** The nodes on which Nomad may place a container of a job. */
export function usableNodes(nodes: readonly NodeOffer[], placement: Placement): NodeOffer[] {
  return placedNodes(nodes, placement).filter((node) => node.Status === "ready" && hasDocker(node));
}

/** The nodes that are ready and on which Nomad places no container of a job, each with the reason. */
export function unusableNodes(nodes: readonly NodeOffer[], { datacenters, nodePool }: Placement): string[] {
  const ready = nodes.filter(isIn(datacenters)).filter(({ Status }) => Status === "ready");
  return ready.flatMap((node) => {
    if (isInPool(nodePool)(node)) return hasDocker(node) ? [] : [`${node.Name} has no healthy docker driver`];
    // Who names a pool leaves the others out.
    return nodePool === undefined ? [`${node.Name} is in the node pool "${node.NodePool}"`] : [];
  });
}

/**
 * Why no node can run a container of a job, with what there is instead; undefined if one can. Nomad calls the deployment of a
 * system job successful that has no node. `datacentersPath` is the argument that names the datacenters.
 */
export function placementIssue(
  nodes: readonly NodeOffer[],
  placement: Placement,
  datacentersPath = "connection.datacenter",
): ArgumentIssue | undefined {
  const { datacenters, nodePool = defaultPool } = placement;
  const named = datacenters.map((one) => `"${one}"`).join(" or ");
  if (nodes.length === 0) return { propertyPath: "connection", reason: "leads to a cluster without nodes" };
  const local = nodes.filter(isIn(datacenters));
  if (local.length === 0)
    return {
      propertyPath: datacentersPath,
      reason: `no node is in ${named}; nodes are in ${counted(nodes, ({ Datacenter }) => Datacenter)}`,
    };
  const issue = (reason: string, propertyPath = "connection") => ({
    propertyPath,
    reason: `of the nodes in ${named} ${reason}`,
  });
  const pooled = placedNodes(nodes, placement);
  if (pooled.length === 0)
    return issue(
      `none is in the node pool "${nodePool}", in which the job runs; they are in ${counted(local, ({ NodePool }) => NodePool)}`,
      "nodePool",
    );
  const ready = pooled.filter(({ Status }) => Status === "ready");
  if (ready.length === 0) return issue(`none is ready; they are ${counted(pooled, ({ Status }) => Status)}`);
  if (ready.some(hasDocker)) return undefined;
  const drivers = ready.map(({ Name, Drivers }) => {
    const healthy = Object.entries(Drivers ?? {}).flatMap(([name, driver]) => (driver.Healthy ? [name] : []));
    return `${Name} has ${healthy.sort().join(", ") || "no driver"}`;
  });
  return issue(`none that is ready has a healthy docker driver; ${drivers.join("; ")}`);
}
