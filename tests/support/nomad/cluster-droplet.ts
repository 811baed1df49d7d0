import type { ClusterDroplet } from "../../../components/rollout/observe/account-droplets.ts";

/** A droplet as the account lists it, active if nothing else is said. */
export function clusterDroplet(
  droplet: Pick<ClusterDroplet, "id" | "name"> & Partial<ClusterDroplet>,
): ClusterDroplet {
  const addresses = { publicAddress: "192.0.2.10", privateAddress: "10.104.0.10" };
  return { size: "s-2vcpu-4gb", status: "active", region: "sgp1", ...addresses, ...droplet };
}
