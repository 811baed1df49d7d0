import { resourceTypes } from "./change-groups.ts";
import type { Cost, CostItem } from "./preview-report.ts";
import type { Properties, ResourceChange } from "./resource-changes.ts";

/** Dollars a month of each droplet size, or why they could not be read. */
export type SizePrices = ReadonlyMap<string, number> | { readonly unavailable: string };

/** DigitalOcean's price of block storage, https://www.digitalocean.com/pricing/volumes. */
const volumePricePerGiB = 0.1;

/** DigitalOcean's price of a node of a regional load balancer, https://www.digitalocean.com/pricing/load-balancers. */
const loadBalancerPricePerNode = 12;

/** What costs nothing by itself. */
const free = [
  ...["vpc:Vpc", "firewall:Firewall", "tag:Tag", "sshKey:SshKey", "project:Project"],
  ...["reservedIpAssignment:ReservedIpAssignment", "volumeAttachment:VolumeAttachment"],
  ...["domain:Domain", "dnsRecord:DnsRecord", "vpcPeering:VpcPeering"],
].map((type) => `digitalocean:index/${type}`);

interface Priced {
  readonly what: string;
  readonly price: number | null;
}

/** What the stack costs a month before and after the change. */
export function monthlyCost(changes: readonly ResourceChange[], prices: SizePrices): Cost {
  const items = changes.flatMap((change) => costItem(change, prices));
  const sum = (side: "before" | "after") =>
    items.some((item) => item[side] === null)
      ? null
      : cents(items.reduce((total, item) => total + (item[side] ?? 0), 0));
  const types = new Set(
    changes
      .filter(({ type }) => type.startsWith("digitalocean:") && !free.includes(type) && !isPriced(type))
      .map(({ type }) => type),
  );
  const backups = changes.some(
    ({ type, new: next }) => type === resourceTypes.droplet && next?.["backups"] === true,
  );
  return {
    before: sum("before"),
    after: sum("after"),
    items,
    notes: [
      "unavailable" in prices
        ? `The prices of droplets could not be read: ${prices.unavailable}`
        : "Droplets: the account's own prices, GET /v2/sizes.",
      `Volumes: $${volumePricePerGiB.toFixed(2)} a GiB, DigitalOcean's list price. Reserved addresses are free while they are assigned.`,
      ...(changes.some(({ type }) => type === resourceTypes.loadBalancer)
        ? [`Load balancers: $${loadBalancerPricePerNode} a node, DigitalOcean's list price.`]
        : []),
      ...(backups ? ["Backups of droplets are not in the sum."] : []),
      ...[...types].map((type) => `${type} is not in the sum.`),
    ],
  };
}

const pricedTypes: readonly string[] = [
  ...[resourceTypes.droplet, resourceTypes.volume, resourceTypes.reservedIp, resourceTypes.loadBalancer],
];
const isPriced = (type: string): boolean => pricedTypes.includes(type);

function costItem({ name, type, old, new: next }: ResourceChange, prices: SizePrices): CostItem[] {
  if (!isPriced(type)) return [];
  const before = old && priced(type, old, prices);
  const after = next && priced(type, next, prices);
  const kinds = [...new Set([before, after].flatMap((one) => (one ? [one.what] : [])))];
  return [
    {
      resource: name,
      what: kinds.join(" → "),
      before: before ? before.price : 0,
      after: after ? after.price : 0,
    },
  ];
}

function priced(type: string, properties: Properties, prices: SizePrices): Priced {
  const size = properties["size"];
  switch (type) {
    case resourceTypes.droplet:
      if (typeof size !== "string") return { what: "droplet of a size not known yet", price: null };
      return { what: `droplet ${size}`, price: "unavailable" in prices ? null : (prices.get(size) ?? null) };
    case resourceTypes.volume:
      if (typeof size !== "number") return { what: "volume of a size not known yet", price: null };
      return { what: `volume ${size} GiB`, price: cents(size * volumePricePerGiB) };
    case resourceTypes.loadBalancer: {
      const nodes = Number(properties["sizeUnit"] ?? 1);
      return { what: "load balancer", price: nodes * loadBalancerPricePerNode };
    }
    default:
      return { what: "reserved address", price: 0 };
  }
}

const cents = (dollars: number): number => Math.round(dollars * 100) / 100;
