import type * as pulumi from "@pulumi/pulumi";
import { clientOf, listDroplets } from "../../clients/digitalocean/account.ts";
import type { AccountDroplet } from "../../clients/digitalocean/account.ts";
import { clusterTag } from "../../network/cluster-network.ts";
import { isDropletOf } from "../../nodes/names.ts";

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
  /** False if somebody took the cluster's tag off it, and with that its firewall. */
  readonly tagged: boolean;
  /** Ids of the volumes that are attached to it. */
  readonly volumeIds: readonly string[];
}

/** The cluster's droplets in the account, whether or not Pulumi knows them. */
export interface AccountDroplets {
  list(): Promise<readonly ClusterDroplet[]>;
  /** False if the program cannot know the account's token; then nothing but the list works. */
  hasToken(): Promise<boolean>;
  /** Begins to delete a droplet; one that is gone is no error. */
  delete(id: string): Promise<void>;
  /** Begins to ask a droplet to shut down, which it may not follow. */
  shutDown(id: string): Promise<void>;
  /** Begins to power a droplet off, as if its power were cut. */
  powerOff(id: string): Promise<void>;
  /** Begins to power a droplet on. */
  powerOn(id: string): Promise<void>;
  /** Gives a droplet the cluster's tag. */
  tag(id: string): Promise<void>;
}

/** Uses the provider of `cluster`, or what the default provider would use. */
export function accountDroplets(clusterName: string, cluster: pulumi.ComponentResource): AccountDroplets {
  return {
    list: async () => clusterDroplets(clusterName, await listDroplets({ parent: cluster })),
    delete: async (id) => (await clientOf(cluster)).deleteDroplet(id),
    hasToken: async () => (await clientOf(cluster)).hasToken,
    shutDown: async (id) => (await clientOf(cluster)).shutDownDroplet(id),
    powerOff: async (id) => (await clientOf(cluster)).powerOffDroplet(id),
    powerOn: async (id) => (await clientOf(cluster)).powerOnDroplet(id),
    tag: async (id) => (await clientOf(cluster)).tagDroplet(id, clusterTag(clusterName)),
  };
}

/** What the account lists of a droplet, as far as it says whose it is. */
export type ListedDroplet = Pick<
  AccountDroplet,
  | "id"
  | "name"
  | "size"
  | "status"
  | "region"
  | "tags"
  | "vpcUuid"
  | "ipv4Address"
  | "ipv4AddressPrivate"
  | "volumeIds"
>;

/**
 * The listed droplets that are the cluster's: named CLUSTER-SLOT, and with its tag, at one of its reserved addresses, to
 * which those with an id in `atItsAddresses` are assigned, or in the VPC of such a droplet. The tag alone says nothing: a
 * bastion may have it, to be under the firewall.
 */
export function clusterDroplets(
  clusterName: string,
  listed: readonly ListedDroplet[],
  atItsAddresses: readonly number[] = [],
): ClusterDroplet[] {
  const tag = clusterTag(clusterName);
  const named = listed.filter(({ name }) => isDropletOf(clusterName, name));
  const certain = named.filter(({ id, tags }) => tags.includes(tag) || atItsAddresses.includes(id));
  const vpcs = new Set(certain.map(({ vpcUuid }) => vpcUuid));
  return named
    .filter((droplet) => certain.includes(droplet) || vpcs.has(droplet.vpcUuid))
    .map(({ id, name, size, status, region, tags, ipv4Address, ipv4AddressPrivate, volumeIds }) => ({
      id: String(id),
      ...{ name, size, status, region, volumeIds },
      publicAddress: ipv4Address,
      privateAddress: ipv4AddressPrivate,
      tagged: tags.includes(tag),
    }));
}
