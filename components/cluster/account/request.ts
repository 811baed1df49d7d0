import type { ClusterDomain } from "../../network/domain-names.ts";
import type { AccountDroplet, AccountInventory } from "../../clients/digitalocean/account.ts";

/** What is asked of the account. */
export interface AccountRequest {
  readonly clusterName: string;
  /** Region slug. */
  readonly region: string;
  /** Undefined: whichever range DigitalOcean has chosen. */
  readonly vpcIpRange?: string;
  readonly size: string;
  readonly image: string;
  /** Ids or fingerprints. */
  readonly sshKeys: readonly string[];
  readonly sshPublicKeys: readonly string[];
  readonly serverCount: number;
  readonly clientCount: number;
  /** MiB that jobs need on one node at once. */
  readonly memoryForJobs: number;
  readonly volumes: readonly { readonly name: string }[];
  /** Undefined: none is wanted. */
  readonly loadBalancer?: { readonly certificateName?: string; readonly hostName?: string };
  /** Undefined: none is wanted. */
  readonly domain?: ClusterDomain;
}

/** What the account offers, as the API's lists give it. */
export interface AccountOffer {
  readonly dropletLimit: number;
  readonly reservedIpLimit: number;
  readonly regions: readonly { slug: string; available: boolean }[];
  readonly sizes: readonly {
    slug: string;
    available: boolean;
    regions: readonly string[];
    /** MiB. */
    memory: number;
    /** GB. */
    disk: number;
  }[];
  readonly droplets: readonly Pick<AccountDroplet, "id" | "name" | "size" | "disk">[];
  /** Undefined if the program may not ask the account itself. */
  readonly inventory?: AccountInventory;
}

export function availableRegions({ regions }: Pick<AccountOffer, "regions">): string[] {
  return regions
    .filter(({ available }) => available)
    .map(({ slug }) => slug)
    .sort();
}

export function availableSize({ size }: Pick<AccountRequest, "size">, { sizes }: AccountOffer) {
  return sizes.find(({ slug, available }) => slug === size && available);
}
