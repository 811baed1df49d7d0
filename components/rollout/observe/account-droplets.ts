import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
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

/** How DigitalOcean's API is called outside the provider. */
export interface ApiAccess {
  readonly endpoint: string;
  /** Undefined if the program cannot know it. */
  readonly token: string | undefined;
}

/** Uses the provider of `cluster`, or what the default provider would use. */
export function accountDroplets(clusterName: string, cluster: pulumi.ComponentResource): AccountDroplets {
  return {
    list: async () => {
      const { droplets } = await digitalocean.getDroplets({}, { parent: cluster });
      return clusterDroplets(clusterName, droplets);
    },
    delete: async (id) => deleteDroplet(await apiAccess(cluster), id),
  };
}

/** The listed droplets that have the cluster's tag. */
export function clusterDroplets(
  clusterName: string,
  listed: readonly digitalocean.types.output.GetDropletsDroplet[],
): ClusterDroplet[] {
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

/** Rejects on any answer but a success and 404. */
async function deleteDroplet({ endpoint, token }: ApiAccess, id: string): Promise<void> {
  if (token === undefined)
    throw new Error(
      "the program knows no token of DigitalOcean: set digitalocean:token or DIGITALOCEAN_TOKEN",
    );
  const path = `/v2/droplets/${id}`;
  const response = await fetch(new URL(path, endpoint), {
    method: "DELETE",
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(30_000),
  });
  const body = await response.text();
  if (!response.ok && response.status !== 404)
    throw new Error(`DELETE ${path} answered ${response.status}: ${body.trim()}`);
}

async function apiAccess(cluster: pulumi.ComponentResource): Promise<ApiAccess> {
  const own = cluster.getProvider("digitalocean:index/droplet:Droplet");
  // As the provider itself looks for them.
  const token =
    digitalocean.config.token ??
    process.env["DIGITALOCEAN_TOKEN"] ??
    process.env["DIGITALOCEAN_ACCESS_TOKEN"];
  if (!own) return { endpoint: digitalocean.config.apiEndpoint, token };
  const provider = own as digitalocean.Provider;
  return new Promise((resolve) =>
    pulumi
      .all([provider.apiEndpoint, provider.token])
      .apply(([endpoint, given]) =>
        resolve({ endpoint: endpoint ?? digitalocean.config.apiEndpoint, token: given ?? token }),
      ),
  );
}
