import type { Check } from "../validation.ts";

/** A host name by which readers come to the cluster, in a domain of the account. */
export interface ClusterDomainArgs {
  /**
   * The host name, for example `blog.example.com`, in small letters. A change makes new records and a new certificate, and leaves
   * the droplets alone.
   */
  name: string;
  /**
   * Domain of the account (`doctl compute domain list`) in which the records are made: `name` itself or what it ends with. One
   * that the account does not have is refused, unless `createZone` is true. A change replaces the records.
   * @default - what follows the first dot of `name`, or `name` itself if that is a top-level domain
   */
  zone?: string;
  /**
   * Whether the program adds that domain to the account. The domain's registrar has to name DigitalOcean's name servers before
   * Let's Encrypt finds it. Deleting the domain deletes all records in it, so Pulumi refuses that while `protectVolumes` is true.
   * @default `false`
   */
  createZone?: boolean;
}

/** {@link ClusterDomainArgs} with every default filled in. */
export type ClusterDomain = Readonly<Required<ClusterDomainArgs>>;

export function resolveDomain({ name, zone, createZone }: ClusterDomainArgs): ClusterDomain {
  return { name, zone: zone ?? defaultZone(name), createZone: createZone ?? false };
}

function defaultZone(name: string): string {
  const parent = name.slice(name.indexOf(".") + 1);
  return parent.includes(".") ? parent : name;
}

/** Whether a host name is a domain's own or one below it. */
export function isWithin(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}

/** Name of a record as DigitalOcean writes it in its domain: `@` for the domain itself. */
export function recordName({ name, zone }: Pick<ClusterDomain, "name" | "zone">): string {
  return name === zone ? "@" : name.slice(0, -zone.length - 1);
}

/** Name of the certificate in the account. It differs for each host name, since the new one is issued before the old one goes. */
export function certificateNameOf(clusterName: string, { name }: Pick<ClusterDomain, "name">): string {
  return `${clusterName}-${name.replaceAll(".", "-")}`;
}

/** What is wrong with a domain, as far as that is known without the account. */
export function domainChecks(propertyPath: string, { name, zone }: ClusterDomain): Check[] {
  const unusable = checkHostName(name);
  const unusableZone = checkHostName(zone);
  return [
    [`${propertyPath}.name`, unusable],
    [
      `${propertyPath}.zone`,
      unusable === undefined
        ? (unusableZone ??
          (isWithin(name, zone)
            ? undefined
            : `"${zone}" does not have the name "${name}"; give a domain that it ends with`))
        : undefined,
    ],
  ];
}

const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
// The last one is a top-level domain, which is never a number, so that no IPv4 address is a name.
const hostName = new RegExp(`^(${label}\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`);

function checkHostName(text: string): string | undefined {
  if (text.startsWith("*."))
    return `"${text}" is a wildcard, and readers need one name; give it, for example "blog${text.slice(1)}"`;
  return text.length <= 253 && hostName.test(text)
    ? undefined
    : `"${text}" is not a host name in small letters with at least one dot, like "blog.example.com"`;
}
