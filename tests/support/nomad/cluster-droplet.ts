import type { ClusterDroplet } from "../../../components/rollout/observe/account-droplets.ts";

/** A droplet as the account lists it, active if nothing else is said. */
export function clusterDroplet(
  droplet: Pick<ClusterDroplet, "id" | "name"> & Partial<ClusterDroplet>,
): ClusterDroplet {
  const addresses = { publicAddress: "192.0.2.10", privateAddress: "10.104.0.10" };
  const rest = { region: "sgp1", tagged: true, volumeIds: [] };
  return { size: "s-2vcpu-4gb", status: "active", ...rest, ...addresses, ...droplet };
}
