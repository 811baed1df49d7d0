import type { StackValidationPolicy } from "@pulumi/policy";
import { monthlyPriceOfVolumeGiB, monthlyPrices } from "../droplet-sizes.ts";
import { propertiesOf } from "../stack-resource.ts";

export interface MonthlyBudgetConfig {
  /** US dollars. */
  readonly monthlyBudget?: number;
  /** US dollars a month, by droplet size or by resource type. */
  readonly prices: Readonly<Record<string, number>>;
  /** US dollars a month for a GiB of a volume. */
  readonly volumePrice: number;
}

/** A resource of DigitalOcean: the parts that its price depends on. */
export interface PricedResource {
  readonly type: string;
  /** The size of a droplet is a slug, that of a volume in GiB. */
  readonly props: { readonly size?: string | number };
}

export const monthlyBudget: StackValidationPolicy = {
  name: "monthly-budget",
  description: "What the stack costs a month is within its budget.",
  severity: "medium",
  remediationSteps: "Lower the number or the size of the droplets, or raise monthlyBudget.",
  configSchema: {
    properties: {
      monthlyBudget: {
        type: "number",
        minimum: 0,
        description: "US dollars a month before tax. Without it nothing is checked.",
      },
      prices: {
        type: "object",
        additionalProperties: { type: "number", minimum: 0 },
        default: {},
        description:
          "US dollars a month, by droplet size or by resource type, beside or instead of the built-in ones.",
      },
      volumePrice: {
        type: "number",
        minimum: 0,
        default: monthlyPriceOfVolumeGiB,
        description: "US dollars a month for a GiB of a volume.",
      },
    },
  },
  validateStack(args, reportViolation) {
    const config = args.getConfig<MonthlyBudgetConfig>();
    if (config.monthlyBudget === undefined) return args.notApplicable("no monthlyBudget is set");
    const resources = args.resources
      .filter(({ type }) => type.startsWith("digitalocean:"))
      .map((resource) => ({ type: resource.type, props: propertiesOf(resource) }));
    for (const problem of monthlyBudgetProblems(resources, config)) reportViolation(problem);
  },
};

const dropletType = "digitalocean:index/droplet:Droplet";
const volumeType = "digitalocean:index/volume:Volume";

/** Types that cost nothing by themselves; a reserved address does while no droplet has it. */
const freeTypes = new Set(
  [
    ...["certificate:Certificate", "dnsRecord:DnsRecord", "domain:Domain", "firewall:Firewall"],
    ...["floatingIp:FloatingIp", "floatingIpAssignment:FloatingIpAssignment"],
    ...["monitorAlert:MonitorAlert", "project:Project", "projectResources:ProjectResources"],
    ...["reservedIp:ReservedIp", "reservedIpAssignment:ReservedIpAssignment"],
    ...["reservedIpv6:ReservedIpv6", "reservedIpv6Assignment:ReservedIpv6Assignment"],
    ...["sshKey:SshKey", "tag:Tag", "volumeAttachment:VolumeAttachment", "vpc:Vpc"],
  ].map((type) => `digitalocean:index/${type}`),
);

/** Everything that is over the budget, and everything whose price is not known. */
export function monthlyBudgetProblems(
  resources: readonly PricedResource[],
  { monthlyBudget = Infinity, prices, volumePrice }: MonthlyBudgetConfig,
): string[] {
  const droplets = resources.filter(({ type }) => type === dropletType);
  const gibibytes = resources
    .filter(({ type }) => type === volumeType)
    .reduce((total, { props }) => total + Number(props.size ?? 0), 0);
  const others = resources.filter(
    ({ type }) => ![dropletType, volumeType].includes(type) && !freeTypes.has(type),
  );
  const counts = [...droplets.map(({ props }) => String(props.size)), ...others.map(({ type }) => type)];
  const items = [...Map.groupBy(counts, (key) => key)].map(([key, { length: count }]) => ({
    key,
    count,
    price: prices[key] ?? monthlyPrices[key],
  }));

  const problems = items
    .filter(({ price }) => price === undefined)
    .map(
      ({ key, count }) =>
        `the price of ${count} × "${key}" is not known, so it was not counted; set it in US dollars a month as ` +
        `prices["${key}"] in the configuration of this policy`,
    );
  const costs = [
    ...items.flatMap(({ key, count, price }) =>
      price === undefined ? [] : [{ text: `${count} × ${key}`, cost: count * price }],
    ),
    ...(gibibytes > 0 ? [{ text: `${gibibytes} GiB of volumes`, cost: gibibytes * volumePrice }] : []),
  ];
  // In cents, because dollars do not add up exactly.
  const total = Math.round(costs.reduce((sum, { cost }) => sum + cost * 100, 0)) / 100;
  if (total > monthlyBudget)
    problems.push(
      `${dollars(total)} a month are more than the budget of ${dollars(monthlyBudget)}: ` +
        costs.map(({ text, cost }) => `${text} ${dollars(cost)}`).join(", "),
    );
  return problems;
}

function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}
