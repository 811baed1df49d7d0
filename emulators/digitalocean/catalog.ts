/** What DigitalOcean offers, as far as this emulator knows it. Prices in US dollars, list of July 2022. */
export interface Size {
  readonly slug: string;
  readonly memory: number;
  readonly vcpus: number;
  readonly disk: number;
  readonly transfer: number;
  readonly price_monthly: number;
  readonly price_hourly: number;
  readonly regions: readonly string[];
  readonly available: boolean;
  readonly description: string;
}

export interface Region {
  readonly name: string;
  readonly slug: string;
  readonly features: readonly string[];
  readonly available: boolean;
  readonly sizes: readonly string[];
}

export interface Image {
  readonly id: number;
  readonly name: string;
  readonly distribution: string;
  /** null for a snapshot. */
  readonly slug: string | null;
  readonly public: boolean;
  readonly regions: readonly string[];
  readonly created_at: string;
  readonly min_disk_size: number;
  readonly type: "snapshot";
  readonly size_gigabytes: number;
  readonly description: string;
  readonly tags: readonly string[];
  readonly status: "available";
}

/** An image of DigitalOcean's own. */
export interface PublicImage extends Image {
  readonly slug: string;
}

const regionNames: Readonly<Record<string, string>> = {
  ams3: "Amsterdam 3",
  blr1: "Bangalore 1",
  fra1: "Frankfurt 1",
  lon1: "London 1",
  nyc1: "New York 1",
  nyc3: "New York 3",
  sfo3: "San Francisco 3",
  sgp1: "Singapore 1",
  syd1: "Sydney 1",
  tor1: "Toronto 1",
};
const regionSlugs = Object.keys(regionNames);

function basic(
  slug: string,
  vcpus: number,
  memoryGiB: number,
  disk: number,
  transfer: number,
  monthly: number,
): Size {
  return {
    slug,
    memory: memoryGiB * 1024,
    vcpus,
    disk,
    transfer,
    price_monthly: monthly,
    // DigitalOcean bills at most 672 hours a month.
    price_hourly: Number((monthly / 672).toFixed(5)),
    regions: regionSlugs,
    available: true,
    description: "Basic",
  };
}

export const sizes: readonly Size[] = [
  basic("s-1vcpu-1gb", 1, 1, 25, 1, 6),
  basic("s-1vcpu-2gb", 1, 2, 50, 2, 12),
  basic("s-2vcpu-2gb", 2, 2, 60, 3, 18),
  basic("s-2vcpu-4gb", 2, 4, 80, 4, 24),
  basic("s-4vcpu-8gb", 4, 8, 160, 5, 48),
  basic("s-8vcpu-16gb", 8, 16, 320, 6, 96),
];

export const regions: readonly Region[] = regionSlugs.map((slug) => ({
  name: regionNames[slug] ?? slug,
  slug,
  features: ["backups", "ipv6", "metadata", "install_agent", "storage", "image_transfer"],
  available: true,
  sizes: sizes.map((size) => size.slug),
}));

/**
 * The ids and dates are the emulator's own: DigitalOcean's change with every rebuild of an image. Type and smallest disk
 * are what the official provider's tests demand of ubuntu-22-04-x64; no source was found for the others.
 */
export function distributionImage(
  id: number,
  distribution: string,
  name: string,
  slug: string,
  created_at: string,
): PublicImage {
  return {
    id,
    name,
    distribution,
    slug,
    public: true,
    regions: regionSlugs,
    created_at,
    min_disk_size: 7,
    type: "snapshot",
    size_gigabytes: 1,
    description: `${distribution} ${name}`,
    tags: [],
    status: "available",
  };
}

export const images: readonly PublicImage[] = [
  distributionImage(100000012, "Debian", "12 x64", "debian-12-x64", "2026-06-10T15:02:11Z"),
  distributionImage(100000013, "Debian", "13 x64", "debian-13-x64", "2026-09-08T09:47:52Z"),
  distributionImage(100002204, "Ubuntu", "22.04 (LTS) x64", "ubuntu-22-04-x64", "2026-08-19T12:31:40Z"),
  distributionImage(100002404, "Ubuntu", "24.04 (LTS) x64", "ubuntu-24-04-x64", "2026-10-05T18:20:03Z"),
];

export const findPublicImage = (slug: string) => images.find((image) => image.slug === slug);
export const findSize = (slug: string) => sizes.find((size) => size.slug === slug);
export const findRegion = (slug: string) => regions.find((region) => region.slug === slug);

/** For slugs that were checked when they came in; throws if the catalogue has since lost them. */
export function knownRegion(slug: string): Region {
  const region = findRegion(slug);
  if (region === undefined) throw new Error(`region [${slug}] is stored but not in the catalogue`);
  return region;
}
export function knownSize(slug: string): Size {
  const size = findSize(slug);
  if (size === undefined) throw new Error(`size [${slug}] is stored but not in the catalogue`);
  return size;
}
export function knownImage(slug: string): PublicImage {
  const image = findPublicImage(slug);
  if (image === undefined) throw new Error(`image [${slug}] is stored but not in the catalogue`);
  return image;
}
