import type * as pulumi from "@pulumi/pulumi";
import { clientOf, listDroplets } from "../../clients/digitalocean/account.ts";
import type { AccountDroplet } from "../../clients/digitalocean/account.ts";
import { clusterTag } from "../../network/cluster-network.ts";

/** A droplet of the cluster, as the account lists it. */
export interface ClusterDroplet {
  readonly id: string;
  readonly name: string;
  readonly size: string;
  /** `new` until it has been created, then `active`, `off` or `archive`. */
  readonly status: string;
  /** Region slug. */
  readonly region: string;
  readonly publicAddress: string;
  /** Address in the VPC; empty while it has none. */
  readonly privateAddress: string;
}

/** The cluster's droplets in the account, whether or not Pulumi knows them. */
export interface AccountDroplets {
  list(): Promise<readonly ClusterDroplet[]>;
  /** Begins to delete a droplet; one that is gone is no error. */
  delete(id: string): Promise<void>;
}

/** Uses the provider of `cluster`, or what the default provider would use. */
export function accountDroplets(clusterName: string, cluster: pulumi.ComponentResource): AccountDroplets {
  return {
    list: async () => clusterDroplets(clusterName, await listDroplets({ parent: cluster })),
    delete: async (id) => (await clientOf(cluster)).deleteDroplet(id),
  };
}

/** The listed droplets that have the cluster's tag. */
export function clusterDroplets(clusterName: string, listed: readonly AccountDroplet[]): ClusterDroplet[] {
  return listed
    .filter(({ tags }) => tags.includes(clusterTag(clusterName)))
    .map(({ id, name, size, status, region, ipv4Address, ipv4AddressPrivate }) => ({
      id: String(id),
      name,
      size,
      status,
      region,
      publicAddress: ipv4Address,
      privateAddress: ipv4AddressPrivate,
    }));
}
