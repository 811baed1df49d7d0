import * as pulumi from "@pulumi/pulumi";
import type { AccountRecord } from "../../clients/digitalocean/resources.ts";
import type { DomainIds } from "../../network/cluster-network.ts";
import { certificateNameOf, isWithin } from "../../network/domain-names.ts";
import type { Check } from "../../validation.ts";
import { valueIfKnown } from "../../value-if-known.ts";
import type { AccountOffer, AccountRequest } from "./request.ts";

type Inventory = NonNullable<AccountOffer["inventory"]>;

/** Whether the account has the domain that is asked for, and can have a certificate for its name. */
export function accountDomainChecks(
  { clusterName, domain, loadBalancer }: AccountRequest,
  { inventory }: AccountOffer,
): Check[] {
  if (domain === undefined || inventory === undefined) return [];
  const { name, zone, createZone } = domain;
  const zones = inventory.domains.map((one) => one.name).filter((one) => isWithin(name, one));
  const nearest = zones.toSorted((one, other) => other.length - one.length)[0];
  const failed = inventory.certificates.find(
    (one) => one.state === "error" && one.name === certificateNameOf(clusterName, domain),
  );
  return [
    ["domain.zone", checkZone({ zone, createZone }, nearest, inventory)],
    [
      "domain.zone",
      nearest !== undefined && nearest.length > zone.length
        ? `"${zone}" is not asked for "${name}", since the account has the domain ${nearest}, too, which has the name; give that one`
        : undefined,
    ],
    [
      "domain.name",
      failed && loadBalancer
        ? `Let's Encrypt did not issue the certificate "${failed.name}" for "${name}", most likely because the name servers of ` +
          `"${zone}" are not DigitalOcean's (ns1, ns2 and ns3.digitalocean.com) at its registrar, or a CAA record forbids it. Mend ` +
          `that, delete the certificate (\`doctl compute certificate delete ${failed.id}\`), run \`pulumi refresh\` and update again`
        : undefined,
    ],
  ];
}

function checkZone(
  { zone, createZone }: { readonly zone: string; readonly createZone: boolean },
  nearest: string | undefined,
  { domains }: Inventory,
): string | undefined {
  if (createZone || domains.some(({ name }) => name === zone)) return undefined;
  if (nearest !== undefined)
    return `the account has no domain "${zone}", but ${nearest}, which has the name; give that one`;
  const names = domains.map(({ name }) => name).sort();
  return (
    `the account has no domain "${zone}"; it has ${names.length === 0 ? "none" : names.join(", ")} ` +
    "(`doctl compute domain list`). Give one that the name ends with, or have the program make it, with the option for that"
  );
}

/** What an update would make for a name: what Pulumi's state does not have. */
export interface PlannedDomain {
  readonly zone: boolean;
  readonly certificate: boolean;
  readonly records: boolean;
  /** Ids of the records that the state has. */
  readonly ownRecords: readonly string[];
}

export function plannedDomain({ zone, certificate, records }: DomainIds): pulumi.Output<PlannedDomain> {
  const isPlanned = (id: pulumi.Output<string> | undefined) =>
    id === undefined
      ? pulumi.output(false)
      : valueIfKnown(id).apply((known: string | undefined) => known === undefined);
  return pulumi
    .all([isPlanned(zone), isPlanned(certificate), pulumi.all(records.map((id) => valueIfKnown(id)))])
    .apply(([makesZone, makesCertificate, ids]) => ({
      zone: makesZone,
      certificate: makesCertificate,
      records: ids.includes(undefined),
      ownRecords: ids.filter((id) => id !== undefined),
    }));
}

/** What is in the way of what an update would make for a name. */
export function plannedDomainChecks(
  { clusterName, domain }: Pick<AccountRequest, "clusterName" | "domain">,
  planned: PlannedDomain | undefined,
  { domains, certificates, addressRecords }: Inventory,
): Check[] {
  if (domain === undefined || planned === undefined) return [];
  const { name, zone } = domain;
  const certificate = certificates.find((one) => one.name === certificateNameOf(clusterName, domain));
  const strange = addressRecords.filter(({ id }) => !planned.ownRecords.includes(id));
  return [
    [
      "domain.createZone",
      planned.zone && domains.some((one) => one.name === zone)
        ? `the account has the domain "${zone}" already, which this stack did not make; set it to false to use that one`
        : undefined,
    ],
    [
      "domain.name",
      // One in state "error" has its own reason.
      planned.certificate && certificate && certificate.state !== "error"
        ? `the account has a certificate "${certificate.name}" already, which this stack does not know; delete it ` +
          `(\`doctl compute certificate delete ${certificate.id}\`), or give this cluster another name`
        : undefined,
    ],
    ["domain.name", planned.records && strange.length > 0 ? strangeRecords(name, zone, strange) : undefined],
  ];
}

function strangeRecords(name: string, zone: string, records: readonly AccountRecord[]): string {
  const there = records.map(({ type, data }) => `${type} ${data}`).join(", ");
  const remove = `doctl compute domain records delete ${zone} ${records.map(({ id }) => id).join(" ")}`;
  return (
    `"${name}" has records that this stack did not make and that send readers elsewhere: ${there}. Delete them (\`${remove}\`), or ` +
    "give another name"
  );
}
