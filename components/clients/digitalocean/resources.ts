import type { DigitalOceanClient } from "./client.ts";

// What Pulumi's provider has no function for, or only functions that fail where there is nothing or that read far more.

export interface AccountImage {
  /** Null for images that are no distribution's. */
  readonly slug: string | null;
  /** For example `Debian`. */
  readonly distribution: string;
  /** Slugs of the regions that have it. */
  readonly regions: readonly string[];
  /** GB. */
  readonly minDiskSize: number;
  /** `available`, or why it is not: `NEW`, `pending`, `deleted` or `retired`. */
  readonly status: string;
}

export interface AccountSshKey {
  readonly id: number;
  /** MD5, as hex pairs. */
  readonly fingerprint: string;
  readonly name: string;
}

export interface AccountVpc {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly ipRange: string;
}

export interface AccountFirewall {
  readonly id: string;
  readonly name: string;
}

export interface AccountLoadBalancer {
  readonly id: string;
  readonly name: string;
  /** Of the certificates that it shows. */
  readonly certificateIds: readonly string[];
}

export interface AccountDomain {
  readonly name: string;
}

/** One that says where a name leads. */
export interface AccountRecord {
  readonly id: string;
  /** `A`, `AAAA` or `CNAME`. */
  readonly type: string;
  readonly data: string;
}

export interface AccountCertificate {
  readonly id: string;
  readonly name: string;
  /** `pending`, `verified` or `error`. */
  readonly state: string;
  /** `lets_encrypt`, which DigitalOcean renews, or `custom`. */
  readonly type: string;
  /** Host names that it is for, with wildcards. */
  readonly dnsNames: readonly string[];
  /** When it ends, once it is issued; RFC 3339. */
  readonly notAfter?: string;
}

export interface AccountReservedAddress {
  readonly address: string;
  readonly region: string;
  /** The droplet that it leads to; undefined if it leads to none. */
  readonly droplet?: { readonly id: number; readonly name: string };
}

export interface AccountVolume {
  readonly id: string;
  readonly name: string;
  /** Ids of the droplets that have it. */
  readonly dropletIds: readonly string[];
}

interface ImageAnswer {
  readonly slug: string | null;
  readonly distribution: string;
  readonly regions: readonly string[];
  readonly min_disk_size: number;
  readonly status: string;
}

const imageOf = ({ min_disk_size: minDiskSize, ...others }: ImageAnswer): AccountImage => ({
  slug: others.slug,
  distribution: others.distribution,
  regions: others.regions,
  minDiskSize,
  status: others.status,
});

/** The image with this slug or id; undefined if the account has none. */
export async function findImage(client: DigitalOceanClient, key: string): Promise<AccountImage | undefined> {
  const answer = await client.find<{ image: ImageAnswer }>(`/v2/images/${encodeURIComponent(key)}`);
  return answer && imageOf(answer.image);
}

/** Slugs of the distribution's images. */
export async function listImageSlugs(client: DigitalOceanClient, distribution: string): Promise<string[]> {
  const images = await client.list<ImageAnswer>("/v2/images?type=distribution", "images");
  return images.flatMap((image) =>
    image.distribution === distribution && image.slug !== null ? [image.slug] : [],
  );
}

export async function listSshKeys(client: DigitalOceanClient): Promise<AccountSshKey[]> {
  const keys = await client.list<AccountSshKey>("/v2/account/keys", "ssh_keys");
  return keys.map(({ id, fingerprint, name }) => ({ id, fingerprint, name }));
}

export async function listVpcs(client: DigitalOceanClient): Promise<AccountVpc[]> {
  const vpcs = await client.list<{ id: string; name: string; region: string; ip_range: string }>(
    "/v2/vpcs",
    "vpcs",
  );
  return vpcs.map(({ id, name, region, ip_range: ipRange }) => ({ id, name, region, ipRange }));
}

export async function listFirewalls(client: DigitalOceanClient): Promise<AccountFirewall[]> {
  const firewalls = await client.list<AccountFirewall>("/v2/firewalls", "firewalls");
  return firewalls.map(({ id, name }) => ({ id, name }));
}

export async function listLoadBalancers(client: DigitalOceanClient): Promise<AccountLoadBalancer[]> {
  const found = await client.list<
    Pick<AccountLoadBalancer, "id" | "name"> & {
      readonly forwarding_rules: readonly { readonly certificate_id?: string }[];
    }
  >("/v2/load_balancers", "load_balancers");
  return found.map(({ id, name, forwarding_rules: rules }) => ({
    ...{ id, name },
    // It is empty where there is none.
    certificateIds: rules.flatMap(({ certificate_id: certificateId }) => certificateId || []),
  }));
}

export async function listCertificates(client: DigitalOceanClient): Promise<AccountCertificate[]> {
  const found = await client.list<
    Pick<AccountCertificate, "id" | "name" | "state" | "type"> & {
      readonly dns_names?: readonly string[];
      readonly not_after?: string;
    }
  >("/v2/certificates", "certificates");
  return found.map(({ id, name, state, type, dns_names: dnsNames = [], not_after: notAfter }) => ({
    ...{ id, name, state, type, dnsNames },
    ...(notAfter !== undefined && { notAfter }),
  }));
}

export async function listDomains(client: DigitalOceanClient): Promise<AccountDomain[]> {
  const domains = await client.list<AccountDomain>("/v2/domains", "domains");
  return domains.map(({ name }) => ({ name }));
}

/** The records of a domain that say where a host name leads. */
export async function listAddressRecords(
  client: DigitalOceanClient,
  { name, zone }: { readonly name: string; readonly zone: string },
): Promise<AccountRecord[]> {
  const records = await client.list<{ id: number; type: string; data: string }>(
    `/v2/domains/${encodeURIComponent(zone)}/records?name=${encodeURIComponent(name)}`,
    "domain_records",
  );
  return records
    .filter(({ type }) => ["A", "AAAA", "CNAME"].includes(type))
    .map(({ id, type, data }) => ({ id: String(id), type, data }));
}

export async function listReservedAddresses(client: DigitalOceanClient): Promise<AccountReservedAddress[]> {
  const addresses = await client.list<{
    ip: string;
    region: { slug: string };
    droplet: { id: number; name: string } | null;
  }>("/v2/reserved_ips", "reserved_ips");
  return addresses.map(({ ip, region, droplet }) => ({
    address: ip,
    region: region.slug,
    ...(droplet && { droplet: { id: droplet.id, name: droplet.name } }),
  }));
}

export async function listVolumes(client: DigitalOceanClient, region: string): Promise<AccountVolume[]> {
  const volumes = await client.list<{ id: string; name: string; droplet_ids: readonly number[] }>(
    `/v2/volumes?region=${encodeURIComponent(region)}`,
    "volumes",
  );
  return volumes.map(({ id, name, droplet_ids: ids }) => ({ id, name, dropletIds: ids.map(String) }));
}
