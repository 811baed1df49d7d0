import * as nomad from "@pulumi/nomad";
import * as pulumi from "@pulumi/pulumi";
import { deletedWithCluster, nomadProvider } from "../../cluster/connection.ts";
import type { ClusterConnection } from "../../cluster/connection.ts";
import type { ApiJob } from "./api-job.ts";
import { jobResourceName } from "./registered-job.ts";
import { restoredJob } from "./restored-job.ts";

export interface NomadJobArgs {
  /** The cluster that runs the job. */
  connection: pulumi.Input<ClusterConnection>;
  /**
   * The job, rendered by `systemJob` or `serviceJob`. A change of its id, namespace or type purges the job and runs
   * the new one; any other change is a new version, which Nomad rolls out.
   */
  job: pulumi.Input<ApiJob>;
}

/** Above Nomad's progress deadline, so that it is Nomad that says why a rollout failed. */
const timeout = "15m";

/**
 * A job on a Nomad cluster. An update ends when the new version is healthy, and fails with Nomad's reason when it is
 * not; removing it stops and purges the job. A job that was stopped, purged, scaled or registered outside of the stack
 * runs as declared again after the next update, and the preview says so. Destroyed with its cluster it is not stopped first,
 * so Nomad need not answer: in a program that declares the cluster too, or with the option `deletedWith`.
 *
 * @example
 * ```ts
 * const web = taskGroup({ tasks: { web: { image: "nginx:1.30.7", resources: { cpu: 100, memory: 64 } } } });
 * new NomadJob("web", {
 *   connection: cluster.connection,
 *   job: systemJob({ id: "web", datacenters: ["sgp1"], groups: { web } }),
 * });
 * ```
 */
export class NomadJob extends pulumi.ComponentResource {
  /** Id of the job in Nomad. */
  readonly jobId: pulumi.Output<string>;

  constructor(name: string, args: NomadJobArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nomad-digitalocean:index:NomadJob", name, args, opts);
    const job = pulumi.output(args.job);
    const restored = restoredJob(this, name, args.connection);
    const submitted = new nomad.Job(
      jobResourceName(name),
      {
        jobspec: pulumi.jsonStringify(pulumi.output({ Job: job })),
        json: true,
        detach: false,
        purgeOnDestroy: true,
        // No setting of a job in JSON, so only the provider sees a change of it.
        hcl2: restored.apply(({ marks }) => (Object.keys(marks).length === 0 ? undefined : { vars: marks })),
      },
      {
        parent: this,
        provider: nomadProvider(this, name, pulumi.output(args.connection)),
        dependsOn: opts?.dependsOn ?? [],
        ...deletedWithCluster(args.connection, opts),
        // Nomad refuses to change the type of a job, so the old one is purged first.
        replacementTrigger: pulumi
          .all([job.Type, restored])
          .apply(([type, { rerun }]) => (rerun === undefined ? type : `${type}, run again after ${rerun}`)),
        deleteBeforeReplace: true,
        customTimeouts: { create: timeout, update: timeout },
      },
    );
    this.jobId = submitted.name;
    this.registerOutputs({ jobId: this.jobId });
  }
}
