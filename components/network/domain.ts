import * as digitalocean from "@pulumi/digitalocean";
import type * as pulumi from "@pulumi/pulumi";
import { after } from "../child-options.ts";
import { certificateNameOf, recordName } from "./domain-names.ts";
import type { ClusterDomain } from "./domain-names.ts";

/** What there is before the load balancer. */
export interface DomainParts {
  /** Undefined if the account has the domain already. */
  readonly zone: digitalocean.Domain | undefined;
  /** Undefined if there is no load balancer to show it. */
  readonly certificate: digitalocean.Certificate | undefined;
}

/** Where the name leads: an address, and the part of the record's name in Pulumi that tells it from the others. */
export interface DomainTarget {
  readonly part: string;
  readonly address: pulumi.Input<string>;
}

/** Seconds that resolvers may keep an address: short, since one that changes takes the readers along. */
const recordTtl = 300;

/**
 * The domain in the account, if it is to be made, and the certificate. Let's Encrypt asks the domain's name servers for proof,
 * so the domain is there first; the certificate needs no address record.
 */
export function createDomain(
  name: string,
  { clusterName, domain }: { readonly clusterName: string; readonly domain: ClusterDomain },
  options: { readonly wantsCertificate: boolean; readonly protectsZone: boolean },
  opts: pulumi.CustomResourceOptions,
): DomainParts {
  const zone = domain.createZone
    ? new digitalocean.Domain(
        `${name}-zone`,
        { name: domain.zone },
        { ...opts, protect: options.protectsZone },
      )
    : undefined;
  const certificate = options.wantsCertificate
    ? new digitalocean.Certificate(
        `${name}-certificate`,
        { name: certificateNameOf(clusterName, domain), type: "lets_encrypt", domains: [domain.name] },
        // The plugin would have one with a given name deleted first, which the load balancer still shows.
        { ...opts, dependsOn: after(opts.dependsOn, zone), deleteBeforeReplace: false },
      )
    : undefined;
  return { zone, certificate };
}

/** The A records of the name. */
export function createRecords(
  name: string,
  domain: ClusterDomain,
  { zone }: DomainParts,
  targets: readonly DomainTarget[],
  opts: pulumi.CustomResourceOptions,
): digitalocean.DnsRecord[] {
  return targets.map(
    ({ part, address }) =>
      new digitalocean.DnsRecord(
        `${name}-${part}-record`,
        {
          domain: zone?.name ?? domain.zone,
          type: "A",
          name: recordName(domain),
          value: address,
          ttl: recordTtl,
        },
        opts,
      ),
  );
}
