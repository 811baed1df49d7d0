import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import { after, childOptions } from "../child-options.ts";
import { inboundRules, outboundRules } from "./firewall-rules.ts";
import { createDomain, createRecords } from "./domain.ts";
import type { ClusterDomain } from "./domain-names.ts";
import { createLoadBalancer } from "./load-balancer.ts";
import type { ClusterLoadBalancerArgs } from "./load-balancer.ts";

export interface ClusterNetworkArgs {
  /** DigitalOcean region slug. A change replaces everything in it. */
  region: string;
  /** Name of the VPC and the firewall, unique in the account. */
  clusterName: string;
  /**
   * Private IPv4 range of the VPC, /16 to /28. Another range replaces the VPC and every droplet in it.
   * @default - a free /20 that DigitalOcean chooses
   */
  vpcIpRange?: string;
  /** CIDRs that may use the Nomad API, and SSH if it is open. */
  operatorCidrs: string[];
  /** Whether operators may use SSH. */
  opensSsh: boolean;
  /** TCP ports that everyone may use. */
  publicPorts: number[];
  /**
   * A load balancer before the nodes, named as the cluster.
   * @default - none
   */
  loadBalancer?: ClusterLoadBalancerArgs;
  /**
   * Name that leads to the load balancer, which gets a certificate for it, or without one to every reserved address.
   * @default - none
   */
  domain?: ClusterDomain;
  /** Whether Pulumi refuses to delete a domain that the program has added to the account. */
  protectsZone?: boolean;
  /** Slots that get a reserved address, for example `server-1`. */
  reservedAddressSlots: string[];
}

/** VPC, firewall, reserved addresses, load balancer and name of one cluster. The firewall covers every droplet that carries `nodeTag`. */
export class ClusterNetwork extends pulumi.ComponentResource {
  /** Holds every droplet; another region or range replaces it and them. */
  readonly vpc: pulumi.CustomResource;
  /** Id of the VPC. */
  readonly vpcId: pulumi.Output<string>;
  /** Private IPv4 range of the VPC. */
  readonly vpcIpRange: pulumi.Output<string>;
  /** Undefined without one. */
  readonly loadBalancer: digitalocean.LoadBalancer | undefined;
  /** Ids of what a name has in the account, each undefined without it. */
  readonly domain: DomainIds;
  /** Id of the firewall. */
  readonly firewallId: pulumi.Output<string>;
  /** Tag that puts a droplet under the cluster's firewall. */
  readonly nodeTag: pulumi.Output<string>;
  /** Reserved IPv4 addresses, in the order of `reservedAddressSlots`. */
  readonly reservedAddresses: pulumi.Output<string>[];

  /**
   * `checked` gets the reserved addresses, which are of no cluster yet or of the one that is there; all else is made or
   * changed when its Output is known.
   */
  constructor(
    name: string,
    args: ClusterNetworkArgs,
    opts?: pulumi.ComponentResourceOptions,
    checked?: (reservedAddresses: readonly pulumi.Output<string>[]) => pulumi.Output<unknown>,
  ) {
    super("nomad-digitalocean:index:ClusterNetwork", name, args, opts);
    const { region, clusterName } = args;
    const first = childOptions(this, opts);
    this.reservedAddresses = args.reservedAddressSlots.map(
      (slot) => new digitalocean.ReservedIp(`${name}-${slot}`, { region }, first).ipAddress,
    );
    const child = { ...first, dependsOn: after(first.dependsOn, checked?.(this.reservedAddresses)) };

    const vpc = new digitalocean.Vpc(
      `${name}-vpc`,
      { name: clusterName, region, ...(args.vpcIpRange !== undefined && { ipRange: args.vpcIpRange }) },
      child,
    );
    const tag = new digitalocean.Tag(`${name}-tag`, { name: clusterTag(clusterName) }, child);
    const { domain } = args;
    const wants = {
      wantsCertificate: args.loadBalancer !== undefined,
      protectsZone: args.protectsZone ?? false,
    };
    const parts = domain && createDomain(name, { clusterName, domain }, wants, child);
    this.loadBalancer =
      args.loadBalancer &&
      createLoadBalancer(
        `${name}-load-balancer`,
        args.loadBalancer,
        { name: clusterName, region, vpcId: vpc.id, nodeTag: tag.name, issued: parts?.certificate },
        child,
      );
    const targets = this.loadBalancer
      ? [{ part: "load-balancer", address: this.loadBalancer.ip }]
      : args.reservedAddressSlots.map((part, index) => ({ part, address: this.reservedAddresses[index]! }));
    const records = parts && createRecords(name, domain, parts, targets, child);
    this.domain = {
      zone: parts?.zone?.id,
      certificate: parts?.certificate?.id,
      records: records?.map(({ id }) => id) ?? [],
    };
    const inbound = pulumi
      .all([tag.name, this.loadBalancer?.id])
      .apply(([nodeTag, loadBalancerId]) => inboundRules(args, { nodeTag, loadBalancerId }));
    const firewall = new digitalocean.Firewall(
      `${name}-firewall`,
      {
        name: clusterName,
        tags: [tag.name],
        inboundRules: inbound,
        outboundRules,
      },
      child,
    );
    this.vpc = vpc;
    this.vpcId = vpc.id;
    this.vpcIpRange = vpc.ipRange;
    this.firewallId = firewall.id;
    this.nodeTag = tag.name;
    this.registerOutputs({
      vpcId: this.vpcId,
      nodeTag: this.nodeTag,
      reservedAddresses: this.reservedAddresses,
    });
  }
}

/** What is declared for a name: the domain, the certificate and the records. */
export interface DomainIds {
  readonly zone: pulumi.Output<string> | undefined;
  readonly certificate: pulumi.Output<string> | undefined;
  readonly records: readonly pulumi.Output<string>[];
}

/** The tag by which the nodes of a cluster are found in the account. */
export function clusterTag(clusterName: string): string {
  return `nomad-cluster-${clusterName}`;
}
