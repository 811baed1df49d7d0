import { validateAgainstAccount } from "../../../../components/cluster/account-check.ts";
import type { AccountOffer, AccountRequest } from "../../../../components/cluster/account/request.ts";

export const request: AccountRequest = {
  clusterName: "blog",
  region: "sgp1",
  size: "s-2vcpu-4gb",
  image: "debian-12-x64",
  sshKeys: [],
  sshPublicKeys: [],
  serverCount: 3,
  clientCount: 0,
  memoryForJobs: 640,
  volumes: [],
};
const size = (slug: string, memory: number, disk: number, regions: string[], available = true) => ({
  ...{ slug, available, regions, memory, disk },
});
export const inventory = {
  image: {
    slug: "debian-12-x64",
    distribution: "Debian",
    regions: ["sgp1", "fra1"],
    minDiskSize: 10,
    status: "available",
  },
  debianImages: [],
  sshKeys: [],
  vpcs: [],
  firewalls: [],
  loadBalancers: [],
  certificates: [],
  domains: [],
  addressRecords: [],
  reservedAddresses: [],
  volumes: [],
};
export const offer = {
  dropletLimit: 5,
  reservedIpLimit: 3,
  regions: [
    { slug: "sgp1", available: true },
    { slug: "fra1", available: true },
    { slug: "nyc2", available: false },
  ],
  sizes: [
    size("s-2vcpu-4gb", 4096, 80, ["sgp1", "fra1"]),
    size("s-8vcpu-16gb", 16_384, 320, ["fra1"]),
    size("c-small", 4096, 25, ["sgp1", "fra1"]),
    size("512mb", 512, 20, ["sgp1"], false),
  ],
  droplets: [],
  inventory,
} satisfies AccountOffer;

export const issues = (changed: Partial<AccountRequest>, given: Partial<AccountOffer> = {}) =>
  validateAgainstAccount({ ...request, ...changed }, { ...offer, ...given });
export const paths = (...args: Parameters<typeof issues>) =>
  issues(...args).map(({ propertyPath }) => propertyPath);
export const having = (changed: Partial<NonNullable<AccountOffer["inventory"]>>) => ({
  inventory: { ...inventory, ...changed },
});
export const reasonOf = (...args: Parameters<typeof issues>) => issues(...args)[0]?.reason;

export const droplet = (id: number, changed: Partial<AccountOffer["droplets"][number]> = {}) => ({
  ...{ id, name: `blog-server-${id}`, size: "s-2vcpu-4gb", disk: 80 },
  ...changed,
});
