import { clusterSlots, dropletNameOf, isDropletOf } from "../../nodes/names.ts";
import { reservedMemory } from "../../nodes/nomad-configuration.ts";
import { fingerprintOf, keyNameOf } from "../../nodes/ssh-keys.ts";
import type { Check } from "../../validation.ts";
import { availableRegions, availableSize } from "./request.ts";
import type { AccountOffer, AccountRequest } from "./request.ts";

/** Whether the account can make the droplets that are asked for. */
export function dropletChecks(request: AccountRequest, offer: AccountOffer): Check[] {
  return [
    ["size", checkSize(request, offer)],
    ["size", checkMemory(request, offer)],
    ["size", checkDisks(request, offer)],
    ...(hasAllDroplets(request, offer) ? [] : newDropletChecks(request, offer)),
    ...imageChecks(request, offer),
    ...sshKeyChecks(request, offer),
    ["serverCount", checkDropletLimit(request, offer)],
  ];
}

/** True if there is a droplet in each slot, so that an update may need no other one. */
export function hasAllDroplets(
  request: AccountRequest,
  { droplets }: Pick<AccountOffer, "droplets">,
): boolean {
  const names = new Set(droplets.map(({ name }) => name));
  return clusterSlots(request).every((slot) => names.has(dropletNameOf(request.clusterName, slot)));
}

/** What only new droplets need: those that are there keep their image and their keys. */
export function newDropletChecks(request: AccountRequest, offer: AccountOffer): Check[] {
  const { inventory } = offer;
  if (!inventory) return [];
  const keys = inventory.sshKeys
    .map(({ id, fingerprint, name }) => `${id} or ${fingerprint} (${name})`)
    .join(", ");
  return [
    ["image", checkImage(request, offer, inventory)],
    ...request.sshKeys.map((wanted): Check => [
      "sshKeys",
      inventory.sshKeys.some(({ id, fingerprint }) => wanted === String(id) || wanted === fingerprint)
        ? undefined
        : `"${wanted}" is the id or MD5 fingerprint of no SSH key in the account; it has ${keys || "none"}`,
    ]),
  ];
}

function checkImage(
  request: AccountRequest,
  offer: AccountOffer,
  { image, debianImages }: NonNullable<AccountOffer["inventory"]>,
): string | undefined {
  const name = `"${request.image}"`;
  if (!image)
    return `${name} is not an image of DigitalOcean; of Debian it has ${debianImages.join(", ") || "none"}`;
  if (image.status !== "available")
    return `${name} is ${image.status} and makes no droplets; give another Debian image`;
  if (!availableRegions(offer).includes(request.region) || image.regions.includes(request.region))
    return undefined;
  const regions = [...image.regions].sort().join(", ");
  return `${name} is not available in ${request.region}; it is available in ${regions}`;
}

function checkSize(request: AccountRequest, offer: AccountOffer): string | undefined {
  const size = availableSize(request, offer);
  if (!size)
    return `"${request.size}" is not a droplet size of DigitalOcean; see https://slugs.do-api.dev, for example "s-2vcpu-4gb"`;
  if (!availableRegions(offer).includes(request.region) || size.regions.includes(request.region))
    return undefined;
  const regions = [...size.regions].sort().join(", ");
  return `"${request.size}" is not available in ${request.region}; it is available in ${regions}`;
}

function checkMemory(request: AccountRequest, offer: AccountOffer): string | undefined {
  // An upper bound: the kernel keeps some of a droplet's memory for itself.
  const memory = (availableSize(request, offer)?.memory ?? Infinity) - reservedMemory;
  if (request.memoryForJobs <= memory) return undefined;
  return (
    `"${request.size}" has ${memory} MiB a node for jobs and they need ${request.memoryForJobs} MiB on one ` +
    "node; choose a larger size or lower the jobs' memory"
  );
}

/** DigitalOcean refuses to resize a droplet to a size with a smaller disk (API reference, droplet action "resize"). */
function checkDisks(request: AccountRequest, offer: AccountOffer): string | undefined {
  const disk = availableSize(request, offer)?.disk ?? Infinity;
  const larger = offer.droplets.filter(
    (droplet) =>
      isDropletOf(request.clusterName, droplet.name) && droplet.size !== request.size && droplet.disk > disk,
  );
  if (larger.length === 0) return undefined;
  const droplets = larger.map((droplet) => `${droplet.name} has ${droplet.disk} GB`).sort();
  return (
    `"${request.size}" has ${disk} GB of disk and ${droplets.join(", ")}, and a droplet's disk never shrinks; choose a ` +
    `size with at least ${Math.max(...larger.map((droplet) => droplet.disk))} GB of disk, or make a new stack with this ` +
    "size, restore the jobs' data there and then destroy this one"
  );
}

function imageChecks(request: AccountRequest, offer: AccountOffer): Check[] {
  const image = offer.inventory?.image;
  if (image?.status !== "available") return [];
  const name = `"${request.image}"`;
  const disk = availableSize(request, offer)?.disk ?? Infinity;
  return [
    [
      "image",
      image.distribution === "Debian"
        ? undefined
        : `${name} is ${image.distribution}, and nodes are set up as Debian; give a Debian image, for example "debian-12-x64"`,
    ],
    [
      "image",
      image.minDiskSize <= disk
        ? undefined
        : `${name} needs ${image.minDiskSize} GB of disk and the size "${request.size}" has ${disk}; choose a larger size`,
    ],
  ];
}

function sshKeyChecks(request: AccountRequest, { inventory }: AccountOffer): Check[] {
  if (!inventory) return [];
  const known = inventory.sshKeys;
  const foreign = (publicKey: string) =>
    known.find(
      ({ fingerprint, name }) =>
        fingerprint === fingerprintOf(publicKey) && name !== keyNameOf(request.clusterName, publicKey),
    );
  return request.sshPublicKeys.map((publicKey, index): Check => {
    const other = foreign(publicKey);
    return [
      `sshPublicKeys[${index}]`,
      other &&
        `is in the account already, as "${other.name}", and DigitalOcean takes no key twice; take it out and give its ` +
          `fingerprint "${other.fingerprint}" in sshKeys`,
    ];
  });
}

function checkDropletLimit(request: AccountRequest, offer: AccountOffer): string | undefined {
  const nodes = request.serverCount + request.clientCount;
  const others = offer.droplets.filter(({ name }) => !isDropletOf(request.clusterName, name)).length;
  if (others + nodes <= offer.dropletLimit) return undefined;
  return (
    `${nodes} nodes (serverCount + clientCount) do not fit: the account may have ${offer.dropletLimit} droplets ` +
    `and has ${others} others; ask DigitalOcean for a higher limit or lower the counts`
  );
}
