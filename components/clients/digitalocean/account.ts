import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import { valueIfKnown } from "../../value-if-known.ts";
import { DigitalOceanClient } from "./client.ts";
import {
  findImage,
  listAddressRecords,
  listCertificates,
  listDomains,
  listFirewalls,
  listImageSlugs,
  listLoadBalancers,
  listReservedAddresses,
  listSshKeys,
  listVolumes,
  listVpcs,
} from "./resources.ts";
import type {
  AccountCertificate,
  AccountDomain,
  AccountFirewall,
  AccountImage,
  AccountLoadBalancer,
  AccountRecord,
  AccountReservedAddress,
  AccountSshKey,
  AccountVolume,
  AccountVpc,
} from "./resources.ts";

// Read through Pulumi's provider where that has a function for it.

export type AccountDroplet = digitalocean.types.output.GetDropletsDroplet;

/** All droplets of the account. */
export async function listDroplets(opts: pulumi.InvokeOptions): Promise<AccountDroplet[]> {
  return (await digitalocean.getDroplets({}, opts)).droplets;
}

/** What the account may have, and what there is to be had. */
export async function readAccount(opts: pulumi.InvokeOptions) {
  const [account, { regions }, { sizes }, droplets] = await Promise.all([
    digitalocean.getAccount(opts),
    digitalocean.getRegions({}, opts),
    digitalocean.getSizes({}, opts),
    listDroplets(opts),
  ]);
  return {
    dropletLimit: account.dropletLimit,
    // The API's older name for reserved addresses.
    reservedIpLimit: account.floatingIpLimit,
    ...{ regions, sizes, droplets },
  };
}

/** What is to be read for some droplets. */
export interface InventoryRequest {
  readonly region: string;
  /** Slug or id. */
  readonly image: string;
  /** The account's SSH keys are read only if one is asked for here. */
  readonly sshKeys: readonly string[];
  readonly sshPublicKeys: readonly string[];
  /** The account's load balancers are read only if there is something here, and its certificates if one is named. */
  readonly loadBalancer?: { readonly certificateName?: string };
  /** The account's domains are read only if there is something here, with the records of the name, and its certificates. */
  readonly domain?: { readonly name: string; readonly zone: string };
}

/** What the account has, beside droplets. */
export interface AccountInventory {
  /** The image that was asked for; undefined if the account has none of this name. */
  readonly image?: AccountImage;
  /** Slugs of Debian's images, if the one that was asked for is not there. */
  readonly debianImages: readonly string[];
  readonly sshKeys: readonly AccountSshKey[];
  readonly vpcs: readonly AccountVpc[];
  readonly firewalls: readonly AccountFirewall[];
  readonly loadBalancers: readonly AccountLoadBalancer[];
  readonly certificates: readonly AccountCertificate[];
  readonly domains: readonly AccountDomain[];
  /** Where the domain's name leads. */
  readonly addressRecords: readonly AccountRecord[];
  readonly reservedAddresses: readonly AccountReservedAddress[];
  /** Of the region. */
  readonly volumes: readonly AccountVolume[];
}

/** All requests side by side. */
export async function readInventory(
  client: DigitalOceanClient,
  { region, image: wanted, loadBalancer, domain, ...keys }: InventoryRequest,
): Promise<AccountInventory> {
  const readImage = async () => {
    const image = await findImage(client, wanted);
    return image ? { image, debianImages: [] } : { debianImages: await listImageSlugs(client, "Debian") };
  };
  const readDomains = async () => {
    const domains = domain === undefined ? [] : await listDomains(client);
    const isThere = domains.some(({ name }) => name === domain?.zone);
    return { domains, addressRecords: domain && isThere ? await listAddressRecords(client, domain) : [] };
  };
  const [images, sshKeys, vpcs, firewalls, loadBalancers, certificates, names, reservedAddresses, volumes] =
    await Promise.all([
      readImage(),
      // DigitalOcean answers ten of these a minute (OpenAPI description, "Rate limit").
      keys.sshKeys.length + keys.sshPublicKeys.length === 0 ? [] : listSshKeys(client),
      listVpcs(client),
      listFirewalls(client),
      loadBalancer === undefined ? [] : listLoadBalancers(client),
      (loadBalancer?.certificateName ?? domain) === undefined ? [] : listCertificates(client),
      readDomains(),
      listReservedAddresses(client),
      listVolumes(client, region),
    ]);
  return {
    ...{ ...images, sshKeys, vpcs, firewalls, loadBalancers, certificates },
    ...{ ...names, reservedAddresses, volumes },
  };
}

/** A client with the access of the provider of `component`, or with what the default provider would take. */
export async function clientOf(component: pulumi.ComponentResource): Promise<DigitalOceanClient> {
  // As the provider itself looks for them.
  const token =
    digitalocean.config.token ??
    process.env["DIGITALOCEAN_TOKEN"] ??
    process.env["DIGITALOCEAN_ACCESS_TOKEN"];
  const endpoint = digitalocean.config.apiEndpoint;
  const own = component.getProvider("digitalocean:index/droplet:Droplet");
  if (!own) return new DigitalOceanClient({ endpoint, token });
  const provider = own as digitalocean.Provider;
  // Of a provider that is made in the same update a preview does not know the token.
  const access = valueIfKnown(
    pulumi.all([provider.apiEndpoint, provider.token]).apply(([given, secret]) => ({ given, secret })),
  );
  return new Promise((resolve) =>
    access.apply((known) =>
      resolve(
        new DigitalOceanClient({
          endpoint: known?.given ?? endpoint,
          token: known && (known.secret ?? token),
        }),
      ),
    ),
  );
}
