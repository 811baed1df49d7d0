import type { NodeOffer } from "../../clients/nomad/types.ts";
import type { ArgumentIssue } from "../../validation.ts";

/** The pool of a job that names none, and of a node that names none. */
const defaultPool = "default";

const hasDocker = ({ Drivers }: NodeOffer) => Drivers?.["docker"]?.Healthy === true;

/** Nomad takes `*` in the name of a datacenter for any text. */
function isIn(datacenter: string): (node: NodeOffer) => boolean {
  const parts = datacenter.split("*").map((part) => part.replace(/[^\w-]/g, String.raw`\$&`));
  const pattern = new RegExp(`^${parts.join(".*")}$`);
  return ({ Datacenter }) => pattern.test(Datacenter);
}

/** What the nodes have of something, and how many have it. */
function counted(nodes: readonly NodeOffer[], of: (node: NodeOffer) => string): string {
  const groups = [...Map.groupBy(nodes, of)].sort(([one], [other]) => one.localeCompare(other));
  return groups.map(([value, { length }]) => `${value} (${length})`).join(", ");
}

/** The nodes on which Nomad may place a container of a job of the datacenter. */
export function usableNodes(nodes: readonly NodeOffer[], datacenter: string): NodeOffer[] {
  return nodes
    .filter(isIn(datacenter))
    .filter((node) => node.NodePool === defaultPool && node.Status === "ready" && hasDocker(node));
}

/**
 * Why no node can run a container of a job of the datacenter, with what there is instead; undefined if one can. Nomad calls
 * the deployment of a system job successful that has no node.
 */
export function placementIssue(nodes: readonly NodeOffer[], datacenter: string): ArgumentIssue | undefined {
  if (nodes.length === 0) return { propertyPath: "connection", reason: "leads to a cluster without nodes" };
  const local = nodes.filter(isIn(datacenter));
  if (local.length === 0)
    return {
      propertyPath: "connection.datacenter",
      reason: `no node is in "${datacenter}"; nodes are in ${counted(nodes, ({ Datacenter }) => Datacenter)}`,
    };
  const issue = (reason: string) => ({
    propertyPath: "connection",
    reason: `of the nodes in "${datacenter}" ${reason}`,
  });
  const pooled = local.filter(({ NodePool }) => NodePool === defaultPool);
  if (pooled.length === 0)
    return issue(
      `none is in the node pool "${defaultPool}", in which the job runs; they are in ${counted(local, ({ NodePool }) => NodePool)}`,
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
