import * as nomad from "@pulumi/nomad";
import * as pulumi from "@pulumi/pulumi";
import { ResolvedInputError, rejectProblems } from "../../validation.ts";
import { nomadProvider } from "../../cluster/connection.ts";
import type { ClusterConnection } from "../../cluster/connection.ts";
import { nginxDefaults, nginxJob } from "./job.ts";
import { nginxProblems } from "./validation.ts";
import { NomadJob } from "../spec/nomad-job.ts";
import { tlsProblem } from "./tls.ts";
import { variablePath } from "../spec/variable-path.ts";

/** What nginx needs to answer to https. */
export interface NginxTls {
  /** PEM: the site's certificate, then those that signed it. */
  certificate: pulumi.Input<string>;
  /** PEM: the certificate's private key, without a passphrase. Secret. */
  privateKey: pulumi.Input<string>;
}

/** How nginx runs. */
export interface NginxSettings {
  /** `system`, one instance on every node, or `service`, `count` instances. Default `system`. A change replaces the job. */
  type?: string;
  /** Instances of type `service`, at most one a node since each takes the node's port. Default 1. */
  count?: number;
  /** Default `nginx:1.30.7`. A change restarts nginx, one node after another. */
  image?: string;
  /** Port on every address of the node. Default 80. A change restarts nginx, one node after another. */
  httpPort?: number;
  /** Port for TLS. Default 443; unused without `tls`. A change restarts nginx, one node after another. */
  httpsPort?: number;
  /**
   * Answer to https, and redirect from http. Default: http only. Kept as a secret in Pulumi's state, in the Nomad Variable
   * `nomad/jobs/JOB` and in the task's secrets directory. A changed certificate is loaded with no restart.
   */
  tls?: NginxTls;
  /** 1 to 100. Default 80. */
  priority?: number;
  /** Id of the job, and name of its Nomad service. Default `nginx`. A change replaces the job. */
  jobId?: string;
  /** Largest request body in MiB; a larger one is answered with 413. Default 64. */
  maxBodySize?: number;
  /** MHz. Default 100. */
  cpu?: number;
  /** MiB. Default 128: 2,000 readers who do not read take 73, and a reload has old and new workers side by side. */
  memory?: number;
  /** HTML shown with status 503 while the upstream does not answer. Default: a plain page that tries again by itself. */
  holdingPage?: string;
}

export interface NginxArgs extends NginxSettings {
  /** The cluster that nginx runs on. */
  connection: pulumi.Input<ClusterConnection>;
  /** Nomad service to which requests go, wherever it runs. Default `ghost`. */
  upstreamService?: string;
}

/** nginx in front of a Nomad service, on the nodes' own addresses: it finds the service wherever Nomad runs it. */
export class Nginx extends pulumi.ComponentResource {
  /** Id of the job in Nomad. */
  readonly jobId: pulumi.Output<string>;

  constructor(name: string, args: NginxArgs, opts?: pulumi.ComponentResourceOptions) {
    const tls = args.tls && { ...args.tls, privateKey: pulumi.secret(args.tls.privateKey) };
    super("nomad-digitalocean:index:Nginx", name, { ...args, ...(tls && { tls }) }, opts);
    rejectProblems(this, nginxProblems(args));
    const connection = pulumi.output(args.connection);
    const provider = nomadProvider(this, name, connection);
    const variable =
      tls &&
      new nomad.Variable(
        `${name}-variable`,
        { path: variablePath(args.jobId ?? nginxDefaults.jobId), items: certificateItems(tls) },
        { parent: this, provider, dependsOn: opts?.dependsOn ?? [] },
      );
    const job = new NomadJob(
      name,
      {
        connection: args.connection,
        job: pulumi
          .unsecret(connection.datacenter)
          .apply((datacenter) => nginxJob({ ...args, datacenter, tls: tls !== undefined })),
      },
      // A task whose variable is missing would wait for ever.
      { parent: this, providers: [provider], dependsOn: variable ?? opts?.dependsOn ?? [] },
    );
    this.jobId = job.jobId;
    this.registerOutputs({ jobId: this.jobId });
  }
}

function certificateItems(tls: NginxTls): pulumi.Output<{ certificate: string; privateKey: string }> {
  return pulumi.secret(
    pulumi.all([tls.certificate, tls.privateKey]).apply(([certificate, privateKey]) => {
      const problem = tlsProblem(certificate, privateKey);
      if (problem !== undefined)
        throw new ResolvedInputError("invalid arguments", [
          { ...problem, propertyPath: `tls.${problem.propertyPath}` },
        ]);
      return { certificate, privateKey };
    }),
  );
}
