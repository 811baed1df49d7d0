import * as pulumi from "@pulumi/pulumi";
import { ResolvedInputError, rejectProblems } from "../validation.ts";
import { blogClusterArgs, blogPlatformProblems, contentVolume } from "./args.ts";
import type { BlogPlatformArgs } from "./args.ts";
import { nomadProvider } from "../cluster/connection.ts";
import type { ClusterConnection } from "../cluster/connection.ts";
import { NomadCluster } from "../cluster/nomad-cluster.ts";
import type { ClusterNodeInfo } from "../cluster/nomad-cluster.ts";
import { ghostDefaults } from "../jobs/ghost/job.ts";
import { Ghost } from "../jobs/ghost/ghost.ts";
import { nginxPorts } from "../jobs/nginx/job.ts";
import { Nginx } from "../jobs/nginx/nginx.ts";
import type { NginxTls } from "../jobs/nginx/nginx.ts";
import { retireHosts } from "../jobs/monitoring/retire-hosts.ts";
import { SystemMonitoringAgent } from "../jobs/monitoring/system-monitoring-agent.ts";
import { tlsProblem } from "../jobs/nginx/tls.ts";

/**
 * A blog on a Nomad cluster of its own: Ghost on the node that has its volume, nginx in front of it on every node, and a
 * monitoring agent on every node. Fails with every wrong argument together before anything is created.
 */
export class BlogPlatform extends pulumi.ComponentResource {
  /** Where readers find the blog. */
  readonly url: pulumi.Output<string>;
  /** One URL a reserved address, each of which answers for the blog. */
  readonly addresses: pulumi.Output<string[]>;
  /** What further job components need. The token in it may submit jobs, no more. Known when the cluster is ready. */
  readonly connection: pulumi.Output<ClusterConnection>;
  /** Names and addresses of the nodes. */
  readonly nodes: pulumi.Output<ClusterNodeInfo[]>;
  /** URL of Nomad's HTTP API. */
  readonly nomadAddress: pulumi.Output<string>;
  /** PEM of the authority that signed the API's certificate. */
  readonly caCertificate: pulumi.Output<string>;
  /** Nomad datacenter of the nodes. */
  readonly datacenter: pulumi.Output<string>;
  /** Secret of the management token, which may do everything. For operators, not for programs. */
  readonly managementToken: pulumi.Output<string>;
  /** Secret that decrypts the snapshots in `snapshotDirectory`. */
  readonly snapshotPassphrase: pulumi.Output<string>;

  constructor(name: string, args: BlogPlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    const { ghost = {}, nginx = {}, monitoring } = args;
    const { retireHosts: retiresHosts = true, ...agent } = monitoring;
    super("nomad-digitalocean:index:BlogPlatform", name, {}, opts);
    rejectProblems(this, blogPlatformProblems(`${name}-cluster`, args));

    const cluster = new NomadCluster(`${name}-cluster`, blogClusterArgs(args), {
      parent: this,
      dependsOn: pulumi
        .all([checkedTls(nginx.tls), pulumi.output(opts?.dependsOn)])
        .apply((): pulumi.Resource[] => []),
    });
    const { connection, reservedAddresses } = cluster;
    this.connection = connection;
    this.nodes = cluster.nodes;
    this.nomadAddress = cluster.address;
    this.caCertificate = cluster.caCertificate;
    this.datacenter = cluster.datacenter;
    this.managementToken = cluster.managementToken;
    this.snapshotPassphrase = cluster.snapshotPassphrase;
    const [httpPort = 80] = nginxPorts(nginx);
    this.addresses = reservedAddresses.apply((known) =>
      known.map((address) => (httpPort === 80 ? `http://${address}` : `http://${address}:${httpPort}`)),
    );
    this.url = args.url === undefined ? this.addresses.apply(([first]) => first!) : pulumi.output(args.url);

    const child = { parent: this, providers: [nomadProvider(this, name, pulumi.output(connection))] };
    new SystemMonitoringAgent(`${name}-${monitoring.agent.name}`, { connection, ...agent }, child);
    if (retiresHosts && agent.apiKey !== undefined)
      retireHosts({ cluster, agent: agent.agent, apiKey: agent.apiKey });
    new Ghost(`${name}-ghost`, { connection, url: this.url, contentVolume, ...ghost }, child);
    new Nginx(
      `${name}-nginx`,
      { connection, upstreamService: ghost.jobId ?? ghostDefaults.jobId, ...nginx },
      child,
    );
    this.registerOutputs({
      url: this.url,
      addresses: this.addresses,
      connection,
      nodes: this.nodes,
      nomadAddress: this.nomadAddress,
      caCertificate: this.caCertificate,
      datacenter: this.datacenter,
      managementToken: this.managementToken,
      snapshotPassphrase: this.snapshotPassphrase,
    });
  }
}

/** Rejects a certificate that nginx could not serve; whatever waits for it is not created then. */
function checkedTls(tls: NginxTls | undefined): pulumi.Output<void> {
  if (tls === undefined) return pulumi.output(undefined);
  return pulumi.unsecret(pulumi.all([tls.certificate, tls.privateKey])).apply(([certificate, privateKey]) => {
    const problem = tlsProblem(certificate, privateKey);
    if (problem !== undefined)
      throw new ResolvedInputError("invalid arguments", [
        { ...problem, propertyPath: `nginx.tls.${problem.propertyPath}` },
      ]);
  });
}
