import * as nomad from "@pulumi/nomad";
import * as pulumi from "@pulumi/pulumi";
import { each, issuesOf, ResolvedInputError, validated } from "../../validation.ts";
import { deletedWithCluster, nomadProvider } from "../../cluster/connection.ts";
import { variablePath } from "../spec/job.ts";
import { NomadJob } from "../spec/nomad-job.ts";
import type { NginxArgs } from "./args.ts";
import { nginxJob, nginxSite } from "./job.ts";
import { validatedTls } from "./tls.ts";
import { checkTrustedProxy, validateNginx } from "./validation.ts";

/**
 * nginx in front of a Nomad service, on the nodes' own addresses: it finds the service wherever Nomad runs it. Fails with
 * every wrong argument together before anything is created.
 *
 * @example
 * ```ts
 * new Nginx("nginx", { connection: cluster.connection, upstreamService: "ghost" });
 * ```
 */
export class Nginx extends pulumi.ComponentResource {
  /** Id of the job in Nomad. */
  readonly jobId: pulumi.Output<string>;

  constructor(name: string, args: NginxArgs, opts?: pulumi.ComponentResourceOptions) {
    const tls = args.tls && { ...args.tls, privateKey: pulumi.secret(args.tls.privateKey) };
    super("nomad-digitalocean:index:Nginx", name, { ...args, ...(tls && { tls }) }, opts);
    const { resolved, nameOf } = validated(this, args, validateNginx);
    const connection = pulumi.output(args.connection);
    const provider = nomadProvider(this, name, connection);
    const withCluster = deletedWithCluster(args.connection, opts);
    const served =
      resolved.servedTls ??
      (tls && validatedTls(tls, { nameOf: (path) => nameOf(`tls.${path}`), component: this }));
    const site = pulumi.output(args.furtherTrustedProxies ?? []).apply((proxies) => {
      const issues = issuesOf(each("furtherTrustedProxies", proxies, checkTrustedProxy));
      if (issues.length > 0) throw new ResolvedInputError("invalid arguments", issues, nameOf);
      return nginxSite(resolved, proxies);
    });
    const variable = new nomad.Variable(
      `${name}-variable`,
      {
        path: variablePath(resolved.jobId),
        items: pulumi.secret(pulumi.all([site, served]).apply(([site, pems]) => ({ ...site, ...pems }))),
      },
      { parent: this, provider, dependsOn: opts?.dependsOn ?? [], ...withCluster },
    );
    const job = new NomadJob(
      name,
      {
        connection: args.connection,
        job: pulumi.unsecret(connection.datacenter).apply((datacenter) => nginxJob(resolved, datacenter)),
      },
      // A task whose variable is missing would wait for ever.
      { parent: this, providers: [provider], dependsOn: variable, ...withCluster },
    );
    this.jobId = job.jobId;
    this.registerOutputs({ jobId: this.jobId });
  }
}
