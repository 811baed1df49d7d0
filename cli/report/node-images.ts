import type { ResourceChange } from "./resource-changes.ts";
import { accountUrl, describeFailure, getFromAccount } from "./digitalocean.ts";
import type { DigitalOceanAccess } from "./digitalocean.ts";

/** A node's droplet as the last update left it. */
export interface NodeDroplet {
  readonly urn: string;
  /** Name of the droplet. */
  readonly name: string;
  /** Slug or id. */
  readonly image: string;
  /** RFC 3339. */
  readonly createdAt: string;
}

/** When DigitalOcean made an image, as RFC 3339, or why that is not known. */
type ImageDate = { readonly createdAt: string } | { readonly unavailable: string };

/** Of the images that slugs lead to now, by slug. */
export type ImageDates = ReadonlyMap<string, ImageDate>;

interface StateResource {
  readonly urn: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

const isNodes = /nomad-digitalocean:index:ClusterNode\$digitalocean:index\/droplet:Droplet::[^:]*$/;

/** Droplets of clusters' nodes in a stack's state. */
export function nodeDroplets(deployment: unknown): NodeDroplet[] {
  const { resources = [] } = (deployment ?? {}) as { readonly resources?: readonly StateResource[] };
  return resources.flatMap(({ urn, outputs = {} }) => {
    const { name, image, createdAt } = outputs;
    const isKnown = typeof name === "string" && typeof image === "string" && typeof createdAt === "string";
    return isNodes.test(urn) && isKnown ? [{ urn, name, image, createdAt }] : [];
  });
}

/** Asks DigitalOcean for the images of the droplets that have one by its slug. Does not fail. */
export async function imageDates(
  droplets: readonly NodeDroplet[],
  { endpoint, token }: DigitalOceanAccess,
): Promise<ImageDates> {
  // Without a token the prices are not known either, and the report says so there.
  if (token === undefined) return new Map();
  const slugs = new Set(droplets.map(({ image }) => image).filter((image) => !/^\d+$/.test(image)));
  const asked = [...slugs].map(async (slug): Promise<[string, ImageDate]> => {
    try {
      const url = accountUrl(`/v2/images/${encodeURIComponent(slug)}`, endpoint);
      const { image } = await getFromAccount<{ image: { created_at: string } }>(url, token);
      return [slug, { createdAt: image.created_at }];
    } catch (error) {
      return [slug, { unavailable: describeFailure(error) }];
    }
  });
  return new Map(await Promise.all(asked));
}

/** Which nodes an image of the same slug is newer than, but for those that are made anew or removed anyway. */
export function oldImageRemarks(
  droplets: readonly NodeDroplet[],
  changes: readonly Pick<ResourceChange, "urn" | "action">[],
  dates: ImageDates,
): string[] {
  const going = new Set(
    changes.filter(({ action }) => action === "replace" || action === "delete").map(({ urn }) => urn),
  );
  const staying = droplets.filter(({ urn }) => !going.has(urn));
  return [...Map.groupBy(staying, ({ image }) => image)].flatMap(([slug, nodes]) => {
    const date = dates.get(slug);
    if (date === undefined) return [];
    if ("unavailable" in date)
      return [`Whether image ${slug} is newer than the nodes is not known: ${date.unavailable}.`];
    const older = nodes.filter(({ createdAt }) => Date.parse(createdAt) < Date.parse(date.createdAt));
    if (older.length === 0) return [];
    const names = older
      .map(({ name }) => name)
      .sort()
      .join(", ");
    return [
      `DigitalOcean has a newer image ${slug}, of ${date.createdAt.slice(0, 10)}, than the nodes were made from: ${names}. ` +
        "Another text of rebuild replaces them.",
    ];
  });
}
