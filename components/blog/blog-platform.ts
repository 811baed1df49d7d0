import * as pulumi from "@pulumi/pulumi";
import { MackerelAlerts } from "../alerts/mackerel-alerts.ts";
import { quietRollouts } from "../alerts/quiet-rollouts.ts";
import { validateMackerelAlerts } from "../alerts/validation.ts";
import { after } from "../child-options.ts";
import { handDown, validated } from "../validation.ts";
import type { ArgumentNames } from "../validation.ts";
import { nomadProvider } from "../cluster/connection.ts";
import type { ClusterConnection } from "../cluster/connection.ts";
import { NomadCluster } from "../cluster/nomad-cluster.ts";
import type { ClusterNodeInfo, ClusterOutputs } from "../cluster/outputs.ts";
import { Ghost } from "../jobs/ghost/ghost.ts";
import { retireHosts } from "../jobs/monitoring/retire-hosts.ts";
import { SystemMonitoringAgent } from "../jobs/monitoring/system-monitoring-agent.ts";
import { Nginx } from "../jobs/nginx/nginx.ts";
import { validatedTls } from "../jobs/nginx/tls.ts";
import { blogAlerts } from "./alerts.ts";
import type { BlogPlatformArgs } from "./args.ts";
import { blogWithDefaults, contentVolume } from "./defaults.ts";
import { blogUrl, httpsHost } from "./url.ts";
import { clusterNames, ghostName, validateBlog } from "./validation.ts";

/**
 * A blog on a Nomad cluster of its own: Ghost on the node that has its volume, nginx in front of it on every node, and a
 * monitoring agent on every node. Fails with every wrong argument together before anything is created.
 *
 * @example
 * ```ts
 * new BlogPlatform("blog", {
 *   cluster: { operatorCidrs: ["192.0.2.7/32"] },
 *   monitoring: {
 *     agent: mackerelAgent({ roles: ["blog:nomad-cluster"] }),
 *     apiKey: config.requireSecret("mackerelApiKey"),
 *   },
 * });
 * ```
 */
export class BlogPlatform extends pulumi.ComponentResource implements ClusterOutputs {
  /** Where readers find the blog. */
  readonly url!: pulumi.Output<string>;
  /** URL of the load balancer, or one a reserved address: each answers for the blog. */
  readonly addresses!: pulumi.Output<string[]>;
  /** What further job components need. The token in it may submit jobs, no more. Known when the cluster is ready. */
  readonly connection!: pulumi.Output<ClusterConnection>;
  /** A connection for each of the cluster's `teams`, by its name. Its token may do what the team's jobs need, no more. */
  readonly teamConnections!: pulumi.Output<Record<string, ClusterConnection>>;
  /** Names and addresses of the nodes. */
  readonly nodes!: pulumi.Output<ClusterNodeInfo[]>;
  /** URL of Nomad's HTTP API. */
  readonly nomadAddress!: pulumi.Output<string>;
  /** PEM of the authority that signed the API's certificate. */
  readonly caCertificate!: pulumi.Output<string>;
  /** Nomad datacenter of the nodes. */
  readonly datacenter!: pulumi.Output<string>;
  /** Secret of the management token, which may do everything. For operators, not for programs. */
  readonly managementToken!: pulumi.Output<string>;
  /** Secret that decrypts the snapshots in `snapshotDirectory`. */
  readonly snapshotPassphrase!: pulumi.Output<string>;
  /** Secret password that Ghost's owner was made with; undefined without `ghostOwner`. */
  readonly ghostOwnerPassword!: pulumi.Output<string | undefined>;

  constructor(name: string, args: BlogPlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nomad-digitalocean:index:BlogPlatform", name, {}, opts);
    const { resolved, nameOf } = validated(this, args, (all) => validateBlog(name, all));
    const complete = blogWithDefaults(args);
    const { ghost, nginx, agent } = resolved;
    const part =
      (path: string): ArgumentNames =>
      (propertyPath) =>
        nameOf(`${path}.${propertyPath}`);
    const servedTls =
      nginx.tls &&
      validatedTls(nginx.tls, {
        nameOf: part("nginx.tls"),
        component: this,
        hostName: httpsHost(blogUrl(complete)),
      });

    const nameInBlog = clusterNames(complete);
    const cluster = new NomadCluster(
      `${name}-cluster`,
      handDown(resolved.cluster.args, resolved.cluster.resolved, (path) => nameOf(nameInBlog(path))),
      { parent: this, dependsOn: after(servedTls && pulumi.unsecret(servedTls), opts?.dependsOn) },
    );
    const { connection } = cluster;
    const addresses = complete.loadBalancer
      ? cluster.loadBalancerAddress.apply((address) => [`http://${address}`])
      : cluster.reservedAddresses.apply((known) =>
          known.map((address) =>
            nginx.httpPort === 80 ? `http://${address}` : `http://${address}:${nginx.httpPort}`,
          ),
        );
    const named = blogUrl(complete);
    const url = named === undefined ? addresses.apply(([first]) => first!) : pulumi.output(named);

    const child = { parent: this, providers: [nomadProvider(this, name, pulumi.output(connection))] };
    const monitoringAgent = new SystemMonitoringAgent(
      `${name}-${agent.resolved.agent.name}`,
      handDown({ connection, ...agent.args }, agent.resolved, part("monitoring")),
      child,
    );
    const alerts = blogAlerts(complete.monitoring, url);
    if (alerts) {
      const declared = new MackerelAlerts(
        `${name}-alerts`,
        handDown(alerts, validateMackerelAlerts(alerts).resolved, part("monitoring.alerts")),
        // The agents make the roles that its monitors name.
        { parent: this, dependsOn: after(monitoringAgent.jobId) },
      );
      quietRollouts({ cluster, alerts: declared });
    }
    if (resolved.retireHosts && agent.args.apiKey !== undefined)
      retireHosts({ cluster, agent: agent.resolved.agent, apiKey: agent.args.apiKey });
    const owner = complete.ghostOwner && { owner: complete.ghostOwner };
    const backups = complete.backups && { backups: complete.backups };
    const { ownerPassword: ghostOwnerPassword } = new Ghost(
      `${name}-ghost`,
      handDown({ connection, url, contentVolume, ...complete.ghost, ...owner, ...backups }, ghost, (path) =>
        nameOf(ghostName(path)),
      ),
      child,
    );
    const upstreamService = ghost.jobId;
    new Nginx(
      `${name}-nginx`,
      handDown(
        {
          ...{ connection, upstreamService, ...complete.nginx },
          // The firewall lets nobody of the VPC to nginx but the load balancer, whose private address the API does not tell.
          ...(complete.loadBalancer && {
            furtherTrustedProxies: cluster.vpcIpRange.apply((range) => [range]),
          }),
        },
        { ...nginx, upstreamService, ...(servedTls && { servedTls }) },
        part("nginx"),
      ),
      child,
    );

    const { nodes, caCertificate, datacenter, managementToken, snapshotPassphrase, teamConnections } =
      cluster;
    const outputs = {
      ...{ url, addresses, connection, nodes, nomadAddress: cluster.address },
      ...{ caCertificate, datacenter, managementToken, snapshotPassphrase, ghostOwnerPassword },
      teamConnections,
    };
    Object.assign(this, outputs);
    this.registerOutputs(outputs);
  }
}
