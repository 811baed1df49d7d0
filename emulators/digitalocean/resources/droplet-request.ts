import { findRegion, findSize, regions } from "../catalog.ts";
import type { Image, Region, Size } from "../catalog.ts";
import type { Emulator } from "../emulator.ts";
import { requireFeature } from "../emulator.ts";
import { notEmulated, unprocessable } from "../requests/errors.ts";
import { Fields } from "../requests/fields.ts";
import { dropletNameFault, isTagName } from "../rules/droplet-name.ts";
import type { BackupPolicy, SshKey, Volume, Vpc } from "../store/entities.ts";
import { parseBackupPolicy } from "./backup-policy.ts";
import { findImage } from "./images.ts";
import { requireIdleVolume, volumesPerDroplet } from "./volumes.ts";
import { defaultVpc } from "./vpcs.ts";

export interface DropletRequest {
  readonly names: readonly string[];
  readonly region: string;
  readonly size: string;
  readonly image: Image;
  readonly userData: string;
  readonly sshKeys: readonly SshKey[];
  readonly tags: readonly string[];
  readonly features: readonly string[];
  readonly vpc: Vpc;
  readonly publicNetworking: boolean;
  readonly ipv6: boolean;
  readonly backupPolicy?: BackupPolicy;
  /** Of one droplet only. */
  readonly volumes: readonly Volume[];
}

const largestUserData = 64 * 1024;
const emulatedFields = [
  ...["name", "names", "region", "size", "image", "ssh_keys", "monitoring", "tags", "user_data", "vpc_uuid"],
  ...["private_networking", "with_droplet_agent", "public_networking", "volumes"],
  ...["ipv6", "backups", "backup_policy"],
];

function parseNames(body: Fields): string[] {
  const names = body.raw("names") === undefined ? [body.string("name")] : body.strings("names");
  if (names.length === 0 || names.length > 10) throw unprocessable("names must hold 1 to 10 names");
  const fault = names.map(dropletNameFault).find((candidate) => candidate !== undefined);
  if (fault !== undefined) throw unprocessable(fault);
  return names;
}

function parseSshKeys(body: Fields, emulator: Emulator): SshKey[] {
  const known = emulator.store.sshKeys.list();
  return body.list("ssh_keys").map((wanted) => {
    const key = known.find(
      (candidate) => candidate.fingerprint === wanted || String(candidate.id) === String(wanted),
    );
    if (key === undefined)
      throw unprocessable(`${String(wanted)} are invalid key identifiers for Droplet creation.`);
    return key;
  });
}

function parseTags(body: Fields): string[] {
  const tags = [...new Set(body.strings("tags"))];
  const bad = tags.find((tag) => !isTagName(tag));
  if (bad !== undefined) throw unprocessable(`tag [${bad}] contains invalid characters`);
  return tags;
}

/** The region asked for, or when there is none the first that has both size and image. */
function parseRegion(body: Fields, size: Size, image: Image): Region {
  const wanted = body.optionalString("region") ?? "";
  const hasBoth = ({ slug }: Region) => size.regions.includes(slug) && image.regions.includes(slug);
  const region = wanted === "" ? regions.find(hasBoth) : findRegion(wanted);
  if (region === undefined) throw unprocessable("You specified an invalid region for Droplet creation.");
  if (!size.regions.includes(region.slug)) throw unprocessable("Size is not available in this region.");
  if (!image.regions.includes(region.slug)) throw unprocessable("Image is not available in this region.");
  return region;
}

/** What not every hypervisor can give. */
function parseOptions(
  body: Fields,
  emulator: Emulator,
): Pick<DropletRequest, "publicNetworking" | "ipv6" | "backupPolicy"> {
  const publicNetworking = body.boolean("public_networking") !== false;
  const ipv6 = body.boolean("ipv6") === true;
  const backups = body.boolean("backups") === true;
  if (!publicNetworking) requireFeature(emulator, "private only", "a Droplet without public networking");
  if (ipv6) requireFeature(emulator, "ipv6", "IPv6");
  if (backups) requireFeature(emulator, "backups", "backups");
  if (!backups && body.raw("backup_policy") !== undefined)
    throw unprocessable("backup_policy can only be set when backups are enabled");
  return { publicNetworking, ipv6, ...(backups ? { backupPolicy: parseBackupPolicy(body) } : {}) };
}

function parseVpc(body: Fields, emulator: Emulator, region: string): Vpc {
  const id = body.optionalString("vpc_uuid");
  if (id === undefined || id === "") return defaultVpc(emulator, region);
  const vpc = emulator.store.vpcs.get(id);
  if (vpc === undefined) throw unprocessable(`vpc_uuid: there is no VPC [${id}]`);
  if (vpc.region !== region)
    throw unprocessable(`vpc_uuid: VPC [${id}] is in ${vpc.region}, not in ${region}`);
  return vpc;
}

/** By id, as the documentation has it, or in an object, as godo sends it. */
function volumeId(wanted: unknown): string {
  const id = typeof wanted === "object" && wanted !== null ? (wanted as { id?: unknown }).id : wanted;
  if (typeof id === "string" && id !== "") return id;
  throw typeof wanted === "object" && wanted !== null && "name" in wanted
    ? notEmulated("finding a volume by its name")
    : unprocessable("volumes must be an array of volume ids");
}

function parseVolumes(
  body: Fields,
  emulator: Emulator,
  names: readonly string[],
  region: string,
): readonly Volume[] {
  const ids = body.list("volumes").map(volumeId);
  if (ids.length === 0) return [];
  if (names.length > 1 || new Set(ids).size < ids.length) {
    throw unprocessable("Invalid volume allocations: a volume can be attached to one Droplet, once");
  }
  if (ids.length > volumesPerDroplet) throw unprocessable("cannot attach more volumes to the Droplet");
  return ids.map((id) => {
    const volume = emulator.store.volumes.get(id);
    if (volume === undefined) throw unprocessable(`Invalid volume allocations: there is no volume [${id}]`);
    if (volume.region !== region) {
      throw unprocessable(
        `Invalid volume allocations: volume [${id}] is in ${volume.region}, not in ${region}`,
      );
    }
    if (volume.dropletId !== undefined) throw unprocessable("This volume is already attached");
    requireIdleVolume(emulator, volume);
    return volume;
  });
}

/**
 * Checks a create request as DigitalOcean does. Throws 422 for what it would refuse and 501 for what it would do and
 * the emulator does not. May make the region's default VPC, so call it in the transaction that stores the droplets.
 */
export function parseDropletRequest(value: unknown, emulator: Emulator): DropletRequest {
  const body = new Fields(value);
  body.onlyEmulated(emulatedFields);
  const names = parseNames(body);
  const size = findSize(body.string("size"));
  if (size === undefined) throw unprocessable("You specified an invalid size for Droplet creation.");
  const wantedImage = body.raw("image");
  const image =
    typeof wantedImage === "string" || typeof wantedImage === "number"
      ? findImage(emulator, String(wantedImage))
      : undefined;
  if (image === undefined) throw unprocessable("You specified an invalid image for Droplet creation.");
  if (size.disk < image.min_disk_size)
    throw unprocessable("This size is not available because it has a smaller disk.");
  const region = parseRegion(body, size, image);
  const options = parseOptions(body, emulator);
  const userData = body.optionalString("user_data") ?? "";
  if (Buffer.byteLength(userData) > largestUserData)
    throw unprocessable("User data may not exceed 64 KiB in size");
  return {
    names,
    region: region.slug,
    size: size.slug,
    image,
    userData,
    sshKeys: parseSshKeys(body, emulator),
    tags: parseTags(body),
    features: [
      ...(body.boolean("with_droplet_agent") === false ? [] : ["droplet_agent"]),
      ...(body.boolean("monitoring") === true ? ["monitoring"] : []),
      ...(options.ipv6 ? ["ipv6"] : []),
      ...(options.backupPolicy === undefined ? [] : ["backups"]),
      "private_networking",
    ],
    ...options,
    vpc: parseVpc(body, emulator, region.slug),
    volumes: parseVolumes(body, emulator, names, region.slug),
  };
}
