import * as nomad from "@pulumi/nomad";
import * as pulumi from "@pulumi/pulumi";
import { deletedWithCluster, nomadProvider } from "../../cluster/connection.ts";
import type { ClusterConnection } from "../../cluster/connection.ts";
import { NomadClient } from "../../clients/nomad/client.ts";
import { chooseAddress } from "../../cluster/access/answering-address.ts";
import type { Duration } from "../../duration.ts";
import { errorMessage } from "../../error-message.ts";
import type { ApiJob } from "./api-job.ts";
import { placedNodes } from "./placement.ts";
import { jobResourceName } from "./registered-job.ts";
import { restoredJob } from "./restored-job.ts";
import { rolloutMinutes } from "./update.ts";

export interface NomadJobArgs {
  /** The cluster that runs the job. */
  connection: pulumi.Input<ClusterConnection>;
  /**
   * The job, rendered by `systemJob` or `serviceJob`. A change of its id, namespace or type purges the job and runs
   * the new one; any other change is a new version, which Nomad rolls out.
   */
  job: pulumi.Input<ApiJob>;
  /**
   * Longest wait of an update for a new version to run, for example `"2h"`. A change restarts nothing.
   * @default - as long as Nomad may take: of every step's `HealthyDeadline` and a minute, and the `ProgressDeadline`. There are as
   *   many steps as `MaxParallel` goes into the number of allocations, and one more with canaries; of a system job, for
   *   whose nodes Nomad is asked, one if it does not say
   */
  timeout?: Duration;
}

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
        ...rolloutTimeout(args.timeout, pulumi.output(args.connection), job),
      },
    );
    this.jobId = submitted.name;
    this.registerOutputs({ jobId: this.jobId });
  }
}

/**
 * Options of the job's resource that say how long the provider waits. A timeout is no Output, and the number of nodes is known
 * only once Nomad has been asked, which a transform can wait for.
 */
function rolloutTimeout(
  given: Duration | undefined,
  connection: pulumi.Output<pulumi.Unwrap<ClusterConnection>>,
  job: pulumi.Output<ApiJob>,
): Pick<pulumi.CustomResourceOptions, "customTimeouts" | "transforms"> {
  if (given !== undefined) return { customTimeouts: { create: given, update: given } };
  // A preview waits for nothing.
  if (pulumi.runtime.isDryRun()) return {};
  return {
    transforms: [
      async ({ props, opts }) => {
        // What the resource is made of is known by now.
        const minutes = await new Promise<number>((resolve) => {
          pulumi
            .all([pulumi.unsecret(connection), job])
            .apply(async ([access, known]) => rolloutMinutes(known, await nodeCount(access, known)))
            .apply(resolve);
        });
        const timeout = `${minutes}m`;
        return { props, opts: { ...opts, customTimeouts: { create: timeout, update: timeout } } };
      },
    ],
  };
}

/** Longest wait for an answer, in milliseconds. */
const answerTimeout = 5_000;

/** Nodes that a system job is for; 1 if Nomad does not say, and of other jobs. */
async function nodeCount(
  { token, caCertificate, address, addresses }: pulumi.Unwrap<ClusterConnection>,
  { Type, Datacenters, NodePool }: ApiJob,
): Promise<number> {
  if (Type !== "system") return 1;
  try {
    const answering = await chooseAddress({ address, addresses, caCertificate });
    const access = { address: answering, caCertificate, token, timeout: answerTimeout };
    const nodes = await new NomadClient(access).nodeOffers();
    return placedNodes(nodes, { datacenters: Datacenters, nodePool: NodePool }).length;
  } catch (error) {
    await pulumi.log.debug(`how many nodes run the job is not known: ${errorMessage(error)}`);
    return 1;
  }
}
