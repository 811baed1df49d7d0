import * as pulumi from "@pulumi/pulumi";
import { after } from "../child-options.ts";
import { valueIfKnown } from "../value-if-known.ts";
import { validated } from "../validation.ts";
import { ClusterNetwork } from "../network/cluster-network.ts";
import type { ClusterDroplet } from "../rollout/observe/account-droplets.ts";
import { clusterSlots } from "../nodes/names.ts";
import type { Slot } from "../nodes/names.ts";
import { createSshKeys, keyIdentifiers } from "../nodes/ssh-keys.ts";
import { checkAccount } from "./account-check.ts";
import type { NomadClusterArgs } from "./args.ts";
import { ClusterCertificates } from "./certificates.ts";
import { checkCreations } from "./account/creation-check.ts";
import { findClusterDroplets } from "./account/cluster-droplets.ts";
import { checkNewDroplets, missingForNewDroplets } from "./account/new-droplets.ts";
import { warnOfStrangeDroplets } from "./account/strange-droplets.ts";
import { createNodes, openGates, waitUntilReady } from "./cluster-nodes.ts";
import { apiAddress, connectionInto } from "./connection.ts";
import type { ClusterConnection } from "./connection.ts";
import { nomadRegion } from "./defaults.ts";
import type { ResolvedClusterArgs } from "./defaults.ts";
import { deployTokens } from "./access/tokens.ts";
import { defineNodes } from "./node-definitions.ts";
import type { ClusterNodeInfo, ClusterOutputs } from "./outputs.ts";
import { createSecrets } from "./secrets.ts";
import { validateCluster } from "./validation.ts";
import { createVolumes } from "./volumes.ts";

/**
 * A Nomad cluster on droplets of its own: VPC, firewall, a reserved address a server, TLS for HTTP and RPC, encrypted
 * gossip, and ACLs from the first boot. Fails with every wrong argument together before anything is created.
 *
 * @example
 * ```ts
 * const cluster = new NomadCluster("nomad", { operatorCidrs: ["192.0.2.7/32"] });
 * export const connection = pulumi.secret(cluster.connection);
 * ```
 */
export class NomadCluster extends pulumi.ComponentResource implements ClusterOutputs {
  /** What job components need. The token in it may submit jobs, no more. Known when the cluster is ready. */
  readonly connection!: pulumi.Output<ClusterConnection>;
  /** First part of the names of its droplets and nodes. */
  readonly clusterName!: pulumi.Output<string>;
  /** Names and addresses of the nodes. */
  readonly nodes!: pulumi.Output<ClusterNodeInfo[]>;
  /** URL of Nomad's HTTP API, at the first server's reserved address. */
  readonly address!: pulumi.Output<string>;
  /** PEM of the authority that signed the agents' certificates. */
  readonly caCertificate!: pulumi.Output<string>;
  /** Nomad datacenter of the nodes. */
  readonly datacenter!: pulumi.Output<string>;
  /** Addresses that stay when droplets are replaced, one a server, in the order of their slots. */
  readonly reservedAddresses!: pulumi.Output<string[]>;
  /** Public IPv4 address of the load balancer; undefined without one. */
  readonly loadBalancerAddress!: pulumi.Output<string | undefined>;
  /** Private IPv4 range of the VPC. */
  readonly vpcIpRange!: pulumi.Output<string>;
  /** Secret of the management token, which may do everything. For operators, not for programs. */
  readonly managementToken!: pulumi.Output<string>;
  /** A connection for each of `teams`, by its name, with a token that may do what its jobs need and no more. */
  readonly teamConnections!: pulumi.Output<Record<string, ClusterConnection>>;
  /** Secret that decrypts the snapshots in `snapshotDirectory`. */
  readonly snapshotPassphrase!: pulumi.Output<string>;

  constructor(name: string, args: NomadClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nomad-digitalocean:index:NomadCluster", name, args, opts);
    const { resolved, nameOf } = validated(this, args, (given) => validateCluster(name, given));
    const slots = slotsByRole(resolved);

    const offer = checkAccount(resolved, nameOf, this);
    const listed = offer.apply(({ droplets }) => droplets);
    const child = { parent: this, dependsOn: after(listed, opts?.dependsOn) };
    const { network, droplets } = createNetwork(name, resolved, slots, child, (addresses) =>
      findClusterDroplets({ ...resolved, ...slots }, offer, addresses, nameOf),
    );
    const certificates = issueCertificates(name, resolved, slots, network, child);
    const secrets = createSecrets(name, child);
    const volumes = createVolumes(name, resolved, child);
    const sshKeyIds = createSshKeys(name, resolved, child);
    const declared = {
      vpcId: network.vpcId,
      firewallId: network.firewallId,
      loadBalancerId: network.loadBalancer?.id,
      domain: network.domain,
      volumeIds: volumes.map(({ id }) => id),
      sshKeyIds,
      reservedAddresses: network.reservedAddresses,
    };
    const free = checkCreations(resolved, declared, offer, nameOf, this);
    const missing = offer.apply((given) => missingForNewDroplets(resolved, given, nameOf));
    const parts = { droplets, network, certificates, secrets, volumes, missing };
    const definitions = defineNodes(slots, resolved, parts);
    const gates = openGates(name, this, resolved, definitions, parts);
    const nodes = createNodes(
      name,
      resolved,
      definitions,
      { gates, network, before: [free, ...sshKeyIds] },
      child,
    );
    const checked = pulumi.all([
      checkNewDroplets(
        missing,
        nodes.map(({ nodeName }) => nodeName),
        this,
      ),
      warnOfStrangeDroplets(nodes, droplets, gates.plan, this),
    ]);
    const ready = waitUntilReady(this, resolved, nodes, { gates, ...parts });

    const reservedAddresses = pulumi.all(network.reservedAddresses);
    const address = whenReady(ready, network.reservedAddresses[0]!.apply(apiAddress));
    const addresses = whenReady(ready, apiAddresses(network));
    const { caCertificate } = certificates;
    const datacenter = pulumi.output(resolved.datacenter);
    const managementToken = pulumi.secret(secrets.managementToken);
    const access = { address, addresses, caCertificate, managementToken };
    const tokens = deployTokens(name, resolved, access, this, network.vpc);
    const connectionWith = (token: pulumi.Output<string>) => ({
      ...{ address, addresses, caCertificate, token, datacenter },
    });
    const outputs = {
      connection: connectionInto(network.vpc, pulumi.output(connectionWith(tokens.deploy))),
      teamConnections: pulumi.all(
        Object.fromEntries(
          Object.entries(tokens.teams).map(([team, token]) => [team, pulumi.output(connectionWith(token))]),
        ),
      ),
      clusterName: pulumi.output(resolved.clusterName),
      // So that the run does not end before the check.
      nodes: pulumi.all([pulumi.all(nodes.map(({ info }) => info)), checked]).apply(([infos]) => infos),
      ...{ address, caCertificate, datacenter, reservedAddresses, managementToken },
      loadBalancerAddress: pulumi.output(network.loadBalancer?.ip),
      vpcIpRange: network.vpcIpRange,
      snapshotPassphrase: pulumi.secret(secrets.snapshotPassphrase),
    };
    Object.assign(this, outputs);
    // The plan is for programs that read previews, such as the report.
    this.registerOutputs({ ...outputs, rolloutPlan: gates.plan });
  }
}

/** Slots of a cluster, in their order. */
interface Slots {
  readonly servers: readonly Slot[];
  readonly clients: readonly Slot[];
}

function slotsByRole(args: ResolvedClusterArgs): Slots {
  const slots = clusterSlots(args);
  return { servers: slots.slice(0, args.serverCount), clients: slots.slice(args.serverCount) };
}

function createNetwork(
  name: string,
  args: ResolvedClusterArgs,
  { servers }: Slots,
  opts: pulumi.ComponentResourceOptions,
  findDroplets: (reservedAddresses: readonly pulumi.Output<string>[]) => pulumi.Output<ClusterDroplet[]>,
): { network: ClusterNetwork; droplets: pulumi.Output<ClusterDroplet[]> } {
  const { clusterName, region, vpcIpRange, operatorCidrs, publicPorts, loadBalancer, domain } = args;
  const [droplets, found] = pulumi.deferredOutput<ClusterDroplet[]>();
  const network = new ClusterNetwork(
    `${name}-network`,
    {
      clusterName,
      region,
      ...(vpcIpRange !== undefined && { vpcIpRange }),
      operatorCidrs,
      opensSsh: keyIdentifiers(args).length > 0,
      publicPorts,
      ...(loadBalancer && { loadBalancer }),
      ...(domain && { domain, protectsZone: args.protectVolumes }),
      reservedAddressSlots: [...servers],
    },
    opts,
    (reservedAddresses) => {
      found(findDroplets(reservedAddresses));
      return droplets;
    },
  );
  return { network, droplets };
}

function issueCertificates(
  name: string,
  { clusterName }: ResolvedClusterArgs,
  { servers, clients }: Slots,
  { reservedAddresses }: ClusterNetwork,
  opts: pulumi.ComponentResourceOptions,
): ClusterCertificates {
  return new ClusterCertificates(
    `${name}-certificates`,
    {
      clusterName,
      region: nomadRegion,
      servers: servers.map((slot, index) => ({ slot, address: reservedAddresses[index]! })),
      clients: [...clients],
    },
    opts,
  );
}

/** URLs of the servers' API. In a preview without those of addresses that are to be made, which leave the others known. */
function apiAddresses({ reservedAddresses }: ClusterNetwork): pulumi.Output<string[]> {
  return pulumi
    .all(reservedAddresses.map((address) => valueIfKnown(address.apply(apiAddress))))
    .apply((addresses) => addresses.filter((address) => address !== undefined));
}

/**
 * `value`, but in an update only when the cluster is ready. A preview has nothing to wait for, and jobs can only be
 * previewed if the address is known.
 */
function whenReady<Value>(ready: pulumi.Output<void>, value: pulumi.Output<Value>): pulumi.Output<Value> {
  return pulumi.runtime.isDryRun()
    ? value
    : (pulumi.all([ready, value]).apply(([, known]) => known) as pulumi.Output<Value>);
}
