import * as nomad from "@pulumi/nomad";
import * as pulumi from "@pulumi/pulumi";
import { ResolvedInputError, rejectProblems } from "../../validation.ts";
import { nomadProvider } from "../../cluster/connection.ts";
import type { ClusterConnection } from "../../cluster/connection.ts";
import { ghostDefaults, ghostJob, ghostProblems, ghostSecrets, ghostUrlProblem } from "./job.ts";
import type { GhostSettings } from "./job.ts";
import { NomadJob } from "../spec/nomad-job.ts";
import { variablePath } from "../spec/variable-path.ts";

export interface GhostArgs extends GhostSettings {
  /** The cluster that runs the blog. */
  connection: pulumi.Input<ClusterConnection>;
  /** Where readers find the blog, `http://` or `https://`. A change restarts Ghost. */
  url: pulumi.Input<string>;
  /** Host volume for posts, images, themes and the SQLite database; Ghost runs only on the node that offers it. */
  contentVolume: string;
}

/**
 * The blog: one instance of Ghost, as a Nomad service job. It is found by its service, and health is its API's answer.
 * A new version, a drain and a lost node take it away for as long as it takes to start, since its content can be
 * mounted only once.
 */
export class Ghost extends pulumi.ComponentResource {
  /** Id of the job in Nomad, which is the name of its service too. */
  readonly jobId: pulumi.Output<string>;

  constructor(name: string, args: GhostArgs, opts?: pulumi.ComponentResourceOptions) {
    const { database, mail, ...others } = args;
    const inputs = {
      ...others,
      ...(database && { database: { ...database, password: pulumi.secret(database.password) } }),
      ...(mail && { mail: { ...mail, password: pulumi.secret(mail.password) } }),
    };
    super("nomad-digitalocean:index:Ghost", name, inputs, opts);
    rejectProblems(this, ghostProblems(args));
    const connection = pulumi.output(args.connection);
    const provider = nomadProvider(this, name, connection);
    const dependsOn: pulumi.Input<pulumi.Resource>[] = [];

    const secrets = ghostSecrets(args);
    if (Object.keys(secrets).length > 0)
      dependsOn.push(
        new nomad.Variable(
          `${name}-variable`,
          { path: variablePath(args.jobId ?? ghostDefaults.jobId), items: pulumi.secret(secrets) },
          { parent: this, provider, dependsOn: opts?.dependsOn ?? [] },
        ),
      );
    const job = pulumi.all([pulumi.unsecret(connection.datacenter), args.url]).apply(([datacenter, url]) => {
      const reason = ghostUrlProblem(url);
      if (reason !== undefined)
        throw new ResolvedInputError("invalid arguments", [{ propertyPath: "url", reason }]);
      return ghostJob({ ...args, datacenter, url });
    });
    this.jobId = new NomadJob(
      name,
      { connection: args.connection, job },
      { parent: this, providers: [provider], dependsOn },
    ).jobId;
    this.registerOutputs({ jobId: this.jobId });
  }
}
